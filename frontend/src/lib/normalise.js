/**
 * The rules by which the server groups raw rows, for the live rows that arrive as they stand in the table:
 * trim is U+0009–000D, U+0020 and U+00A0 at both ends; fold is A–Z only.
 *
 * @typedef {import('../api/types').Sale} Sale
 * @typedef {import('../api/types').Filter} Filter
 */

const TRIM = /^[\t-\r \u00a0]+|[\t-\r \u00a0]+$/g;

/** @param {string} text */
const trim = (text) => text.replace(TRIM, '');

/** @param {string} text */
const fold = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** @param {string | null} value */
const named = (value) => (value === null ? null : trim(value) || null);

/**
 * @param {string | null} value
 * @param {Record<string, string>} statuses folded raw value → status
 */
export function statusOf(value, statuses) {
  const name = named(value);
  return name === null ? 'unknown' : (statuses[fold(name)] ?? 'unknown');
}

/** A status word as mappings hold it. @param {string} word */
export const folded = (word) => fold(trim(word));

/** @param {string | null} value */
const stageOf = (value) => {
  const name = named(value);
  return name === null ? null : fold(name);
};

/**
 * @param {Sale} sale
 * @param {Filter} filter
 * @param {Record<string, string>} statuses
 */
export function matches(sale, filter, statuses) {
  return Object.entries(filter).every(([key, entries]) => {
    if (entries.length === 0) return true;
    const dimension = key.replace('not_', '');
    const value = labelOf(dimension, /** @type {Record<string, string | null>} */ (sale)[dimension] ?? null, statuses);
    const found = entries.some((entry) => wanted(dimension, entry) === value);
    return key.startsWith('not_') ? !found : found;
  });
}

/** @param {string} dimension @param {string | null} value @param {Record<string, string>} statuses */
function labelOf(dimension, value, statuses) {
  if (dimension === 'status') return statusOf(value, statuses);
  return dimension === 'stage' ? stageOf(value) : named(value);
}

/** @param {import('../api/types').Dimension} dimension @param {string | null} entry */
function wanted(dimension, entry) {
  if (dimension === 'status') return entry === null ? 'unknown' : fold(trim(entry));
  return dimension === 'stage' ? stageOf(entry) : named(entry);
}
