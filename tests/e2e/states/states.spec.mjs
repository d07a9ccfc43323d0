import { expect, panel, settled, test, tile } from '../support/test.mjs';

test('shows skeletons of the final geometry while it loads', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=slow`);
  await expect(page.locator('.tiles .bone').first()).toBeVisible();
  const before = await page.locator('.tiles').boundingBox();
  await settled(page);
  const after = await page.locator('.tiles').boundingBox();
  expect(Math.abs((before?.height ?? 0) - (after?.height ?? 0))).toBeLessThanOrEqual(2);
});

test('says what to do when no snapshot exists yet', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=empty`);
  await expect(page.getByText('No snapshot has been made yet')).toBeVisible();
  await expect(panel(page, 'No numbers yet').getByRole('button', { name: 'Refresh Data' })).toBeVisible();
  await expect(panel(page, 'Last Month Sales').locator('tbody tr').first()).toBeVisible();
});

test('an error is told where it happened, with a retry and the request id', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=region-error`);
  const region = panel(page, 'Pipeline by Region');
  await expect(region.getByRole('alert')).toContainText('Could not load regions', { timeout: 20_000 });
  await region.getByText('Details').click();
  await expect(region).toContainText('req-7f3a91c2');
  await expect(region.getByRole('button', { name: 'Retry' })).toBeVisible();
  await expect(panel(page, 'Pipeline by Product').getByRole('table')).toBeVisible();
});

test('keeps old numbers when an update fails', async ({ page, standIn }) => {
  await page.goto(standIn.url);
  await settled(page);
  await page.route('**/api/summary*', (route) => route.abort());
  await page.getByRole('button', { name: 'Refresh Data' }).click();
  await expect(page.getByRole('alert').first()).toContainText(/Could not update the numbers. Showing data from/, { timeout: 20_000 });
  await expect(panel(page, 'Pipeline by Region').getByRole('table')).toBeVisible();
  await page.unroute('**/api/summary*');
  await page.getByRole('button', { name: 'Retry' }).first().click();
  await expect(page.getByText('Could not update the numbers')).toHaveCount(0);
});

test('live trouble leaves the snapshot alone', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=live-error`);
  await expect(panel(page, 'Last Month Sales').getByRole('alert')).toContainText('The warehouse did not answer in time.', { timeout: 20_000 });
  await expect(panel(page, 'Last Month Sales')).toContainText('Reconnecting');
  await expect(tile(page, 'Open pipeline').locator('.tile-value')).toBeVisible();
});

test('says that an earlier snapshot is shown', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=degraded`);
  await expect(page.getByText('an earlier one is shown')).toBeVisible();
});

test('compares with the snapshot of seven days ago', async ({ page, standIn }) => {
  await page.goto(standIn.url);
  await settled(page);
  await expect(tile(page, 'Open pipeline').locator('.delta')).toContainText(/^[+\u2212][\d.]+% vs \d+ \w+|no change vs/);
  await expect(tile(page, 'Open pipeline').locator('.sparkline')).toBeVisible();
  await panel(page, 'Pipeline by Region').getByRole('button', { name: 'Filter by North' }).click();
  await expect(tile(page, 'Open pipeline').locator('.sparkline')).toHaveCount(0);
});

test('a refresh shows its steps and can be cancelled', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=slow-job`);
  await settled(page);
  await page.getByRole('button', { name: 'Refresh Data' }).click();
  const job = page.getByRole('region', { name: 'Refresh progress' });
  await expect(job.getByRole('progressbar')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Refreshing \d+%/ })).toBeVisible();
  await job.getByRole('button', { name: 'Cancel' }).click();
  await expect(job).toContainText('Refresh cancelled');
});

test('new rows wait behind a pill while the reader is elsewhere in the table', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=fast&sort=-amount`);
  await settled(page);
  await standIn.insertSale();
  const pill = page.getByRole('button', { name: /new sales? – show/ });
  await expect(pill).toBeVisible();
  await pill.click();
  await expect(panel(page, 'Last Month Sales')).toContainText('NewClient');
});

test('polls the job where there is no event stream', async ({ page, standIn }) => {
  await page.route('**/api/events', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto(`${standIn.url}/data`);
  await expect(panel(page, 'Refresh')).toBeVisible();
  await panel(page, 'Refresh').getByRole('button', { name: 'Refresh now' }).click();
  await expect(page.getByRole('status')).toContainText(/Updated just now|Checked just now/, { timeout: 20_000 });
});
