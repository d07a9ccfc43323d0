import { expect, settled, test, tile } from '../support/test.mjs';

const FIRST = ['/api/metrics', '/api/summary?region=North', '/api/sales/last-month?limit=1000'];

test('the HTML asks for the first answers, before any code of the page has come', async ({ page, sample }) => {
  const asked = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/api/')) asked.push(pathname + search);
  });
  let release = () => {};
  const held = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  await page.route('**/assets/*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${sample.url}/?region=North`, { waitUntil: 'commit' });
  await expect.poll(() => asked).toEqual(FIRST);
  release();
  await settled(page);
  for (const path of FIRST) expect(asked.filter((one) => one === path), path).toHaveLength(1);
});

test('the other page is there before anybody goes to it', async ({ page, sample }) => {
  const scripts = [];
  page.on('response', (response) => scripts.push(new URL(response.url()).pathname));
  await page.goto(sample.url);
  await settled(page);
  await expect.poll(() => scripts.some((path) => /\/assets\/data-pages-.*\.js$/.test(path))).toBe(true);
});

test('prints the overview on one sheet, without what is to be clicked', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  await page.evaluate(() => document.fonts.ready);
  const sheet = await page.pdf({ format: 'A4' });
  expect(sheet.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Refresh Data' })).toBeHidden();
  await expect(page.getByRole('search')).toBeHidden();
  await expect(tile(page, 'Open pipeline')).toBeVisible();
});
