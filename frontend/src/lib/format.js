import { divideRounded, parseCents } from './money.js';

/**
 * The only place where a number or a date becomes text. Amounts are formatted from exact hundredths;
 * a missing figure is an en dash; a minus is U+2212 in every locale.
 */

export const MINUS = '\u2212';
export const MISSING = '\u2013';

const UNITS = /** @type {const} */ ([
  [1_000_000_000_000n, 'T'],
  [1_000_000_000n, 'B'],
  [1_000_000n, 'M'],
  [1_000n, 'K'],
]);

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * @typedef {{ locale: string, currency: string | null, zone: string }} FormatConfig
 * @typedef {{ kind: 'up' | 'down' | 'flat' | 'new' | 'none', text: string }} Change
 * @typedef {ReturnType<typeof createFormat>} Format
 */

/** @param {string} text */
const trueMinus = (text) => text.replace(/-(?=[^\s]*\d)/u, MINUS);

/**
 * Three significant digits of |cents|, rounded half away from zero: the unit is the largest one of which
 * there is at least 1.00 after rounding, so 999,500 is "1M" and never "1000K".
 * @param {bigint} cents
 */
function compactParts(cents) {
  const size = cents < 0n ? -cents : cents;
  for (const [unit, suffix] of UNITS) {
    const base = unit * 100n;
    if (divideRounded(size * 1000n, base) < 1000n) continue;
    const whole = size / base;
    const decimals = whole >= 100n ? 0 : whole >= 10n ? 1 : 2;
    return { scaled: divideRounded(size * 10n ** BigInt(decimals), base), decimals, suffix };
  }
  return { scaled: divideRounded(size, 100n), decimals: 0, suffix: '' };
}

/** @param {bigint} scaled @param {number} decimals */
function decimalText(scaled, decimals) {
  if (decimals === 0) return String(scaled);
  const digits = String(scaled).padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  const whole = digits.slice(0, -decimals);
  return fraction ? `${whole}.${fraction}` : whole;
}

/**
 * Each formatter is made when it is first needed: making one costs a millisecond on a desktop and four on a phone,
 * and a first paint has many to make.
 * @template {Record<string, () => unknown>} Makers
 * @param {Makers} makers
 * @returns {{ readonly [Name in keyof Makers]: ReturnType<Makers[Name]> }}
 */
function lazily(makers) {
  const made = /** @type {any} */ ({});
  for (const [name, make] of Object.entries(makers)) {
    let value;
    Object.defineProperty(made, name, { get: () => (value ??= make()) });
  }
  return made;
}

/** What `make` gives, or `usual` where Intl does not take what it was given. @template T @param {T} usual @param {() => T} make */
function orUsual(usual, make) {
  try {
    return make();
  } catch {
    return usual;
  }
}

/**
 * The same with what Intl does not take replaced: a snapshot keeps the settings of its night, also mistaken ones.
 * @param {FormatConfig} config
 * @returns {FormatConfig}
 */
function understood({ locale, currency, zone }) {
  return {
    locale: orUsual('en-GB', () => (Intl.NumberFormat.supportedLocalesOf(locale), locale)),
    currency: currency !== null && /^[a-z]{3}$/i.test(currency) ? currency : null,
    zone: zone === 'UTC' ? zone : orUsual('UTC', () => (new Intl.DateTimeFormat('en-GB', { timeZone: zone }), zone)),
  };
}

/** @param {FormatConfig} config */
function numberFormats({ locale, currency }) {
  const money = currency
    ? /** @type {Intl.NumberFormatOptions} */ ({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
    : {};
  return lazily({
    exact: () => new Intl.NumberFormat(locale, { ...money, minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    whole: () => new Intl.NumberFormat(locale, { ...money, minimumFractionDigits: 0, maximumFractionDigits: 0 }),
    mantissa: () => new Intl.NumberFormat(locale, { ...money, minimumFractionDigits: 0, maximumFractionDigits: 2 }),
    count: () => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
    rate: () => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  });
}

/** @param {FormatConfig} config */
function dateFormats({ locale, zone }) {
  const calendar = { timeZone: 'UTC' };
  const minute = /** @type {const} */ ({
    timeZone: zone, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  });
  return lazily({
    day: () => new Intl.DateTimeFormat(locale, { ...calendar, day: 'numeric', month: 'short' }),
    dayYear: () => new Intl.DateTimeFormat(locale, { ...calendar, day: 'numeric', month: 'short', year: 'numeric' }),
    dayLong: () => new Intl.DateTimeFormat(locale, { ...calendar, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
    time: () => new Intl.DateTimeFormat(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    minute: () => new Intl.DateTimeFormat(locale, minute),
    instant: () => new Intl.DateTimeFormat(locale, { ...minute, second: '2-digit' }),
    calendar: () => new Intl.DateTimeFormat(locale, {
      timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', calendar: 'gregory', numberingSystem: 'latn',
    }),
  });
}

/** @param {string} day "2026-11-22" */
const calendarDate = (day) => new Date(`${day}T00:00:00Z`);

/** @param {string} day @param {number} days */
export function addDays(day, days) {
  return new Date(calendarDate(day).getTime() + days * DAY).toISOString().slice(0, 10);
}

/**
 * An age in words. Future instants (a clock that is ahead) count as now.
 * @param {string} instant
 * @param {number} now milliseconds
 */
export function formatAge(instant, now) {
  const age = Math.max(0, now - Date.parse(instant));
  if (age < 2 * SECOND) return 'just now';
  return `${formatDuration(age)} ago`;
}

/** @param {number} milliseconds the largest unit only: "9 s", "5 min", "9 h", "3 d" */
export function formatDuration(milliseconds) {
  if (milliseconds < MINUTE) return `${Math.floor(milliseconds / SECOND)} s`;
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min`;
  if (milliseconds < 2 * DAY) return `${Math.floor(milliseconds / HOUR)} h`;
  return `${Math.floor(milliseconds / DAY)} d`;
}

/** @param {number} milliseconds with the smaller unit: "9 s", "3 min 4 s", "2 h 5 min" */
export function formatElapsed(milliseconds) {
  if (milliseconds < SECOND) return 'under 1 s';
  if (milliseconds < MINUTE) return `${Math.floor(milliseconds / SECOND)} s`;
  if (milliseconds < HOUR) {
    return `${Math.floor(milliseconds / MINUTE)} min ${Math.floor((milliseconds % MINUTE) / SECOND)} s`;
  }
  return `${Math.floor(milliseconds / HOUR)} h ${Math.floor((milliseconds % HOUR) / MINUTE)} min`;
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

/**
 * How a figure moved, from exact integers of the same scale. Moves below half a percent are no change.
 * @param {bigint | null} now
 * @param {bigint | null} then
 * @param {(tenths: bigint) => string} percentText tenths of a percent, without sign
 * @returns {Change}
 */
function changeOf(now, then, percentText) {
  if (now === null || then === null) return { kind: 'none', text: 'n/a' };
  if (then === 0n) return now === 0n ? { kind: 'flat', text: 'no change' } : { kind: 'new', text: 'new' };
  if (then < 0n) return { kind: 'none', text: 'n/a' };
  const delta = now - then;
  const size = delta < 0n ? -delta : delta;
  if (size * 200n < then) return { kind: 'flat', text: 'no change' };
  if (delta > 0n && size >= then * 10n) return { kind: 'up', text: `×${divideRounded(now, then)}` };
  const percent = percentText(divideRounded(size * 1000n, then));
  return delta > 0n ? { kind: 'up', text: `+${percent}` } : { kind: 'down', text: `${MINUS}${percent}` };
}

/** @param {FormatConfig} given */
export function createFormat(given) {
  const config = understood(given);
  const numbers = numberFormats(config);
  const dates = dateFormats(config);

  /** @param {Intl.NumberFormat} format @param {bigint} cents @param {string} text */
  const signed = (format, cents, text) =>
    trueMinus(format.format(/** @type {any} */ (cents < 0n && text !== '0' ? `-${text}` : text)));

  /** @param {string | null} amount */
  const money = (amount) => {
    if (amount === null) return MISSING;
    const cents = parseCents(amount);
    const units = divideRounded(cents < 0n ? -cents : cents, 100n);
    return signed(numbers.whole, cents, String(units));
  };

  /** @param {string | null} amount */
  const moneyExact = (amount) =>
    amount === null ? MISSING : trueMinus(numbers.exact.format(/** @type {any} */ (amount)));

  /** @param {string | null} amount */
  const moneyCompact = (amount) => {
    if (amount === null) return MISSING;
    const cents = parseCents(amount);
    const { scaled, decimals, suffix } = compactParts(cents);
    const text = decimalText(scaled, decimals);
    const value = /** @type {any} */ (cents < 0n && text !== '0' ? `-${text}` : text);
    const parts = numbers.mantissa.formatToParts(value);
    const last = parts.findLastIndex((part) => part.type === 'integer' || part.type === 'fraction');
    return trueMinus(parts.map((part, index) => part.value + (index === last ? suffix : '')).join(''));
  };

  /** @param {number | null} count */
  const count = (count) => (count === null ? MISSING : trueMinus(numbers.count.format(count)));

  /** @param {number} value */
  const countCompact = (value) => {
    if (Math.abs(value) < 100_000) return count(value);
    const { scaled, decimals, suffix } = compactParts(BigInt(value) * 100n);
    const text = numbers.mantissa.formatToParts(/** @type {any} */ (decimalText(scaled, decimals)));
    const plain = text.filter((part) => part.type !== 'currency' && part.type !== 'literal').map((part) => part.value);
    return `${value < 0 ? MINUS : ''}${plain.join('')}${suffix}`;
  };

  /** @param {bigint} tenths */
  const percent = (tenths) => `${numbers.rate.format(/** @type {any} */ (decimalText(tenths, 1)))}%`;

  /** @param {string | null} part @param {string | null} whole share in whole percent */
  const share = (part, whole) => {
    if (part === null || whole === null) return MISSING;
    const base = parseCents(whole);
    if (base <= 0n) return MISSING;
    return `${trueMinus(numbers.count.format(divideRounded(parseCents(part) * 100n, base)))}%`;
  };

  /** @param {string | null} now @param {string | null} then */
  const changeMoney = (now, then) =>
    changeOf(now === null ? null : parseCents(now), then === null ? null : parseCents(then), percent);

  /** @param {number} now @param {number} then */
  const changeCount = (now, then) => changeOf(BigInt(now), BigInt(then), percent);

  /** @param {string} iso @param {string} [reference] the day that says which year is the current one */
  const day = (iso, reference) =>
    (reference !== undefined && reference.slice(0, 4) !== iso.slice(0, 4) ? dates.dayYear : dates.day).format(calendarDate(iso));

  /** The day "2026-11-22" of an instant in the zone. @param {Date} at */
  const isoDay = (at) => {
    if (config.zone === 'UTC') return at.toISOString().slice(0, 10);
    const parts = Object.fromEntries(dates.calendar.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${parts.year}-${parts.month}-${parts.day}`;
  };

  /** @param {string} instant @param {number} now */
  const instant = (instant, now) => {
    const at = new Date(instant);
    const on = isoDay(at);
    const today = isoDay(new Date(now));
    return on === today ? dates.time.format(at) : `${day(on, today)} ${dates.time.format(at)}`;
  };

  /** The same where it stands among other days, as in a column. @param {string} at @param {number} now */
  const instantOfDay = (at, now) => {
    const text = instant(at, now);
    return text.includes(' ') ? text : `Today ${text}`;
  };

  return {
    config,
    money,
    moneyExact,
    moneyCompact,
    count,
    countCompact,
    share,
    changeMoney,
    changeCount,
    day,
    instant,
    instantOfDay,
    /** @param {string} iso */
    dayOfYear: (iso) => dates.dayYear.format(calendarDate(iso)),
    /** @param {string} iso */
    dayLong: (iso) => dates.dayLong.format(calendarDate(iso)).replace(',', ''),
    /** @param {{ start: string, end: string }} window half-open; the last day shown is the one before `end` */
    range: (window) => dates.day.formatRange(calendarDate(window.start), calendarDate(addDays(window.end, -1))).replaceAll('\u2009', ' '),
    /** @param {string} instant to the minute */
    instantMinute: (instant) => `${dates.minute.format(new Date(instant)).replace(',', '')} ${config.zone}`,
    /** @param {string} instant to the second */
    instantFull: (instant) => `${dates.instant.format(new Date(instant)).replace(',', '')} ${config.zone}`,
  };
}
