/** Pictures of the pages against a running server: node shoot.mjs BASE_URL FOLDER [name-filter] [clock]. */
import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { LAUNCH } from './launch.mjs';

const [base = 'http://127.0.0.1:4173', folder = 'shots', only = '', clock = ''] = process.argv.slice(2);
const SIZES = [[1440, 900], [1920, 1080], [768, 1024], [390, 844], [320, 640]];
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch(LAUNCH);
for (const [path, name] of [['/', 'overview'], ['/data', 'data']]) {
  for (const theme of ['light', 'dark']) {
    for (const [width, height] of SIZES) {
      const file = `${name}-${width}-${theme}`;
      if (!file.includes(only)) continue;
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' });
      page.on('console', (message) => message.type() === 'error' && console.log(file, message.text()));
      page.on('pageerror', (error) => console.log(file, error.message));
      if (clock) await page.clock.setFixedTime(new Date(clock));
      await page.goto(base + path);
      await page.locator('.panel, .tile').first().waitFor();
      await page.waitForTimeout(600);
      await page.screenshot({ path: `${folder}/${file}.png`, fullPage: true });
      await page.close();
    }
  }
}
await browser.close();
