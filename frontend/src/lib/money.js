/** Exact arithmetic on amounts: decimal strings become BigInt hundredths and never a binary fraction. */

const AMOUNT = /^(-?)(\d+)(?:\.(\d{1,2}))?$/;

/**
 * @param {string} text a decimal string with at most two decimals, e.g. "-387000.00"
 * @returns {bigint} hundredths
 */
export function parseCents(text) {
  const match = AMOUNT.exec(text);
  if (!match) throw new RangeError(`not an amount: ${text}`);
  const [, sign, whole = '0', fraction = ''] = match;
  const cents = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
  return sign ? -cents : cents;
}

/** @param {bigint} cents */
export function centsToText(cents) {
  const size = cents < 0n ? -cents : cents;
  const text = `${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
  return cents < 0n ? `-${text}` : text;
}

/**
 * Integer division, rounded half away from zero.
 * @param {bigint} numerator
 * @param {bigint} divisor above zero
 */
export function divideRounded(numerator, divisor) {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return numerator < 0n ? -rounded : rounded;
}

/**
 * A ratio of two amounts as a plain number for lengths of bars; never for a printed figure.
 * @param {bigint} part
 * @param {bigint} whole
 */
export function fraction(part, whole) {
  if (whole <= 0n || part <= 0n) return 0;
  return Number((part * 10_000n) / whole) / 10_000;
}

/**
 * @param {Iterable<string | null>} amounts
 * @returns {string | null} the sum; null when values exist and none is priced, as the API does it
 */
export function sumAmounts(amounts) {
  let sum = 0n;
  let rows = 0;
  let priced = 0;
  for (const amount of amounts) {
    rows += 1;
    if (amount === null) continue;
    priced += 1;
    sum += parseCents(amount);
  }
  return rows > 0 && priced === 0 ? null : centsToText(sum);
}
