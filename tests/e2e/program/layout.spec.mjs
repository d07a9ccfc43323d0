import { expect, settled, test } from '../support/test.mjs';

/**
 * Adds up every layout shift, also those right after input. @param {import('@playwright/test').Page} page
 * @returns {Promise<() => Promise<number>>}
 */
async function watchShift(page) {
  await page.addInitScript(() => {
    Object.assign(window, { shift: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) /** @type {any} */ (window).shift += /** @type {any} */ (entry).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () => page.evaluate(() => /** @type {any} */ (window).shift);
}

const FILTERED = '/?region=North&region=Atlantis&not_product=Sage+HR&status=open';

for (const width of [320, 390, 768, 1024, 1440, 1920]) {
  for (const [name, path] of [['overview', '/'], ['overview with filters', FILTERED], ['data page', '/data']]) {
    test(`the ${name} at ${width} px does not scroll sideways`, async ({ page, sample }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(sample.url + path);
      await expect(page.locator('.panel').first()).toBeVisible();
      if (path !== '/data') await settled(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide).toBe(0);
    });
  }
}

test.describe('by touch', () => {
  test.use({ hasTouch: true, isMobile: true });

  for (const width of [320, 390]) {
    test(`fits ${width} px with controls for a thumb, also when a refresh failed`, async ({ page, sample }) => {
      await page.setViewportSize({ width, height: 740 });
      await page.goto(sample.url + FILTERED);
      await settled(page);
      await page.route('**/api/refresh', (route) => route.abort());
      await page.getByRole('button', { name: 'Refresh Data' }).click();
      await expect(page.getByRole('button', { name: 'Refresh failed – retry' })).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const low = await page.locator('.bar .button, .filters button, .nav-link').evaluateAll((controls) =>
        controls.filter((control) => control.checkVisibility() && control.getBoundingClientRect().height < 44).map((control) => control.textContent));
      expect(low).toEqual([]);
    });
  }
});

test('200% text does not clip the tiles', async ({ page, sample }) => {
  await page.goto(sample.url);
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  await settled(page);
  const clipped = await page.locator('.tile-value').evaluateAll((values) => values.filter((value) => value.scrollWidth > value.clientWidth + 1).length);
  expect(clipped).toBe(0);
});

test('uses the bundled typeface and shifts nothing while it loads', async ({ page, sample }) => {
  const shift = await watchShift(page);
  await page.goto(sample.url);
  await settled(page);
  await page.evaluate(() => document.fonts.ready);
  expect(await page.evaluate(() => document.fonts.check('16px "Inter Variable"'))).toBe(true);
  expect(await shift()).toBeLessThanOrEqual(0.02);
});

for (const [width, height] of [[1440, 900], [390, 844]]) {
  test(`shifts next to nothing over a load, a refresh and a live row at ${width} px`, async ({ page, own }) => {
    await page.setViewportSize({ width, height });
    const shift = await watchShift(page);
    await page.goto(own.url);
    await settled(page);
    await own.insertSale();
    await page.getByRole('button', { name: 'Refresh Data' }).click();
    await expect(page.locator('.stable')).toContainText('NewClient');
    await expect(page.getByRole('status')).toContainText('Updated just now', { timeout: 30_000 });
    await expect(page.locator('.ptable tfoot').first()).toContainText('690');
    expect(await shift()).toBeLessThanOrEqual(0.02);
  });
}

test('the theme can be chosen and is kept', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  await page.getByRole('button', { name: 'Theme: as the system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
