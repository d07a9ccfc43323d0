import { startDemo } from '../support/product.mjs';
import { expect, settled, test } from '../support/test.mjs';

test.skip(Boolean(process.env.REVOPS_MOCK), 'the program makes the company');

test('the invented company is called one on every page', async ({ page }) => {
  const demo = await startDemo();
  try {
    for (const path of ['/', '/data']) {
      await page.goto(demo.url + path);
      await expect(page.getByText('Demo data')).toBeVisible();
      await expect(page.getByText('these are nobody’s real numbers')).toBeVisible();
    }
  } finally {
    await demo.stop();
  }
});

test('real rows are not', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  await expect(page.getByText('Demo data')).toHaveCount(0);
});
