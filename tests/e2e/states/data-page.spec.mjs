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

test('the receipt lists a week of days, and all of them when asked', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/data?mock=snowflake`);
  const receipt = panel(page, 'Cost receipt');
  await expect(receipt.locator('tbody tr')).toHaveCount(7);
  await receipt.getByRole('button', { name: 'Show all (31)' }).click();
  await expect(receipt.locator('tbody tr')).toHaveCount(31);
  await expect(receipt.locator('tfoot')).toContainText('31 days');
});

test('the receipt says that it could not be loaded, and tries again', async ({ page, standIn }) => {
  await page.route('**/api/receipt', (route) => route.abort());
  await page.goto(`${standIn.url}/data?mock=snowflake`);
  const receipt = panel(page, 'Cost receipt');
  await expect(receipt.getByRole('alert')).toContainText('Could not load the cost receipt');
  await page.unroute('**/api/receipt');
  await receipt.getByRole('button', { name: 'Retry' }).click();
  await expect(receipt.getByRole('table')).toBeVisible();
});

test('the receipt says when nothing was asked yet', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/data?mock=snowflake-new`);
  await expect(panel(page, 'Cost receipt')).toContainText('Nothing was asked yet');
});

test('the receipt fits a phone: four figures a day', async ({ page, standIn }) => {
  await page.setViewportSize({ width: 320, height: 740 });
  await page.goto(`${standIn.url}/data?mock=snowflake`);
  const receipt = panel(page, 'Cost receipt');
  await expect(receipt.locator('thead th:visible')).toHaveText(['Day (UTC)', 'Statements', 'Avoided', 'Execution']);
  expect(await receipt.locator('.dscroll').evaluate((table) => table.scrollWidth - table.clientWidth)).toBe(0);
});
