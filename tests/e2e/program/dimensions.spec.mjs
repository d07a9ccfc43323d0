import { startWithDimensions } from '../support/product.mjs';
import { expect, panel, test } from '../support/test.mjs';

test("the table's own dimensions are filters, groupings and columns", async ({ page }) => {
  const product = await startWithDimensions();
  try {
    await page.goto(`${product.url}/?owner=Ann`);
    await expect(page.locator('.ptable')).toHaveCount(4);
    await expect(page.getByRole('button', { name: 'Remove filter: Owner Ann' })).toBeVisible();
    await expect(panel(page, 'Last Month Sales').locator('tbody tr')).toHaveCount(3);
    await expect(panel(page, 'Last Month Sales').getByRole('columnheader', { name: 'Segment' })).toBeVisible();
    const owners = panel(page, 'Pipeline by Owner');
    await expect(owners.locator('tbody tr')).toHaveCount(3);
    await expect(owners).toContainText('Not filtered by owner.');

    await page.getByRole('button', { name: 'Remove filter: Owner Ann' }).click();
    await expect(page).toHaveURL(/\/$/);
    await owners.getByRole('button', { name: 'Filter by Bo' }).click();
    await expect(page).toHaveURL(/\?owner=Bo$/);
    await expect(panel(page, 'Last Month Sales').locator('tbody tr')).toHaveCount(2);
    await expect(panel(page, 'Pipeline by Segment').getByRole('button', { name: 'Filter by SMB' })).toBeVisible();

    await page.goto(`${product.url}/?sort=-owner`);
    const header = panel(page, 'Last Month Sales').getByRole('columnheader', { name: 'Owner' });
    await expect(header).toHaveAttribute('aria-sort', 'descending');
    const ownersListed = () => panel(page, 'Last Month Sales').locator('td[data-label="Owner"]').allInnerTexts();
    expect((await ownersListed()).slice(0, 5)).toEqual(['Bo', 'Bo', 'Ann', 'Ann', 'Ann']);
    await header.getByRole('button').press('Enter');
    await expect(page).toHaveURL(/\?sort=owner$/);
    await expect(header).toHaveAttribute('aria-sort', 'ascending');
    expect((await ownersListed()).slice(0, 5)).toEqual(['Ann', 'Ann', 'Ann', 'Bo', 'Bo']);
  } finally {
    await product.stop();
  }
});
