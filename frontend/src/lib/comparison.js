import { addDays } from './format.js';

/**
 * What the figures of a snapshot are compared with: always another stored snapshot, found by its date or by the
 * order of publishing. Where it comes from decides only which snapshot; the two are then read alike.
 *
 * @typedef {'snapshot7d' | 'prev' | 'year' | 'off'} Compare
 * @typedef {{ snapshot_id: string, business_date: string }} Shown the snapshot on the screen
 * @typedef {Pick<import('../api/types').SnapshotEntry, 'id' | 'business_date'>} Stored
 */

/** @type {readonly Compare[]} */
export const COMPARISONS = ['snapshot7d', 'prev', 'year', 'off'];

/** @type {Compare} */
export const DEFAULT_COMPARE = 'snapshot7d';

/** How many of the newest snapshots the page lists. */
export const LISTED = 60;

/**
 * The day, if a snapshot of it or of one before may be stored: asking for what is not there is an error in the browser's log.
 * @param {string} day
 * @param {Stored[] | undefined} stored
 */
const mayBeStored = (day, stored) =>
  stored && (stored.length >= LISTED || stored.some((entry) => entry.business_date <= day)) ? day : null;

/** The same day a year earlier; the last of February for a leap day. @param {string} day */
function yearBefore(day) {
  const [year = '', month = '', date = ''] = day.split('-');
  const before = String(Number(year) - 1).padStart(4, '0');
  return month === '02' && date === '29' ? `${before}-02-28` : `${before}-${month}-${date}`;
}

/** @param {Stored[]} stored newest first @param {string} id */
function published(stored, id) {
  const at = stored.findIndex((entry) => entry.id === id);
  return at === -1 ? null : (stored[at + 1]?.id ?? null);
}

/**
 * What to ask the server for, as its `as_of`; null where nothing is compared or nothing earlier is known.
 *
 * @param {Compare} compare
 * @param {Shown} shown
 * @param {Stored[] | undefined} stored newest first; undefined while the list is not there
 */
export function comparisonTarget(compare, shown, stored) {
  switch (compare) {
    case 'snapshot7d':
      return mayBeStored(addDays(shown.business_date, -7), stored);
    case 'year':
      return mayBeStored(yearBefore(shown.business_date), stored);
    case 'prev':
      return stored ? published(stored, shown.snapshot_id) : null;
    case 'off':
      return null;
  }
}

/**
 * The stored snapshot that a comparison would take; undefined when the list has none.
 *
 * @template {Stored} Entry
 * @param {Compare} compare
 * @param {Shown} shown
 * @param {Entry[]} stored newest first
 * @returns {Entry | undefined}
 */
export function comparedEntry(compare, shown, stored) {
  const target = comparisonTarget(compare, shown, stored);
  if (target === null) return undefined;
  return stored.find(({ id, business_date: day }) => id === target || (compare !== 'prev' && day <= target));
}
