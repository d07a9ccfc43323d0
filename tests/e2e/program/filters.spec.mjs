import { expect, panel, settled, test, tile } from '../support/test.mjs';

test('a row of the pipeline toggles a filter, which the other panels follow', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  await panel(page, 'Pipeline by Region').getByRole('button', { name: 'Filter by North' }).click();
  await expect(page).toHaveURL(/\?region=North$/);
  await expect(tile(page, 'Open pipeline').locator('.tile-value')).toHaveText('75K');
  await expect(panel(page, 'Pipeline by Product').locator('tfoot')).toContainText('320,000');
  await expect(panel(page, 'Pipeline by Region').locator('tbody tr')).toHaveCount(4);
  await expect(panel(page, 'Pipeline by Region')).toContainText('Not filtered by region.');
  await expect(panel(page, 'Last Month Sales').locator('tbody tr')).toHaveCount(3);
  await expect(tile(page, 'Last 30 days')).toContainText('320K');

  await panel(page, 'Pipeline by Product').getByRole('button', { name: 'Filter by Sage Intacct' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/region=North&product=Sage\+Intacct/);
  await page.getByRole('button', { name: 'Remove filter: Region North' }).click();
  await expect(page).toHaveURL(/\?product=Sage\+Intacct$/);
  await page.goBack();
  await expect(page).toHaveURL(/region=North/);
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('button', { name: 'Clear filters' })).toHaveCount(0);
});

test('a menu offers the values of the data with their counts', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  await page.getByRole('button', { name: 'Status' }).first().click();
  const menu = page.getByRole('group', { name: 'Filter by status' });
  await expect(menu.getByRole('checkbox', { name: /^Open/ })).toBeVisible();
  await menu.getByRole('checkbox', { name: /^Open/ }).check();
  await expect(page).toHaveURL(/status=open/i);
  await expect(panel(page, 'Pipeline by Region').locator('tfoot')).toContainText('162,000');
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
});

test('a value that the data does not have is kept and marked', async ({ page, sample }) => {
  await page.goto(`${sample.url}/?region=Atlantis`);
  await expect(page.getByRole('button', { name: 'Remove filter: Region Atlantis, not in the data' })).toBeVisible();
  await expect(panel(page, 'Last Month Sales')).toContainText('No sales of the last 30 days match Atlantis');
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await settled(page);
});

test('filters go along to the other page', async ({ page, sample }) => {
  await page.goto(`${sample.url}/?region=North&range=7d`);
  await settled(page);
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await expect(page).toHaveURL(/\/data\?region=North&range=7d/);
});
