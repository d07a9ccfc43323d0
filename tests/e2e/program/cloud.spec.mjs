import { startCloud } from '../support/cloud.mjs';
import { expect, panel, rowsOf, settled, signIn, test as base } from '../support/test.mjs';

const test = base.extend({
  cloud: async ({}, use) => {
    const cloud = await startCloud();
    await use(cloud);
    await cloud.stop();
  },
});
test.use({ ignoreHTTPSErrors: true });

const today = () => new Date().toISOString().slice(0, 10);

test('from a row in Snowflake by night, S3 and the functions to the page', async ({ page, cloud }) => {
  await cloud.night();
  await page.goto(cloud.url);
  await signIn(page);
  await settled(page);
  await expect(panel(page, 'Pipeline by Region').locator('tfoot')).toContainText('490,000');
  await expect(panel(page, 'Pipeline by Product').locator('tfoot')).toContainText('490,000');

  await cloud.sale(['99', 'Sage Intacct', 'East', '200000', 'Negotiation', 'NewClient', today(), 'Closed']);
  await page.getByRole('button', { name: 'Refresh Data' }).click();
  const table = panel(page, 'Last Month Sales').getByRole('table');
  await expect(table.locator('tbody tr').first()).toContainText('NewClient');
  expect((await rowsOf(table))[0]).toEqual(['Today', 'NewClient', 'East', 'Sage Intacct', 'Negotiation', 'Closed', '200,000']);
  await expect(panel(page, 'Pipeline by Region').locator('tfoot')).toContainText('690,000', { timeout: 30_000 });
  expect(cloud.asked.filter(({ status }) => status >= 500)).toEqual([]);
});
