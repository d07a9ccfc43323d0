/** What people do most on the overview, each with what then stands where; written for the eight sample rows. */

/**
 * What is pressed and what then stands where, there and back again; `first` is what answers before the server has.
 * @type {[string, ...{ press: (page: import('@playwright/test').Page) => import('@playwright/test').Locator, selector: string, text: string,
 *   first?: { selector: string, text: string } }[]][]}
 */
export const INTERACTIONS = [
  ['a filter',
    { press: (page) => page.getByRole('button', { name: 'Filter by North' }), selector: '.tile-lead .tile-value', text: '75K',
      first: { selector: '.prow[data-pressed=true]', text: 'North' } },
    { press: (page) => page.getByRole('button', { name: 'Filter by North' }), selector: '.tile-lead .tile-value', text: '162K',
      first: { selector: '.prow[data-pressed=false]', text: 'North' } }],
  ['the other page',
    { press: (page) => page.getByRole('link', { name: 'Data', exact: true }), selector: '.fact', text: 'Content hash' },
    { press: (page) => page.getByRole('link', { name: 'Overview', exact: true }), selector: '.tile-lead .tile-value', text: '162K' }],
  ['sorting',
    { press: (page) => page.getByRole('button', { name: 'Amount', exact: true }), selector: '.srow:first-child', text: '150,000' },
    { press: (page) => page.getByRole('button', { name: 'Date', exact: true }), selector: '.srow:first-child', text: 'RetailCo' }],
];

/**
 * Gets everything ready for a press, so that what follows is the page's work alone.
 * @param {import('@playwright/test').Page} page
 * @param {import('@playwright/test').Locator} control
 * @param {{ selector: string, text: string }} result
 * @returns {Promise<() => Promise<number>>} presses; answers the milliseconds until the frame that shows the result is painted
 */
export async function prepare(page, control, result) {
  await control.scrollIntoViewIfNeeded();
  const box = await control.boundingBox();
  if (!box) throw new Error('nothing to press');
  await page.evaluate(({ selector, text }) => {
    Object.assign(window, {
      shown: new Promise((resolve) => {
        addEventListener('pointerdown', ({ timeStamp }) => {
          const look = () => {
            const found = [...document.querySelectorAll(selector)].some((element) => element.textContent?.includes(text));
            if (!found) return requestAnimationFrame(look);
            // The task after a frame's callbacks runs when that frame has been painted.
            return requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - timeStamp)));
          };
          requestAnimationFrame(look);
        }, { once: true, capture: true });
      }),
    });
  }, result);
  return async () => {
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    return page.evaluate(() => /** @type {any} */ (window).shown);
  };
}

/** @param {number[]} values */
export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
