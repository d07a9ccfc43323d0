import { findings } from '../support/axe.mjs';
import { expect, panel, settled, test } from '../support/test.mjs';

/** @type {[string, string, (page: import('@playwright/test').Page) => Promise<void>][]} */
const STATES = [
  ['a panel that could not be loaded', '/?mock=region-error', (page) => expect(panel(page, 'Pipeline by Region').getByRole('alert')).toBeVisible({ timeout: 20_000 })],
  ['no snapshot yet', '/?mock=empty', (page) => expect(page.getByText('No snapshot has been made yet')).toBeVisible()],
  ['no snapshot yet on the data page', '/data?mock=empty', (page) => expect(page.getByText('No snapshot has been made yet')).toBeVisible()],
  ['an earlier snapshot that is shown', '/?mock=degraded', (page) => expect(page.getByText('an earlier one is shown')).toBeVisible()],
  ['a receipt of costs', '/data?mock=snowflake', (page) => expect(panel(page, 'Cost receipt').getByRole('table')).toBeVisible()],
  ['a receipt that nobody keeps', '/data?mock=snowflake-functions', (page) => expect(page.getByText('Nobody counts here')).toBeVisible()],
  ['rows of the snapshot in place of live ones', '/?mock=budget', (page) => expect(panel(page, 'Last Month Sales')).toContainText('Not live', { timeout: 20_000 })],
  ['live trouble', '/?mock=live-error', (page) => expect(panel(page, 'Last Month Sales').getByRole('alert')).toBeVisible({ timeout: 20_000 })],
];

for (const theme of /** @type {const} */ (['light', 'dark'])) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    for (const [state, path, reached] of STATES) {
      test(`axe finds nothing in ${state}`, async ({ page, standIn }) => {
        await page.goto(standIn.url + path);
        await reached(page);
        expect(await findings(page)).toEqual([]);
      });
    }

    test('axe finds nothing in a refresh that runs', async ({ page, standIn }) => {
      await page.goto(`${standIn.url}/?mock=slow-job`);
      await settled(page);
      await page.getByRole('button', { name: 'Refresh Data' }).click();
      const job = page.getByRole('region', { name: 'Refresh progress' });
      await expect(job.getByRole('progressbar')).toBeVisible();
      // It lies over the page, whose colours axe cannot see there.
      expect(await findings(page, { within: '[aria-label="Refresh progress"]' })).toEqual([]);
      await job.getByRole('button', { name: 'Cancel' }).click();
    });
  });
}
