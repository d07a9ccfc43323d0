import { expect, test } from 'vitest';
import { endingOf, restWords } from './ending.js';
import { createFormat } from './format.js';

const format = createFormat({ locale: 'en-GB', currency: null, zone: 'UTC' });

/** @param {string[]} statuses */
const facets = (...statuses) => ({ status: statuses.map((value) => ({ value, deals: 1 })) });

/** @param {Record<string, string | null>} amounts */
const totals = (amounts) => /** @type {any} */ ({
  by_status: Object.fromEntries(['open', 'closed', 'won', 'lost', 'unknown'].map((status) => [status, { amount: amounts[status] ?? null }])),
});

test.each([
  [['open', 'closed'], 'closed'],
  [['open', 'won', 'lost'], 'won'],
  [['open', 'lost'], 'won'],
  [['open', 'won', 'closed'], 'closed'],
  [['open'], 'closed'],
  [[], 'closed'],
])('the ending of %j is %s', (statuses, ending) => {
  expect(endingOf(facets(...statuses))).toBe(ending);
});

test('what a total holds besides is said with its outcome', () => {
  const all = totals({ open: '1.00', closed: '2.00', won: '3000.00', lost: '400.00', unknown: '5.00' });
  expect(restWords(all, 'closed', format)).toBe('3.4K won or lost and 5 with another status');
  expect(restWords(all, 'won', format)).toBe('400 lost and 7 with another status');
  expect(restWords(totals({ open: '1.00', won: '2.00' }), 'won', format)).toBe('');
});
