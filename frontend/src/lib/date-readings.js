/**
 * The days that a text such as "3/4/2026" can be, by the order of its parts; null where it can be but one.
 * @param {string} text
 * @returns {Record<string, string> | null}
 */
export function dateReadings(text) {
  const parts = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)/.exec(text);
  if (!parts) return null;
  const [first, second, year] = /** @type {[number, number, number]} */ (parts.slice(1).map(Number));
  if (first === second || first < 1 || second < 1 || first > 12 || second > 12) return null;
  const on = (/** @type {number} */ month, /** @type {number} */ day) =>
    `${year < 100 ? 2000 + year : year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return { day_month_year: on(second, first), month_day_year: on(first, second) };
}
