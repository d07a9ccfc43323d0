import AxeBuilder from '@axe-core/playwright';
import { test } from './test.mjs';

/**
 * What axe finds, and also what it cannot decide and nobody has reviewed.
 * @param {import('@playwright/test').Page} page
 * @param {{ reviewed?: RegExp | null, within?: string | null }} [options] targets whose contrast axe cannot compute; the part looked at
 */
export async function findings(page, { reviewed = null, within = null } = {}) {
  test.slow();
  const axe = new AxeBuilder({ page });
  const { violations, incomplete } = await (within === null ? axe : axe.include(within)).analyze();
  const open = incomplete
    .map((rule) => ({ ...rule, nodes: rule.nodes.filter(({ target }) => !(rule.id === 'color-contrast' && reviewed?.test(target.join(' ')))) }))
    .filter(({ nodes }) => nodes.length > 0);
  return [...violations, ...open].map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
