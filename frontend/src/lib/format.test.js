import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUS, addDays, createFormat, formatAge, formatBytes, formatDuration, formatElapsed } from './format.js';
import { centsToText } from './money.js';

const plain = createFormat({ locale: 'en-GB', currency: null, zone: 'UTC' });
const dollars = createFormat({ locale: 'en-US', currency: 'USD', zone: 'America/New_York' });
const swedish = createFormat({ locale: 'sv-SE', currency: 'SEK', zone: 'Europe/Stockholm' });

const amount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map(centsToText);

describe('settings that Intl does not take', () => {
  it.each([
    [{ locale: 'en_GB' }, { locale: 'en-GB' }],
    [{ locale: '' }, { locale: 'en-GB' }],
    [{ currency: 'XYZW' }, { currency: null }],
    [{ currency: '' }, { currency: null }],
    [{ zone: 'Mars/Olympus' }, { zone: 'UTC' }],
  ])('%j count as %j', (given, taken) => {
    const usual = { locale: 'de-DE', currency: 'EUR', zone: 'Europe/Berlin' };
    const format = createFormat({ ...usual, ...given });
    expect(format.config).toEqual({ ...usual, ...taken });
    expect(format.money('5.00')).toMatch(/5/);
    expect(format.instantMinute('2026-11-22T02:00:00Z')).toMatch(/2026/);
  });
});

describe('money', () => {
  it.each([
    ['387000.00', '387,000', '387,000.00', '387K'],
    ['0.00', '0', '0.00', '0'],
    ['0.49', '0', '0.49', '0'],
    ['0.50', '1', '0.50', '1'],
    ['-0.49', '0', `${MINUS}0.49`, '0'],
    ['-1234567.89', `${MINUS}1,234,568`, `${MINUS}1,234,567.89`, `${MINUS}1.23M`],
    ['999.49', '999', '999.49', '999'],
    ['999.50', '1,000', '999.50', '1K'],
    ['52000.00', '52,000', '52,000.00', '52K'],
    ['99950.00', '99,950', '99,950.00', '100K'],
    ['999499.99', '999,500', '999,499.99', '999K'],
    ['999500.00', '999,500', '999,500.00', '1M'],
    ['4860000.00', '4,860,000', '4,860,000.00', '4.86M'],
    ['1230000000.00', '1,230,000,000', '1,230,000,000.00', '1.23B'],
    ['9007199254740993.01', '9,007,199,254,740,993', '9,007,199,254,740,993.01', '9,007T'],
  ])('%s', (value, whole, exact, compact) => {
    expect(plain.money(value)).toBe(whole);
    expect(plain.moneyExact(value)).toBe(exact);
    expect(plain.moneyCompact(value)).toBe(compact);
  });

  it('puts the narrow symbol where the locale wants it', () => {
    expect(dollars.moneyCompact('1230000.00')).toBe('$1.23M');
    expect(dollars.money('-1234567.00')).toBe(`${MINUS}$1,234,567`);
    expect(swedish.moneyCompact('1230000.00').replace(/\s/g, ' ')).toBe('1,23M kr');
    expect(swedish.money('-5.00')).toContain(MINUS);
  });

  it('shows a missing figure as a dash', () => {
    expect(plain.money(null)).toBe('–');
    expect(plain.moneyCompact(null)).toBe('–');
    expect(plain.moneyExact(null)).toBe('–');
  });

  it('never loses a digit of an exact amount', () => {
    fc.assert(fc.property(amount, (value) => {
      expect(plain.moneyExact(value).replaceAll(',', '').replace(MINUS, '-')).toBe(value);
    }));
  });

  it('keeps compact amounts within half of the third digit, and without NaN or exponents', () => {
    fc.assert(fc.property(amount, (value) => {
      const text = plain.moneyCompact(value);
      expect(text).toMatch(/^\u2212?[\d,]+(\.\d{1,2})?[KMBT]?$/);
      const scale = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 }[text.at(-1) ?? ''] ?? 1;
      const read = Number(text.replace(MINUS, '-').replace(/[,KMBT]/g, '')) * scale;
      expect(Math.abs(read - Number(value))).toBeLessThanOrEqual(Math.max(0.5, Math.abs(Number(value)) * 0.0051));
    }));
  });
});

describe('changes', () => {
  it.each([
    ['112.40', '100.00', 'up', '+12.4%'],
    ['91.70', '100.00', 'down', `${MINUS}8.3%`],
    ['100.49', '100.00', 'flat', 'no change'],
    ['99.51', '100.00', 'flat', 'no change'],
    ['100.50', '100.00', 'up', '+0.5%'],
    ['1100.00', '100.00', 'up', '×11'],
    ['5.00', '0.00', 'new', 'new'],
    ['0.00', '0.00', 'flat', 'no change'],
    ['5.00', '-1.00', 'none', 'n/a'],
    [null, '1.00', 'none', 'n/a'],
    ['1.00', null, 'none', 'n/a'],
    ['0.00', '100.00', 'down', `${MINUS}100.0%`],
  ])('%s against %s', (now, then, kind, text) => {
    expect(plain.changeMoney(now, then)).toEqual({ kind, text });
  });

  it('is the same for counts', () => {
    expect(plain.changeCount(1204, 1191)).toEqual({ kind: 'up', text: '+1.1%' });
  });
});

describe('counts, shares and dates', () => {
  it('compacts counts from 100,000', () => {
    expect(plain.countCompact(99_999)).toBe('99,999');
    expect(plain.countCompact(1_204_331)).toBe('1.2M');
    expect(dollars.countCompact(123_456)).toBe('123K');
  });

  it('gives no share of nothing', () => {
    expect(plain.share('42.00', '100.00')).toBe('42%');
    expect(plain.share('42.00', '0.00')).toBe('–');
    expect(plain.share(null, '10.00')).toBe('–');
  });

  it('writes days, ranges and instants', () => {
    expect(plain.day('2026-11-22')).toBe('22 Nov');
    expect(plain.day('2025-11-22', '2026-11-22')).toBe('22 Nov 2025');
    expect(plain.dayLong('2026-11-22')).toBe('Sun 22 Nov 2026');
    expect(plain.range({ start: '2026-10-24', end: '2026-11-23' }).replace(/\s/g, ' ')).toBe('24 Oct – 22 Nov');
    expect(plain.instantFull('2026-11-22T02:00:04.000Z')).toBe('22 Nov 2026 02:00:04 UTC');
    const now = Date.parse('2026-11-22T11:00:00Z');
    expect(plain.instant('2026-11-22T02:00:04.000Z', now)).toBe('02:00');
    expect(plain.instant('2026-11-21T14:58:00.000Z', now)).toBe('21 Nov 14:58');
    expect(dollars.instant('2026-11-22T02:00:00.000Z', now)).toBe('Nov 21 21:00');
    expect(addDays('2026-03-01', -7)).toBe('2026-02-22');
  });

  it('writes ages and durations', () => {
    const now = Date.parse('2026-11-22T11:00:00Z');
    expect(formatAge('2026-11-22T10:59:48Z', now)).toBe('12 s ago');
    expect(formatAge('2026-11-22T12:00:00Z', now)).toBe('just now');
    expect(formatAge('2026-11-22T10:15:00Z', now)).toBe('45 min ago');
    expect(formatAge('2026-11-22T02:00:00Z', now)).toBe('9 h ago');
    expect(formatDuration(3 * 86_400_000)).toBe('3 d');
    expect(formatElapsed(184_000)).toBe('3 min 4 s');
    expect(formatElapsed(300)).toBe('under 1 s');
    expect(formatBytes(132_400)).toBe('132 kB');
    expect(formatBytes(999_700)).toBe('1.0 MB');
  });
});
