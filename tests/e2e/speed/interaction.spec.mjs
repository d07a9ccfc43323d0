import { INTERACTIONS, median, prepare } from '../support/interactions.mjs';
import { expect, settled, test } from '../support/test.mjs';

/** From the press of the pointer to the frame that answers it, on a processor four times slower. */

test.use({ trace: 'off' });

const BUDGET_MS = 200;
const TIMES = 5;

for (const [name, ...steps] of INTERACTIONS) {
  test(`${name} shows within ${BUDGET_MS} ms`, async ({ page, sample }) => {
    await page.goto(sample.url);
    await settled(page);
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    /** @type {number[][]} */
    const times = steps.map(() => []);
    for (let run = 0; run < TIMES; run += 1) {
      for (const [index, { press, first, ...whole }] of steps.entries()) {
        const act = await prepare(page, press(page), first ?? whole);
        times[index]?.push(await act());
        await expect(page.locator(whole.selector).filter({ hasText: whole.text }).first()).toBeVisible();
      }
    }
    const medians = times.map((list) => Math.round(median(list)));
    console.log(`  ${name}: ${medians.join(' and back ')} ms (${times.map((list) => list.map(Math.round).join(', ')).join('; ')})`);
    expect(Math.max(...medians)).toBeLessThanOrEqual(BUDGET_MS);
  });
}
