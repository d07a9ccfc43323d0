import { expect, panel, settled, test, tile } from '../support/test.mjs';

const COLUMNS = 'SALE_ID,PRODUCT,REGION,AMOUNT,STAGE,CUSTOMER_NAME,SALE_DATE,STATUS';

/** The calendar day so many days ago, in UTC. @param {number} days */
const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

test('an export of an earlier day appears in the history of an open page, and is compared with as soon as own rows are there', async ({ page, own }) => {
  test.skip(Boolean(process.env.REVOPS_MOCK), 'the stand-in has no command line');
  await page.goto(`${own.url}/data`);
  const history = panel(page, 'Snapshot history');
  await expect(history.locator('tbody tr')).toHaveCount(1);
  const day = daysAgo(9);
  await own.importAsOf(day, `${COLUMNS}\n1,Sage 50,North,50000,Proposal,Acme,${daysAgo(20)},Open\n`);
  await expect(history.locator('tbody tr')).toHaveCount(2);
  await expect(history.locator('tbody tr').last()).toContainText('own');

  await page.goto(own.url);
  await settled(page);
  await expect(panel(page, 'Pipeline by Region').locator('tfoot')).toContainText('490,000');
  await expect(tile(page, 'Open pipeline'), 'the sample is no earlier state of the export').toContainText('no comparison yet');

  await page.goto(`${own.url}/data`);
  await page.locator('input[type=file]').setInputFiles({
    name: 'deals.csv', mimeType: 'text/csv', buffer: Buffer.from(`${COLUMNS}\n1,Sage 50,North,60000,Proposal,Acme,${daysAgo(20)},Open\n`),
  });
  await page.getByRole('radio', { name: /Replace everything/ }).check();
  await page.getByRole('button', { name: 'Import 1 row', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replace', exact: true }).click();
  await expect(panel(page, 'Imported')).toContainText('Open pipeline 60K +20.0% vs 50K before');
  await page.getByRole('link', { name: 'See the Overview' }).click();
  await expect(tile(page, 'Open pipeline').locator('.delta')).toContainText('vs');

  await page.goto(`${own.url}/data`);
  const older = daysAgo(16);
  await page.locator('input[type=file]').setInputFiles({
    name: `deals ${older}.csv`, mimeType: 'text/csv', buffer: Buffer.from(`${COLUMNS}\n1,Sage 50,North,40000,Proposal,Acme,${daysAgo(20)},Open\n`),
  });
  await page.getByRole('radio', { name: /Numbers of an earlier day/ }).check();
  await page.getByRole('button', { name: /^Import 1 row as of/ }).click();
  await page.getByRole('link', { name: 'See that day' }).click();
  await expect(panel(page, 'Pipeline by Region').locator('tfoot')).toContainText('40,000');

  await page.goto(`${own.url}/?asof=${day}`);
  await expect(panel(page, 'Pipeline by Region').locator('tfoot')).toContainText('50,000');
});
