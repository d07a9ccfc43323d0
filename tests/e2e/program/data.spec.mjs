import { expect, panel, test } from '../support/test.mjs';

test('shows both clocks, the identity of the snapshot and the ledger', async ({ page, sample, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { meta } = await (await fetch(`${sample.url}/api/summary`)).json();
  await page.goto(`${sample.url}/data`);
  const source = panel(page, 'Source');
  await expect(source.getByText('Data as of')).toBeVisible();
  await expect(source.getByText('Computed at')).toBeVisible();
  await expect(source).toContainText(meta.snapshot_id);
  await source.getByRole('button', { name: 'Copy content hash' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(meta.content_hash);
  await expect(panel(page, 'Ledger')).toContainText('8 of 8 rows are in the numbers, 0 are left out.');
  await panel(page, 'Ledger').getByRole('button', { name: 'Show all 14 checks' }).click();
  await expect(panel(page, 'Ledger').locator('tbody tr')).toHaveCount(14);
  await expect(panel(page, 'Metrics')).toContainText('Win rate');
  await expect(panel(page, 'Metrics')).toContainText('where a status says plain Closed, the outcome is not recorded');
});

test('shows a refresh with its steps, then the new snapshot in the history', async ({ page, own }) => {
  await page.goto(`${own.url}/data`);
  const history = panel(page, 'Snapshot history');
  await expect(history.locator('tbody tr')).toHaveCount(1);
  await own.insertSale();
  await panel(page, 'Refresh').getByRole('button', { name: 'Refresh now' }).click();
  await expect(history.locator('tbody tr')).toHaveCount(2, { timeout: 30_000 });
  await expect(panel(page, 'Refresh')).toContainText(/Finished/);
  await expect(panel(page, 'Refresh').getByRole('listitem')).toHaveCount(5);
  await history.getByRole('button', { name: /^Show the snapshot/ }).click();
  await expect(page).toHaveURL(/asof=/);
});
