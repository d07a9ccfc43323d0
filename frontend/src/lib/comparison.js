import { addDays } from './format.js';

/**
 * What the figures of a snapshot are compared with: always another stored snapshot of the same rows, found by its date or
 * by the order of publishing: a demo's figures say nothing about somebody's own. Where it comes from decides only which
 * snapshot; the two are then read alike.
 *
 * @typedef {'snapshot7d' | 'prev' | 'year' | 'off'} Compare
 * @typedef {{ snapshot_id: string, business_date: string, origin: string }} Shown the snapshot on the screen
 * @typedef {Pick<import('../api/types').SnapshotEntry, 'id' | 'business_date' | 'origin'>} Stored
 */

/** @type {readonly Compare[]} */
export const COMPARISONS = ['snapshot7d', 'prev', 'year', 'off'];

/** @type {Compare} */
export const DEFAULT_COMPARE = 'snapshot7d';

/** How many of the newest snapshots the page lists. */
export const LISTED = 60;

/** The same day a year earlier; the last of February for a leap day. @param {string} day */
function yearBefore(day) {
  const [year = '', month = '', date = ''] = day.split('-');
  const before = String(Number(year) - 1).padStart(4, '0');
  return month === '02' && date === '29' ? `${before}-02-28` : `${before}-${month}-${date}`;
}

/** @param {Compare} compare @param {Shown} shown */
function dayOf(compare, shown) {
  if (compare === 'snapshot7d') return addDays(shown.business_date, -7);
  return compare === 'year' ? yearBefore(shown.business_date) : null;
}

/** @template {Stored} Entry @param {Entry[]} stored newest first @param {string} origin */
export const ofOrigin = (stored, origin) => stored.filter((entry) => entry.origin === origin);

/** As the server finds a day. @template {Stored} Entry @param {Entry[]} stored @param {string} day */
function newestUntil(stored, day) {
  let best = /** @type {Entry | undefined} */ (undefined);
  for (const entry of stored) {
    if (entry.business_date <= day && (best === undefined || best.business_date < entry.business_date)) best = entry;
  }
  return best;
}

/**
 * The stored snapshot that a comparison takes; undefined when the list has none.
 *
 * @template {Stored} Entry
 * @param {Compare} compare
 * @param {Shown} shown
 * @param {Entry[]} stored newest first
 * @returns {Entry | undefined}
 */
export function comparedEntry(compare, shown, stored) {
  const alike = ofOrigin(stored, shown.origin);
  const day = dayOf(compare, shown);
  if (day !== null) return newestUntil(alike, day);
  const at = alike.findIndex(({ id }) => id === shown.snapshot_id);
  return compare === 'off' || at === -1 ? undefined : alike[at + 1];
}

/**
 * What to ask the server for, as its `as_of`; null where nothing is compared or nothing earlier is known: asking for what is
 * not there is an error in the browser's log.
 *
 * @param {Compare} compare
 * @param {Shown} shown
 * @param {Stored[] | undefined} stored newest first; undefined while the list is not there
 */
export function comparisonTarget(compare, shown, stored) {
  if (stored === undefined) return null;
  const listed = comparedEntry(compare, shown, stored);
  if (listed) return listed.id;
  return stored.length < LISTED ? null : dayOf(compare, shown);
}
