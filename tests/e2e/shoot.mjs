/**
 * Pictures of both pages in every state, to be looked at:
 *
 *   node shoot.mjs BASE_URL FOLDER [--only EXPRESSION] [--clock INSTANT] [--window]
 *
 * Scenes with a `mock=` word need the stand-in server (`npm run mock` in frontend/); the others show any server. `--only`
 * takes the pictures whose name matches that expression; `--window` what a window shows instead of the whole page.
 */
import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LAUNCH } from './launch.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', default: '' }, clock: { type: 'string' }, window: { type: 'boolean', default: false } },
});
const [base = 'http://127.0.0.1:4173', folder = 'shots'] = positionals;
const SIZES = [[1440, 900], [1920, 1080], [768, 1024], [390, 844], [320, 640]];

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page */
const refresh = (page) => page.getByRole('button', { name: 'Refresh Data' }).first().click();

/** The server goes away under a page that has its numbers. @param {Page} page */
async function lose(page) {
  await page.route('**/api/**', (route) => route.abort());
  await refresh(page);
  await page.getByText('Could not update the numbers').waitFor({ timeout: 30_000 });
  await page.getByText(/Not updating/).waitFor({ timeout: 30_000 }).catch(() => {});
}

/** @param {Page} page */
const alert = (page) => page.getByRole('alert').first().waitFor({ timeout: 30_000 });

/** @param {Page} page */
async function pin(page) {
  const { data } = await (await fetch(`${base}/api/snapshots`)).json();
  await page.goto(`${base}${new URL(page.url()).pathname}?asof=${data[Math.min(9, data.length - 1)].id}`);
  await page.getByRole('button', { name: 'Show the newest', exact: true }).waitFor();
}

/** @param {string} name */
const open = (name) => (/** @type {Page} */ page) => page.getByRole('button', { name, exact: true }).first().click();

/** @type {Record<string, { path: string, act?: (page: Page) => Promise<unknown>, forced?: boolean, early?: boolean, window?: boolean }>} */
const SCENES = {
  overview: { path: '/' },
  data: { path: '/data' },
  'overview-slow': { path: '/?mock=never', early: true },
  'data-slow': { path: '/data?mock=never', early: true },
  'overview-empty': { path: '/?mock=empty' },
  'data-empty': { path: '/data?mock=empty' },
  'overview-failed': { path: '/?mock=error', act: alert },
  'data-failed': { path: '/data?mock=error', act: alert },
  'overview-part-failed': { path: '/?mock=region-error', act: alert },
  'overview-budget-spent': { path: '/?mock=budget', act: (page) => page.getByText('Not live').waitFor({ timeout: 30_000 }) },
  'overview-live-failed': { path: '/?mock=live-error', act: alert },
  'overview-degraded': { path: '/?mock=degraded' },
  'overview-gone': { path: '/', act: lose },
  'data-gone': { path: '/data', act: lose },
  'overview-refresh': { path: '/?mock=slow-job', act: refresh, window: true },
  'data-refresh': { path: '/data?mock=slow-job', act: refresh },
  'data-refresh-failed': { path: '/data?mock=job-error', act: refresh },
  'overview-filtered': { path: '/?region=North&region=Atlantis&not_product=Sage+HR&status=open' },
  'overview-no-match': { path: '/?region=Atlantis' },
  'overview-pinned': { path: '/', act: pin },
  'data-pinned': { path: '/data', act: pin },
  'overview-uncompared': { path: '/?compare=off' },
  'overview-compare-menu': { path: '/', act: open('vs 7 days ago'), window: true },
  'overview-filter-menu': { path: '/?region=North', act: (page) => page.getByRole('button', { name: /^Region/ }).first().click(), window: true },
  'overview-definition': { path: '/', act: open('About Open pipeline'), window: true },
  'overview-keys': { path: '/', act: (page) => page.keyboard.press('?'), window: true },
  'overview-cleared': { path: '/?region=North', act: (page) => page.keyboard.press('x'), window: true },
  'overview-focus': { path: '/', act: (page) => tab(page, 5), window: true },
  'data-focus': { path: '/data', act: (page) => tab(page, 5), window: true },
  'overview-forced': { path: '/?region=North', forced: true },
  'data-forced': { path: '/data', forced: true },
};

/** @param {Page} page @param {number} times */
async function tab(page, times) {
  for (let step = 0; step < times; step += 1) await page.keyboard.press('Tab');
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch(LAUNCH);
for (const [name, { path, act, forced, early, window: inWindow }] of Object.entries(SCENES)) {
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    for (const [width = 0, height = 0] of SIZES) {
      const file = `${name}-${width}-${theme}`;
      if (!new RegExp(values.only).test(file)) continue;
      const page = await browser.newPage({
        viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC',
        hasTouch: width < 600, isMobile: width < 600,
        ...(forced ? { forcedColors: /** @type {const} */ ('active') } : {}),
      });
      page.on('pageerror', (error) => console.log(file, error.message));
      if (values.clock) await page.clock.setFixedTime(new Date(values.clock));
      await page.goto(base + path, { waitUntil: early ? 'load' : 'networkidle' }).catch(() => {});
      await page.locator('.panel, .tile, .notice').first().waitFor();
      await act?.(page);
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(900);
      await page.screenshot({ path: `${folder}/${file}.png`, fullPage: !values.window && !inWindow });
      await page.close();
    }
  }
}
await browser.close();
