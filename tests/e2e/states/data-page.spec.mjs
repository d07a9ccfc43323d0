import { expect, panel, test } from '../support/test.mjs';

test('the history says that it could not be loaded, and tries again', async ({ page, standIn }) => {
  await page.route('**/api/snapshots*', (route) => route.abort());
  await page.goto(`${standIn.url}/data`);
  const history = panel(page, 'Snapshot history');
  await expect(history.getByRole('alert')).toContainText('Could not load snapshot history');
  await expect(panel(page, 'Ledger')).toBeVisible();
  await expect(panel(page, 'Source')).toBeVisible();
  await page.unroute('**/api/snapshots*');
  await history.getByRole('button', { name: 'Retry' }).click();
  await expect(history.getByRole('table')).toBeVisible();
});

test('the history shows its geometry while it loads', async ({ page, standIn }) => {
  let release = () => {};
  const held = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  await page.route('**/api/snapshots*', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${standIn.url}/data`);
  const history = panel(page, 'Snapshot history');
  await expect(history.locator('.bone').first()).toBeVisible();
  await expect(panel(page, 'Source')).toBeVisible();
  release();
  await expect(history.getByRole('table')).toBeVisible();
  await expect(history.locator('.bone')).toHaveCount(0);
});

test('without a snapshot the data page says what to do', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/data?mock=empty`);
  await expect(page.getByText('No snapshot has been made yet')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Refresh/ }).first()).toBeVisible();
});

test('without the summary the data page says so and tries again', async ({ page, standIn }) => {
  await page.route('**/api/summary*', (route) => route.abort());
  await page.goto(`${standIn.url}/data`);
  await expect(page.getByRole('alert').first()).toBeVisible({ timeout: 20_000 });
  await page.unroute('**/api/summary*');
  await page.getByRole('button', { name: 'Retry' }).first().click();
  await expect(panel(page, 'Ledger')).toBeVisible();
});
