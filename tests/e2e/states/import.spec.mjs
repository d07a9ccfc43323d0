import { findings } from '../support/axe.mjs';
import { expect, panel, test } from '../support/test.mjs';

/** Drops a file on the page, as a browser does it. @param {import('@playwright/test').Page} page @param {string} name */
export async function drop(page, name, text = 'a;b\n1;2\n') {
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  const data = await page.evaluateHandle(([fileName, body]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([body], fileName, { type: 'text/csv' }));
    return transfer;
  }, [name, text]);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
  await expect(page.getByText('Drop it anywhere')).toBeVisible();
  await page.dispatchEvent('body', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

/** @param {import('@playwright/test').Page} page @param {string} url @param {string} name */
async function review(page, url, name = 'deals.csv') {
  await page.goto(url);
  await drop(page, name);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Import ${name}`);
  await expect(panel(page, 'What will come of it')).toBeVisible();
}

const takeButton = (/** @type {import('@playwright/test').Page} */ page) => page.getByRole('button', { name: /^Import [\d,]+ rows?$/ });

test('a dropped file is shown as it would become, corrected, imported and undone', async ({ page, standIn }) => {
  await review(page, `${standIn.url}/data?mock=plain`);
  const outcome = panel(page, 'What will come of it');
  await expect(outcome).toContainText('1,200 of 1,204 rows will be taken');
  await expect(outcome).toContainText('4 rows will be refused');
  await expect(outcome).toContainText('199 not known');
  await expect(panel(page, 'What was recognised')).toContainText('windows-1252');
  await page.getByLabel('On Hold counts as').selectOption('open');
  await expect(outcome).not.toContainText('not known');
  await expect(panel(page, 'Preview').locator('tbody tr')).toHaveCount(20);
  await expect(panel(page, 'Preview')).toContainText('Refused');
  const first = panel(page, 'Preview').locator('tbody tr').first();
  await expect(first).toContainText('$1,200.50');
  await expect(panel(page, 'Preview').getByRole('columnheader', { name: 'Owner' })).toBeVisible();
  await expect(first.getByText('1 Jan 2026')).toHaveAttribute('datetime', '2026-01-01');
  await expect(panel(page, 'Preview').locator('tr', { hasText: 'Refused' })).toContainText('n/a');
  await page.getByRole('button', { name: 'As in the file' }).click();
  await expect(panel(page, 'Preview').locator('thead')).toContainText('Opportunity Name');
  await expect(page.getByRole('radio', { name: /Update by id/ })).toBeChecked();
  await takeButton(page).click();
  await expect(panel(page, 'Imported')).toContainText('1,200 rows of deals.csv are in the numbers.');
  await expect(panel(page, 'Imported')).toContainText('4 rows were refused');
  await expect(page.getByRole('link', { name: 'Download them' })).toHaveAttribute('href', /\/api\/imports\/[0-9a-f]{32}\/refused$/);
  await page.getByRole('button', { name: 'Undo this import' }).click();
  await expect(panel(page, 'Undone')).toBeVisible();
});

test('replacing what is there asks first, and can be kept from', async ({ page, standIn }) => {
  await review(page, `${standIn.url}/data`, 'replace.csv');
  await expect(page.getByRole('radio', { name: /Replace everything/ })).toBeChecked();
  await takeButton(page).click();
  const dialog = page.getByRole('dialog', { name: 'Replace everything?' });
  await expect(dialog).toContainText('You can undo this');
  await dialog.getByRole('button', { name: 'Keep them' }).click();
  await expect(takeButton(page)).toBeFocused();
  await takeButton(page).click();
  await dialog.getByRole('button', { name: 'Replace', exact: true }).click();
  await expect(panel(page, 'Imported')).toBeVisible();
  // The other tests of this worker find its rows made up again.
  await page.getByRole('button', { name: 'Undo this import' }).click();
  await expect(panel(page, 'Undone')).toBeVisible();
});

test('an old export becomes the numbers of its day, which its name offers', async ({ page, standIn }) => {
  await review(page, `${standIn.url}/data`, 'deals 2026-09-01.csv');
  await page.getByRole('radio', { name: /Numbers of an earlier day.*The file’s name says 1 Sept 2026\./ }).check();
  const day = page.getByLabel('Numbers as of');
  await expect(day).toHaveValue('2026-09-01');
  await day.fill('');
  await expect(page.getByText('Say which day the numbers are of.')).toBeVisible();
  await expect(takeButton(page)).toBeDisabled();
  await day.fill('2026-08-31');
  const sent = page.waitForRequest((request) => request.url().endsWith('/take'));
  await page.getByRole('button', { name: 'Import 1,200 rows as of 31 Aug 2026' }).click();
  expect((await sent).postDataJSON()).toEqual({ mode: 'replace', skip_refused: true, as_of: '2026-08-31' });
  await expect(panel(page, 'Imported')).toContainText('are the snapshot of 31 Aug 2026 now.');
  await expect(page.getByRole('link', { name: 'See that day' })).toHaveAttribute('href', /\?asof=\d{8}T/);
  await expect(page.getByRole('button', { name: 'Undo this import' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Import another file' }).click();
  await expect(panel(page, 'Imports')).toContainText('Imported as of 31 Aug 2026');
});

test('a question is asked first and keeps the import until it is answered', async ({ page, standIn }) => {
  await review(page, `${standIn.url}/data?mock=import-question`, 'question.csv');
  await expect(panel(page, 'One question first')).toContainText('4th of March');
  await expect(takeButton(page)).toBeDisabled();
  await page.getByLabel('Column for Region').selectOption('Account Name');
  await expect(panel(page, 'What will come of it')).toContainText('Answer the questions first.');
  await page.getByRole('radio', { name: /Month, day, year/ }).check();
  await expect(takeButton(page)).toBeEnabled();
});

test('a problem stands in the way', async ({ page, standIn }) => {
  await review(page, `${standIn.url}/data?mock=import-problem`, 'problem.csv');
  await expect(panel(page, 'What was recognised')).toContainText('two currencies');
  await expect(takeButton(page)).toBeDisabled();
});

test('the mapping sent is the one that was corrected last', async ({ page, standIn }) => {
  /** @type {any[]} */
  const sent = [];
  await page.route('**/mapping', async (route) => {
    sent.push(route.request().postDataJSON());
    await route.continue();
  });
  await review(page, `${standIn.url}/data`, 'mapping.csv');
  await page.getByLabel('Column for Region').selectOption('');
  await page.getByLabel('Add a dimension').selectOption('Territory');
  await page.getByLabel('Name of the dimension from Territory').fill('sales area');
  await page.getByLabel('Name of the dimension from Territory').press('Enter');
  await page.getByRole('button', { name: 'Move Proposal up' }).click();
  await page.getByRole('button', { name: 'Add On Hold' }).click();
  await page.getByLabel('Currency').selectOption('EUR');
  await expect(takeButton(page)).toBeEnabled();
  await expect.poll(() => sent.at(-1)).toMatchObject({
    columns: { region: null }, currency: 'EUR', dimensions: [{ name: 'OWNER', column: 'Opportunity Owner' }, { name: 'SALES_AREA', column: 'Territory' }],
    stages: ['Proposal', 'Prospecting', 'Negotiation', 'Closed Won', 'Closed Lost', 'On Hold'],
  });
  await page.getByRole('button', { name: 'Remove SALES_AREA' }).click();
  await expect.poll(() => sent.at(-1).dimensions).toHaveLength(1);
});

test('what could not be looked at again is kept, said, and tried again', async ({ page, standIn }) => {
  await review(page, `${standIn.url}/data`, 'broken.csv');
  await page.route('**/mapping', (route) => route.abort());
  await page.getByLabel('On Hold counts as').selectOption('lost');
  await expect(panel(page, 'What will come of it').getByRole('alert')).toContainText('could not be looked at');
  await expect(takeButton(page)).toBeDisabled();
  await expect(page.getByLabel('On Hold counts as')).toHaveValue('lost');
  await page.unroute('**/mapping');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(takeButton(page)).toBeEnabled();
});

test('a file that waits can be thrown away, or found again', async ({ page, standIn }) => {
  await review(page, `${standIn.url}/data`, 'waits.csv');
  await page.goto(`${standIn.url}/data`);
  await expect(panel(page, 'Import a file')).toContainText('waits for you');
  await panel(page, 'Imports').getByRole('link', { name: 'waits.csv', exact: true }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(panel(page, 'Discarded')).toBeVisible();
});

test('a failed import says why', async ({ page, standIn }) => {
  await review(page, `${standIn.url}/data?mock=import-failed`, 'failed.csv');
  await page.getByRole('radio', { name: /Add/ }).check();
  await takeButton(page).click();
  await expect(panel(page, 'Not imported').getByRole('alert')).toContainText('The disk is full');
});

test('an import that runs shows how far it is', async ({ page, standIn }) => {
  await review(page, `${standIn.url}/data?mock=import-stuck`, 'stuck.csv');
  await page.getByRole('radio', { name: /Add/ }).check();
  await takeButton(page).click();
  await expect(panel(page, 'Importing')).toContainText('400 of 1,204 rows');
  await expect(page.getByRole('progressbar', { name: 'Importing' })).toBeVisible();
});

test('a file that is too large is refused in a sentence, and tried again', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/data?mock=import-refused`);
  await drop(page, 'large.csv');
  await expect(panel(page, 'Import a file').getByRole('alert')).toContainText('larger than the 1 GB');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('an upload can be cancelled', async ({ page, standIn }) => {
  await page.route('**/api/imports?name=*', () => {});
  await page.goto(`${standIn.url}/data`);
  await drop(page, 'held.csv');
  await page.getByRole('button', { name: 'Cancel upload' }).click();
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();
});

test('where importing is not possible the page says so in a sentence', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/data?mock=import-off`);
  await expect(panel(page, 'Import a file')).toContainText('with Snowflake');
  await expect(page.getByRole('button', { name: 'Choose a file' })).toHaveCount(0);
  await expect(panel(page, 'Imports')).toHaveCount(0);
});

test('the list of imports says that it could not be loaded, and tries again', async ({ page, standIn }) => {
  await page.route('**/api/imports', (route) => route.abort());
  await page.goto(`${standIn.url}/data`);
  await expect(panel(page, 'Imports').getByRole('alert')).toContainText('Could not load the imports', { timeout: 20_000 });
  await page.unroute('**/api/imports');
  await panel(page, 'Imports').getByRole('button', { name: 'Retry' }).click();
  await expect(panel(page, 'Imports').getByRole('alert')).toHaveCount(0);
});

test('an import that is not there says so', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/data/import/00000000000000000000000000000000`);
  await expect(page.getByText('There is no such import')).toBeVisible();
});

test('statuses that nobody knows are asked about on the Overview', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/?mock=unknown-statuses`);
  await expect(page.getByText('have a status that is not known')).toBeVisible();
  await expect(page.getByText('“In Progress”, “Active”, “Handed over”')).toBeVisible();
  await page.getByRole('button', { name: 'Say what they mean' }).click();
  const dialog = page.getByRole('dialog', { name: 'What these statuses mean' });
  await expect(dialog.getByRole('button', { name: 'Save and compute again' })).toBeDisabled();
  await dialog.getByLabel('In Progress counts as').selectOption('open');
  await dialog.getByLabel('Handed over counts as').selectOption('won');
  const saved = page.waitForRequest((request) => request.method() === 'PUT');
  await dialog.getByRole('button', { name: 'Save and compute again' }).click();
  expect((await saved).postDataJSON()).toEqual({ stages: [], statuses: { 'in progress': 'open', 'handed over': 'won' }, currency: null });
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('status').filter({ hasText: 'Saved. The numbers are being computed again.' })).toHaveCount(1);
});

for (const width of [320, 390]) {
  test(`nothing overflows at ${width} px`, async ({ page, standIn }) => {
    await page.setViewportSize({ width, height: 740 });
    await review(page, `${standIn.url}/data?mock=import-question`, 'a-rather-long-name-of-an-export-from-the-crm-2026-11-22.csv');
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    await page.goto(`${standIn.url}/data`);
    await expect(panel(page, 'Imports').getByRole('table')).toBeVisible();
    await expect(panel(page, 'Snapshot history').getByRole('table')).toBeVisible();
    expect(await overflow()).toBe(0);
  });
}

for (const theme of /** @type {const} */ (['light', 'dark'])) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test('axe finds nothing in a review, an ending and the Data page', async ({ page, standIn }) => {
      await review(page, `${standIn.url}/data?mock=import-question`, 'axe.csv');
      expect(await findings(page)).toEqual([]);
      await page.getByRole('radio', { name: /Month, day, year/ }).check();
      await page.getByRole('radio', { name: /Add/ }).check();
      await expect(takeButton(page)).toBeEnabled();
      await takeButton(page).click();
      await expect(panel(page, 'Imported')).toBeVisible();
      expect(await findings(page)).toEqual([]);
      await page.goto(`${standIn.url}/data`);
      await expect(panel(page, 'Imports').getByRole('table')).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });

    test('axe finds nothing in the question about statuses', async ({ page, standIn }) => {
      await page.goto(`${standIn.url}/?mock=unknown-statuses`);
      await page.getByRole('button', { name: 'Say what they mean' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      // It lies over the page, whose colours axe cannot see there.
      expect(await findings(page, { within: 'dialog[open]', reviewed: /review-word|counts as|dialog-foot/ })).toEqual([]);
    });
  });
}

test('the whole path goes by keyboard', async ({ page, standIn }) => {
  // Asked for so early that the browser knows of it when the key is pressed.
  const chooser = page.waitForEvent('filechooser');
  await page.goto(`${standIn.url}/data`);
  await page.getByRole('button', { name: 'Choose a file' }).focus();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles({ name: 'keys.csv', mimeType: 'text/csv', buffer: Buffer.from('a;b\n1;2\n') });
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(panel(page, 'What will come of it')).toBeVisible();
  /** @param {RegExp} name */
  const tabTo = async (name) => {
    for (let step = 0; step < 80; step += 1) {
      await page.keyboard.press('Tab');
      const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
      if (name.test(label)) return;
    }
    throw new Error(`${name} is not reached`);
  };
  await tabTo(/^On Hold counts as/);
  await page.keyboard.type('Open');
  await expect(page.getByLabel('On Hold counts as')).toHaveValue('open');
  await tabTo(/^Move Proposal up/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.review-stages li').first()).toContainText('Proposal');
  await expect(page.getByRole('button', { name: 'Move Proposal up' })).toBeFocused();
  await expect(takeButton(page)).toBeEnabled();
  await page.getByRole('heading', { level: 1 }).focus();
  await tabTo(/^Import 1,200 rows/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Replace', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(panel(page, 'Imported')).toBeVisible();
  await tabTo(/^Undo this import/);
  await page.keyboard.press('Enter');
  await expect(panel(page, 'Undone')).toBeVisible();
});
