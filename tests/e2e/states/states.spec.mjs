import { expect, panel, settled, test, tile } from '../support/test.mjs';

test('shows skeletons of the final geometry while it loads', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=slow`);
  await expect(page.locator('.tiles .bone').first()).toBeVisible();
  const heights = () => page.locator('.tiles, .panel').evaluateAll((parts) => parts.map((part) => part.clientHeight));
  const before = await heights();
  await settled(page);
  const after = await heights();
  expect(before).toHaveLength(4);
  expect(Math.max(...after.map((height, index) => Math.abs(height - (before[index] ?? 0))))).toBeLessThanOrEqual(4);
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

test('the comparison is a choice in the address', async ({ page, standIn }) => {
  await page.goto(standIn.url);
  await settled(page);
  const regions = panel(page, 'Pipeline by Region');
  await expect(page).toHaveTitle(/^[\d,]+( [\u25b2\u25bc] [\d.]+%)? · Overview · RevOps$/);
  await page.getByRole('button', { name: 'vs 7 days ago' }).click();
  const menu = page.getByRole('group', { name: 'Compare with' });
  await expect(menu.getByRole('radio', { name: /A year ago not stored/ })).toBeVisible();
  await menu.getByRole('radio', { name: 'No comparison' }).check();
  await expect(page).toHaveURL(/\?compare=off$/);
  await expect(regions.getByRole('columnheader', { name: /^vs/ })).toHaveCount(0);
  await expect(page).toHaveTitle(/^[\d,]+ · Overview · RevOps$/);
  await menu.getByRole('radio', { name: /^Previous snapshot/ }).check();
  await expect(page).toHaveURL(/\?compare=prev$/);
  await expect(regions.getByRole('columnheader', { name: /^vs/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\?compare=off$/);
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\/$/);
  await page.goto(`${standIn.url}/?compare=year`);
  await expect(tile(page, 'Open pipeline')).toContainText('No snapshot of these rows from a year ago is stored yet.');
});

test('a pinned snapshot draws no line beyond itself', async ({ page, standIn }) => {
  const { data } = await (await fetch(`${standIn.url}/api/snapshots`)).json();
  const points = async () => (await page.locator('.tile-lead .sparkline polyline').getAttribute('points'))?.split(' ').length;
  await page.goto(`${standIn.url}/?asof=${data[10].id}`);
  await settled(page);
  expect(await points()).toBe(data.length - 10);
});

test('a live tile without rows says so', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=live-error`);
  await expect(tile(page, 'Last 30 days')).toContainText('Could not load');
  await expect(tile(page, 'Last 30 days').locator('.bone')).toHaveCount(0);
});

test('a refresh that cannot start says so on the page that shows refreshes', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/data`);
  await expect(panel(page, 'Source')).toBeVisible();
  await page.route('**/api/refresh', (route) => route.abort());
  await panel(page, 'Refresh').getByRole('button', { name: 'Refresh now' }).click();
  await expect(panel(page, 'Refresh').getByRole('alert')).toContainText('Refresh could not start. The server cannot be reached.');
  await expect(page.getByRole('region', { name: 'Refresh progress' })).toHaveCount(0);
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

test('settings that the browser does not take leave the numbers readable', async ({ page, standIn }) => {
  await page.route('**/api/metrics', async (route) => {
    const answer = await (await route.fetch()).json();
    Object.assign(answer.definitions, { locale: 'en_GB', currency: 'XYZW', zone: 'Mars/Olympus' });
    await route.fulfill({ json: answer });
  });
  await page.goto(standIn.url);
  await settled(page);
  await expect(tile(page, 'Open pipeline').locator('.tile-value')).toHaveText(/^[\d.]+[KMBT]?$/);
  await expect(page.getByText('no currency set')).toBeVisible();
});

test.describe('a fault of the page', () => {
  test.use({ allowedErrors: /live_poll_seconds|Failed to load resource/ });

  test('what breaks outside the pages is told as well', async ({ page, standIn }) => {
    await page.route('**/api/metrics', async (route) => {
      const answer = await (await route.fetch()).json();
      delete answer.deployment;
      await route.fulfill({ json: answer });
    });
    await page.goto(standIn.url);
    await expect(page.getByText('This page broke. Your filters are kept.')).toBeVisible();
  });
});
