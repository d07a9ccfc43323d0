import { expect, panel, rowsOf, settled, test, tile } from '../support/test.mjs';

test('shows the numbers of the eight rows', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  await expect(page).toHaveTitle('162,000 · Overview · RevOps');
  await expect(tile(page, 'Open pipeline').locator('.tile-value')).toHaveText('162K');
  await expect(tile(page, 'Open pipeline').locator('.tile-value')).toHaveAttribute('title', '162,000.00');
  await expect(tile(page, 'Open deals').locator('.tile-value')).toHaveText('3');
  await expect(tile(page, 'Average deal').locator('.tile-value')).toHaveText('54K');
  await expect(tile(page, 'Closed, outcome not recorded').locator('.tile-value')).toHaveText('328K');
  await expect(tile(page, 'Last 30 days')).toContainText('490K');
  await expect(tile(page, 'Last 30 days')).toContainText('8 deals');
});

test('lists regions and products, largest total first', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  const regions = panel(page, 'Pipeline by Region').getByRole('table');
  expect(await rowsOf(regions)).toEqual([
    ['North', '75,000', '245,000', '320,000', '3'],
    ['South', '87,000', '0', '87,000', '2'],
    ['West', '0', '53,000', '53,000', '2'],
    ['East', '0', '30,000', '30,000', '1'],
  ]);
  await expect(regions.locator('tfoot')).toContainText('490,000');
  const products = panel(page, 'Pipeline by Product').getByRole('table');
  expect((await rowsOf(products)).map(([name, , , total]) => [name, total])).toEqual([
    ['Sage Intacct', '320,000'], ['Sage Payroll', '87,000'], ['Sage HR', '61,000'], ['Sage 50', '22,000'],
  ]);
  await expect(panel(page, 'Pipeline by Region')).toContainText('North leads with 65% of the total.');
});

test('lists the sales of the last month, newest first', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  const live = panel(page, 'Last Month Sales');
  const rows = await rowsOf(live.getByRole('table'));
  expect(rows.map(([, customer]) => customer)).toEqual([
    'RetailCo', 'BigEnterprise', 'ServiceInc', 'SmallBiz', 'Startup', 'MidCorp', 'Acme Corp', 'TechStart',
  ]);
  expect(rows[0].slice(1)).toEqual(['RetailCo', 'South', 'Sage Payroll', 'Proposal', 'Open', '42,000']);
  await expect(live).toContainText(/records dated .+ – .+, today included/);
  await expect(live).toContainText(/LIVE · /);
});

test('sorts by a column and keeps it in the address', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  const live = panel(page, 'Last Month Sales');
  await live.getByRole('button', { name: 'Amount' }).click();
  await expect(page).toHaveURL(/sort=-amount/);
  await expect(live.getByRole('columnheader', { name: 'Amount' })).toHaveAttribute('aria-sort', 'descending');
  expect((await rowsOf(live.getByRole('table')))[0]).toContain('150,000');
  await live.getByRole('button', { name: 'Amount' }).click();
  await page.reload();
  await settled(page);
  expect((await rowsOf(live.getByRole('table')))[0]).toContain('22,000');
});

test('explains a figure behind its "?"', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  await page.getByRole('button', { name: 'About Closed, outcome not recorded' }).click();
  const about = page.getByRole('group', { name: 'About Closed, outcome not recorded' });
  await expect(about).toContainText('neither revenue nor bookings');
  await expect(about).toContainText('Measured');
  await page.keyboard.press('Escape');
  await expect(about).toBeHidden();
});

test('asks for nothing that a first snapshot cannot answer', async ({ page, sample }) => {
  const refused = [];
  page.on('response', (response) => {
    if (response.status() >= 400) refused.push(response.url());
  });
  await page.goto(sample.url);
  await settled(page);
  await expect(tile(page, 'Open pipeline').getByText('no comparison yet')).toBeVisible();
  expect(refused).toEqual([]);
});
