import { test as base, expect } from '@playwright/test';
import { startHosted } from './hosted.mjs';
import { startMock, startProduct } from './product.mjs';
import { USER } from './sign-in-provider.mjs';

/**
 * `sample`: a product shared by the tests of a worker that only read. `own`: one that a test may change.
 * `machineZone`: the time zone of the machine that `own` runs on. `standIn`: the stand-in on the invented company; `hosted`: the same behind a sign-in, as on AWS. Every page fails its test on console errors and refused content.
 */
export const test = base.extend({
  sample: [async ({}, use) => {
    const product = await startProduct();
    await use(product);
    await product.stop();
  }, { scope: 'worker' }],
  standIn: [async ({}, use) => {
    const product = await startMock('demo');
    await use(product);
    await product.stop();
  }, { scope: 'worker' }],
  hosted: async ({ standIn }, use) => {
    const hosted = await startHosted(standIn.url);
    await use(hosted);
    await hosted.stop();
  },
  machineZone: [undefined, { option: true }],
  own: async ({ machineZone }, use) => {
    const product = await startProduct(machineZone);
    await use(product);
    await product.stop();
  },
  allowedErrors: [/Failed to load resource/, { option: true }],
  page: async ({ page, allowedErrors }, use) => {
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !allowedErrors.test(message.text())) problems.push(message.text());
    });
    await use(page);
    expect(problems, 'console errors').toEqual([]);
  },
});

export { expect };

/** A tile by its label. @param {import('@playwright/test').Page} page @param {string} label */
export const tile = (page, label) => page.getByRole('listitem').filter({ hasText: label });

/** The section with that heading. @param {import('@playwright/test').Page} page @param {string} title */
export const panel = (page, title) => page.getByRole('region', { name: title, exact: true });

/** What the cells of each row of a table say, as a reader sees it. @param {import('@playwright/test').Locator} table */
export async function rowsOf(table) {
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map(async (row) => {
    const cells = await row.locator('th, td').all();
    return Promise.all(cells.map(async (cell) => (await cell.innerText()).trim()));
  }));
}

/** Waits until the numbers stand. @param {import('@playwright/test').Page} page */
export async function settled(page) {
  await expect(page.locator('.ptable')).toHaveCount(2);
  await expect(page.locator('.stable')).toBeVisible();
}

/** Fills in the provider's own page. @param {import('@playwright/test').Page} page */
export async function signIn(page) {
  await page.getByLabel('Email').fill(USER.email);
  await page.getByLabel('Password').fill(USER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
