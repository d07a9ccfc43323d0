import { expect, panel, rowsOf, settled, test, tile } from '../support/test.mjs';

test('a sale inserted into the table is on top after Refresh Data', async ({ page, own }) => {
  await page.goto(own.url);
  await settled(page);
  await own.insertSale();
  await page.getByRole('button', { name: 'Refresh Data' }).click();
  const table = panel(page, 'Last Month Sales').getByRole('table');
  await expect(table.locator('tbody tr').first()).toContainText('NewClient');
  expect((await rowsOf(table))[0]).toEqual(['Today', 'NewClient', 'East', 'Sage Intacct', 'Negotiation', 'Closed', '200,000']);
  await expect(tile(page, 'Last 30 days')).toContainText('690K');
});

for (const zone of ['Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kolkata']) {
  test.describe(`a machine in ${zone}`, () => {
    test.use({ timezoneId: zone, machineZone: zone });

    test('shows a sale of today on top as well', async ({ page, own }) => {
      await page.goto(own.url);
      await settled(page);
      await own.insertSale();
      await page.getByRole('button', { name: 'Refresh Data' }).click();
      await expect(panel(page, 'Last Month Sales').locator('tbody tr').first()).toContainText('NewClient');
    });
  });
}

test('the snapshot follows when the refresh is done, and the end is announced', async ({ page, own }) => {
  await page.goto(own.url);
  await settled(page);
  await own.insertSale();
  await page.getByRole('button', { name: 'Refresh Data' }).click();
  await expect(page.getByRole('status')).toContainText('Updated just now', { timeout: 30_000 });
  await expect(panel(page, 'Pipeline by Region').locator('tfoot')).toContainText('690,000');
  await expect(panel(page, 'Pipeline by Product').locator('tfoot')).toContainText('690,000');
});

test('live updates can be paused, and stay paused', async ({ page, own }) => {
  await page.goto(own.url);
  await settled(page);
  await page.getByRole('button', { name: 'Pause live updates' }).click();
  await expect(panel(page, 'Last Month Sales')).toContainText('Paused · ');
  await page.reload();
  await settled(page);
  await expect(panel(page, 'Last Month Sales')).toContainText('Paused · ');
  await page.keyboard.press('.');
  await expect(panel(page, 'Last Month Sales')).toContainText('LIVE · ');
});
