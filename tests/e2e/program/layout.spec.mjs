import { expect, settled, test } from '../support/test.mjs';

for (const width of [320, 390, 768, 1024, 1440, 1920]) {
  for (const path of ['/', '/data']) {
    test(`${path} at ${width} px does not scroll sideways`, async ({ page, sample }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(sample.url + path);
      await expect(page.locator('.panel').first()).toBeVisible();
      if (path === '/') await settled(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide).toBe(0);
    });
  }
}

test('200% text does not clip the tiles', async ({ page, sample }) => {
  await page.goto(sample.url);
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  await settled(page);
  const clipped = await page.locator('.tile-value').evaluateAll((values) => values.filter((value) => value.scrollWidth > value.clientWidth + 1).length);
  expect(clipped).toBe(0);
});

test('uses the bundled typeface and shifts nothing while it loads', async ({ page, sample }) => {
  await page.addInitScript(() => {
    Object.assign(window, { shift: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!(/** @type {any} */ (entry).hadRecentInput)) /** @type {any} */ (window).shift += /** @type {any} */ (entry).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(sample.url);
  await settled(page);
  await page.evaluate(() => document.fonts.ready);
  expect(await page.evaluate(() => document.fonts.check('16px "Inter Variable"'))).toBe(true);
  expect(await page.evaluate(() => /** @type {any} */ (window).shift)).toBeLessThanOrEqual(0.02);
});

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
