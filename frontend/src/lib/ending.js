import { centsToText, parseCents } from './money.js';

/**
 * What stands beside "open". Where a system says won and lost and never plain closed, a column of closed deals would be
 * empty, and what was won would be seen nowhere.
 *
 * @typedef {'closed' | 'won'} Ending
 * @typedef {import('../api/types').Totals} Totals
 */

/** @type {Record<Ending, string>} */
export const ENDING_TITLES = { closed: 'Closed', won: 'Won' };

/** @type {Record<Ending, string>} */
export const ENDING_MEANINGS = { closed: 'Closed, outcome not recorded', won: 'Won' };

/** @param {Record<string, { value: string | null }[]>} facets @returns {Ending} */
export function endingOf(facets) {
  const has = (/** @type {string} */ status) => (facets.status ?? []).some(({ value }) => value === status);
  return !has('closed') && (has('won') || has('lost')) ? 'won' : 'closed';
}

/** @param {string | null} amount */
const cents = (amount) => (amount === null ? 0n : parseCents(amount));

/**
 * What else a total holds than open deals and those of the ending: "34M lost and 120K of unknown status"; empty: nothing.
 * @param {Totals} totals @param {Ending} ending @param {import('./format.js').Format} format
 */
export function restWords({ by_status: by }, ending, format) {
  const decided = ending === 'won' ? cents(by.lost.amount) : cents(by.won.amount) + cents(by.lost.amount);
  const unknown = cents(by.unknown.amount) + (ending === 'won' ? cents(by.closed.amount) : 0n);
  return [
    decided !== 0n && `${format.moneyCompact(centsToText(decided))} ${ending === 'won' ? 'lost' : 'won or lost'}`,
    unknown !== 0n && `${format.moneyCompact(centsToText(unknown))} with another status`,
  ].filter(Boolean).join(' and ');
}
