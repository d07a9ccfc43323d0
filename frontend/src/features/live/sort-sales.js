import { parseCents } from '../../lib/money.js';

/**
 * @typedef {import('../../api/types').Sale} Sale
 * @typedef {'sale_date' | 'customer_name' | 'region' | 'product' | 'stage' | 'status' | 'amount'} SortKey
 */

/** @param {Sale} a @param {Sale} b @param {SortKey} key */
function compare(a, b, key) {
  const [left, right] = [a[key], b[key]];
  if (left === null || right === null) return 0;
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
  const key = /** @type {SortKey} */ (sort.replace(/^-/, ''));
  const sign = sort.startsWith('-') ? -1 : 1;
  return sales.toSorted((a, b) => {
    if (a[key] === null || b[key] === null) return Number(a[key] === null) - Number(b[key] === null);
    return sign * compare(a, b, key);
  });
}
