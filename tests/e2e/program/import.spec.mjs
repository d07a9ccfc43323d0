import { expect, panel, test, tile } from '../support/test.mjs';

/** An export in the shape of Salesforce's: its column names, American dates, amounts with a sign, a stage that tells the status. */
const HEAD = ['Opportunity ID', 'Opportunity Name', 'Account Name', 'Opportunity Owner', 'Product Family', 'Territory', 'Stage', 'Amount', 'Close Date'];
const STAGES = ['Prospecting', 'Negotiation', 'Closed Won', 'Closed Lost', 'Parked'];
const ROWS = Array.from({ length: 25 }, (_, index) => [
  `006${String(index).padStart(12, '0')}AAQ`, `Renewal ${index}`, `Customer ${index}`, ['Ada Obi', 'Bo Lindqvist'][index % 2], ['Sage Intacct', 'Sage HR'][index % 2],
  ['North', 'South', 'West'][index % 3], STAGES[index % 5], index === 6 ? 'not yet known' : `$${1 + index},000.50`, `${(index % 12) + 1}/${13 + (index % 12)}/2026`,
]);
const CSV = [HEAD, ...ROWS].map((row) => row.map((text) => `"${text}"`).join(',')).join('\r\n');
const FILE = { name: 'opportunities.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) };

/** Row 6 is refused; of the others these are open once it is said that parked ones are lost. */
const OPEN = ROWS.filter(([, , , , , , stage], index) => index !== 6 && ['Prospecting', 'Negotiation'].includes(stage ?? ''));

const takeButton = (/** @type {import('@playwright/test').Page} */ page) => page.getByRole('button', { name: /^Import [\d,]+ rows?$/ });

/** @param {{ url: string }} product */
const summary = async ({ url }) => (await (await fetch(`${url}/api/summary`)).json()).data;

/** @param {import('@playwright/test').Page} page @param {string} url */
async function handOver(page, url) {
  await page.goto(`${url}/data`);
  await page.locator('input[type=file]').setInputFiles(FILE);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Import opportunities.csv');
  await expect(panel(page, 'What will come of it')).toContainText('24 of 25 rows will be taken', { timeout: 30_000 });
}

test('an export is dropped, a guess corrected, the numbers seen, and all of it undone', async ({ page, own }) => {
  const before = await summary(own);
  await handOver(page, own.url);
  await expect(page.getByLabel('Column for Amount')).toHaveValue('Amount');
  await expect(page.getByLabel('Column for Date')).toHaveValue('Close Date');
  await expect(panel(page, 'Preview')).toContainText('not yet known');
  await page.getByLabel('Parked counts as').selectOption('lost');
  await expect(panel(page, 'What will come of it')).toContainText(`${OPEN.length} open`, { timeout: 30_000 });
  await expect(takeButton(page)).toBeEnabled({ timeout: 30_000 });
  await page.getByRole('radio', { name: /Replace everything/ }).check();
  await takeButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replace', exact: true }).click();
  await expect(panel(page, 'Imported')).toContainText('24 rows of opportunities.csv are in the numbers.', { timeout: 60_000 });
  await expect(panel(page, 'Imported')).toContainText(/Open pipeline \S+ no earlier snapshot of these rows/);
  const refused = await page.request.get(await page.getByRole('link', { name: 'Download them' }).getAttribute('href').then((href) => own.url + href));
  expect(await refused.text()).toMatch(/not yet known/);
  await page.getByRole('link', { name: 'See the Overview' }).click();
  await expect(panel(page, 'Last Month Sales')).toBeVisible();
  await expect(tile(page, 'Open deals')).toContainText(String(OPEN.length));
  await expect(tile(page, 'Won')).toContainText('lost');
  await expect(panel(page, 'Pipeline by Region').getByRole('columnheader', { name: 'Won' })).toBeVisible();
  await expect(panel(page, 'Pipeline by Region')).toContainText(/Total includes \S+ lost\./);
  await expect(page.getByLabel('About this data')).toHaveCount(0);
  await page.goto(`${own.url}/?compare=prev`);
  await expect(tile(page, 'Open pipeline')).toContainText('No earlier snapshot of these rows is stored.');
  const now = await summary(own);
  expect(now.totals.deals).toBe(24);
  expect(now.totals.by_status.open.deals).toBe(OPEN.length);
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await panel(page, 'Imports').getByRole('button', { name: 'Undo the import of opportunities.csv' }).click();
  await expect(panel(page, 'Imports')).toContainText('Undone', { timeout: 60_000 });
  await expect.poll(async () => (await summary(own)).totals, { timeout: 30_000 }).toEqual(before.totals);
  await expect(page.getByLabel('About this data')).toContainText('Sample data');
  await page.goto(`${own.url}/?compare=prev`);
  await expect(tile(page, 'Open pipeline')).toContainText(/no change vs/);
});

test('the next file shows what it made of the pipeline', async ({ page, own }) => {
  const take = async (/** @type {string} */ amount) => {
    await page.goto(`${own.url}/data`);
    const text = `Deal,Amount,Close Date,Stage\n1,${amount},2026-11-20,Open\n`;
    await page.locator('input[type=file]').setInputFiles({ name: `of-${amount}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByRole('radio', { name: /Replace everything/ }).check({ timeout: 30_000 });
    await takeButton(page).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replace', exact: true }).click();
    await expect(panel(page, 'Imported')).toBeVisible({ timeout: 60_000 });
  };
  await take('40000');
  await take('50000');
  await expect(panel(page, 'Imported')).toContainText('Open pipeline 50K +25.0% vs 40K before');
  await take('50000');
  await expect(panel(page, 'Imported')).toContainText('Open pipeline 50K as before');
});

test('the same by keyboard alone', async ({ page, own }) => {
  /** Presses Tab until what has the focus is named like that. @param {RegExp} name */
  const tabTo = async (name) => {
    for (let step = 0; step < 120; step += 1) {
      await page.keyboard.press('Tab');
      const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
      if (name.test(label)) return;
    }
    throw new Error(`${name} is not reached`);
  };
  // Asked for so early that the browser knows of it when the key is pressed.
  const chooser = page.waitForEvent('filechooser');
  await page.goto(`${own.url}/data`);
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  await tabTo(/^Choose a file$/);
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(FILE);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(takeButton(page)).toBeVisible({ timeout: 30_000 });
  await tabTo(/^Parked counts as$/);
  await page.keyboard.type('Lost');
  await expect(takeButton(page)).toBeEnabled({ timeout: 30_000 });
  for (let step = 0; step < 120 && !(await takeButton(page).evaluate((button) => button === document.activeElement)); step += 1) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Replace everything?' });
  await expect(dialog).toBeVisible();
  await tabTo(/^Replace$/);
  await page.keyboard.press('Enter');
  await expect(panel(page, 'Imported')).toBeVisible({ timeout: 60_000 });
  await tabTo(/^Undo this import$/);
  await page.keyboard.press('Enter');
  await expect(panel(page, 'Undone')).toBeVisible({ timeout: 60_000 });
});

test('a date that can be read both ways is asked by what it would be; what no deal has comes last', async ({ page, own }) => {
  await page.goto(`${own.url}/data`);
  const text = 'Deal,Amount,Close Date,Stage,Deal owner\n1,10,3/4/2026,Closed Won,Ada Obi\n';
  await page.locator('input[type=file]').setInputFiles({ name: 'unclear.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  const question = panel(page, 'One question first');
  await expect(question.getByRole('radio', { name: 'Day, month, year: 3/4/2026 is 3 Apr 2026' })).toBeVisible({ timeout: 30_000 });
  await question.getByRole('radio', { name: 'Month, day, year: 3/4/2026 is 4 Mar 2026' }).check();
  await expect(panel(page, 'Preview')).toContainText('4 Mar 2026', { timeout: 30_000 });
  await page.getByRole('radio', { name: /Replace everything/ }).check();
  await takeButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replace', exact: true }).click();
  await page.getByRole('link', { name: 'See the Overview' }).click({ timeout: 60_000 });
  await expect(page.getByRole('heading', { level: 2, name: /^Pipeline by/ })).toHaveText(['Pipeline by Owner', 'Pipeline by Region', 'Pipeline by Product']);
  await expect(panel(page, 'Pipeline by Product')).toContainText('Product is not known of any deal.');
});
