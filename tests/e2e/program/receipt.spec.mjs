import { startWithReceipt } from '../support/product.mjs';
import { expect, panel, rowsOf, test } from '../support/test.mjs';

const day = (/** @type {number} */ ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

/** Days of execution time, rows, bytes; the first column is the day. */
const COSTS = [
  'revops costs 1',
  `${day(40)} 99 0 1000 1 1 0 0 0`,
  `${day(3)} 12 0 184000 1200 5600000 3 1 23`,
  `${day(2)} 8 1 900 34 2000 0 1 24`,
].join('\n') + '\n';

test('the data page shows what the warehouse was asked for, day by day', async ({ page }) => {
  const product = await startWithReceipt(COSTS);
  try {
    await page.goto(`${product.url}/data`);
    const receipt = panel(page, 'Cost receipt');
    await expect(receipt.getByRole('table')).toBeVisible();
    // Today's is what `serve` has tried meanwhile.
    const rows = (await rowsOf(receipt)).filter(([, statements]) => statements !== '0').slice(-2);
    expect(rows.map((row) => row.slice(1))).toEqual([
      ['8', '1', '24', 'under 1 s', '34', '2.0 kB'],
      ['12', '4', '23', '3 min 4 s', '1,200', '5.6 MB'],
    ]);
    await expect(receipt.locator('tfoot')).toContainText('1,234');
    await expect(panel(page, 'Source')).toContainText('FCT_SALES in Snowflake');
  } finally {
    await product.stop();
  }
});

test('a damaged receipt begins anew and stops nothing', async ({ page }) => {
  const product = await startWithReceipt('not a receipt');
  try {
    await page.goto(`${product.url}/data`);
    await expect(panel(page, 'Cost receipt')).toBeVisible();
    await expect(panel(page, 'Ledger')).toContainText('8 of 8 rows');
  } finally {
    await product.stop();
  }
});

test('the embedded warehouse costs nothing and has no receipt', async ({ page, sample }) => {
  await page.goto(`${sample.url}/data`);
  await expect(panel(page, 'Metrics')).toContainText('Win rate');
  await expect(panel(page, 'Cost receipt')).toHaveCount(0);
});
