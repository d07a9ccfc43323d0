import { findings } from '../support/axe.mjs';
import { expect, panel, settled, test } from '../support/test.mjs';

/** Text that is scrolled out of its line: axe cannot see its ground, which is the same as that of the rest. */
const SCROLLED_OUT = /\.button-plain|\.ssort|\.fbutton|\.chip/;

for (const theme of /** @type {const} */ (['light', 'dark'])) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });
    test('axe finds nothing on the overview', async ({ page, sample }) => {
      await page.goto(sample.url);
      await settled(page);
      expect(await findings(page)).toEqual([]);
    });

    test('axe finds nothing on the data page', async ({ page, sample }) => {
      await page.goto(`${sample.url}/data`);
      await expect(page.getByRole('heading', { name: 'Ledger' })).toBeVisible();
      await expect(page.getByRole('heading', { name: 'Metrics' })).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
  });
}

test('axe finds nothing on a phone with a filter set and its menu open', async ({ page, sample }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${sample.url}/?region=North`);
  await settled(page);
  expect(await findings(page, { reviewed: SCROLLED_OUT })).toEqual([]);
  await page.getByRole('button', { name: 'Region 1 selected' }).click();
  await expect(page.getByRole('group', { name: 'Filter by region' })).toBeVisible();
  expect(await findings(page, { within: '.fmenu' })).toEqual([]);
});

test('works from the keyboard alone', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the numbers' })).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { level: 1, name: 'Data' })).toBeFocused();
  await expect(page).toHaveTitle('Data · RevOps');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeFocused();
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('?');
  await expect(dialog).toBeHidden();
});

test('a focused control is never under the sticky bars', async ({ page, sample }) => {
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.goto(sample.url);
  await settled(page);
  const last = panel(page, 'Last Month Sales').getByRole('button', { name: 'Amount' });
  await last.focus();
  for (let step = 0; step < 14; step += 1) {
    await page.keyboard.press('Shift+Tab');
    const hidden = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused.closest('.bar, .filters')) return false;
      const { top, bottom } = focused.getBoundingClientRect();
      const under = document.querySelector('.filters')?.getBoundingClientRect().bottom ?? 0;
      return bottom <= under || top >= window.innerHeight;
    });
    expect(hidden).toBe(false);
  }
});

test('keeps bars and pressed states in forced colours', async ({ page, sample }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto(`${sample.url}/?region=North`);
  await settled(page);
  const colours = await page.evaluate(() => {
    const bar = getComputedStyle(document.querySelector('.pbar-open')).backgroundColor;
    const page = getComputedStyle(document.body).backgroundColor;
    const pressed = getComputedStyle(document.querySelector('[aria-pressed=true]')).outlineStyle;
    return { differs: bar !== page && bar !== 'rgba(0, 0, 0, 0)', pressed };
  });
  expect(colours).toEqual({ differs: true, pressed: 'solid' });
});
