import { parseCents } from '../../lib/money.js';

/** @typedef {import('../../api/types').Sale} Sale */

/** @param {string | null | undefined} value */
const isMissing = (value) => value === null || value === undefined || value.trim() === '';

/** @param {string} left @param {string} right @param {string} key */
function compare(left, right, key) {
  if (key === 'amount') {
    const delta = parseCents(left) - parseCents(right);
    return delta < 0n ? -1 : delta > 0n ? 1 : 0;
  }
  if (key === 'sale_date') return left < right ? -1 : left > right ? 1 : 0;
  return left.localeCompare(right);
}

/**
 * Missing values come last in both directions; ties keep the server's order (newest first).
 * @param {Sale[]} sales
 * @param {string} sort a column, with "-" in front for descending
 */
export function sortSales(sales, sort) {
  const key = sort.replace(/^-/, '');
  const sign = sort.startsWith('-') ? -1 : 1;
  return sales.toSorted((a, b) => {
    const [left, right] = [a[key], b[key]];
    if (isMissing(left) || isMissing(right)) return Number(isMissing(left)) - Number(isMissing(right));
    return sign * compare(/** @type {string} */ (left), /** @type {string} */ (right), key);
  });
}
