import { expect, panel, settled, test } from '../support/test.mjs';

test('keys lead to the filters, clear them, and bring them back', async ({ page, sample }) => {
  await page.goto(`${sample.url}/?region=North&status=open`);
  await settled(page);
  await page.keyboard.press('f');
  await expect(page.getByRole('button', { name: 'Region 1 selected' })).toBeFocused();
  await page.keyboard.press('x');
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('status')).toContainText('Filters cleared');
  const toast = page.getByRole('group', { name: 'Undo' });
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(page).toHaveURL(/\?region=North&status=open$/);
  await expect(toast).toBeHidden();
});

test('what goes away hands its focus to the filters', async ({ page, sample }) => {
  await page.goto(`${sample.url}/?region=North&product=Sage+Intacct`);
  await settled(page);
  await page.getByRole('button', { name: 'Remove filter: Region North' }).press('Enter');
  await expect(page).toHaveURL(/\?product=/);
  await expect(page.getByRole('search').getByRole('button', { name: 'Region' })).toBeFocused();
});

test('keys do nothing to the page while a dialog is open or somebody types', async ({ page, sample }) => {
  await page.goto(`${sample.url}/?region=North`);
  await settled(page);
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('x');
  await page.keyboard.press('c');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\?region=North$/);
});

test('keys of the overview do nothing on the other page', async ({ page, sample }) => {
  await page.goto(`${sample.url}/data?region=North`);
  await expect(panel(page, 'Source')).toBeVisible();
  await page.keyboard.press('x');
  await page.keyboard.press('.');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await settled(page);
  await expect(page).toHaveURL(/\/\?region=North$/);
  await expect(panel(page, 'Last Month Sales')).toContainText('LIVE · ');
});

test('the density of rows can be chosen and is kept', async ({ page, sample }) => {
  await page.goto(sample.url);
  await settled(page);
  const row = page.locator('.stable tbody tr').first();
  const height = async () => Math.round((await row.boundingBox())?.height ?? 0);
  expect(await height()).toBe(36);
  await page.getByRole('button', { name: 'Rows: comfortable' }).click();
  await expect.poll(height).toBe(28);
  await page.reload();
  await settled(page);
  await expect(page.getByRole('button', { name: 'Rows: compact' })).toBeVisible();
  expect(await height()).toBe(28);
});
