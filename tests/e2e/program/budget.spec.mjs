import { startWithBudget } from '../support/product.mjs';
import { expect, panel, rowsOf, settled, test } from '../support/test.mjs';

test.skip(Boolean(process.env.REVOPS_MOCK), 'the program keeps the budget');

const live = (/** @type {import('@playwright/test').Page} */ page) => panel(page, 'Last Month Sales');

test('when the budget is spent the rows of the snapshot are shown, and called that', async ({ page }) => {
  const product = await startWithBudget();
  try {
    expect((await fetch(`${product.url}/api/sales/last-month`)).status).toBe(200);
    await page.goto(product.url);
    await settled(page);
    await expect(live(page)).toContainText('Not live: these are the rows of the snapshot of');
    await expect(live(page)).toContainText('The budget of live questions a minute is spent');
    await expect(live(page)).not.toContainText('LIVE ·');
    const rows = await rowsOf(live(page).getByRole('table'));
    expect(rows.map(([, customer]) => customer)).toEqual(
      ['RetailCo', 'BigEnterprise', 'ServiceInc', 'SmallBiz', 'Startup', 'MidCorp', 'Acme Corp', 'TechStart']);
  } finally {
    await product.stop();
  }
});

test('live rows are back once there is budget again, without a click', async ({ page, sample }) => {
  let refusals = 1;
  await page.route('**/api/sales/last-month*', (route) => {
    if (refusals-- <= 0) return route.fallback();
    const error = { code: 'budget_exhausted', message: 'The budget is spent.', request_id: '0'.repeat(32), retryable: true };
    return route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { error } });
  });
  await page.goto(sample.url);
  await expect(live(page)).toContainText('Not live');
  await expect(live(page)).toContainText('LIVE ·');
  await expect(live(page)).not.toContainText('Not live');
});
