import fc from 'fast-check';
import { expect, it } from 'vitest';
import { centsToText, divideRounded, fraction, parseCents, sumAmounts } from './money.js';

it('reads and writes every amount without loss', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (cents) => {
    expect(parseCents(centsToText(cents))).toBe(cents);
  }));
});

it.each(['', '1e6', '1.234', 'NaN', '1,000.00', '--1', '.5'])('refuses %j', (text) => {
  expect(() => parseCents(text)).toThrow(RangeError);
});

it('adds a million tenths exactly', () => {
  const sum = sumAmounts(Array.from({ length: 1_000_000 }, () => '0.10'));
  expect(sum).toBe('100000.00');
});

it('has no sum where rows exist and none is priced', () => {
  expect(sumAmounts([])).toBe('0.00');
  expect(sumAmounts([null, null])).toBeNull();
  expect(sumAmounts(['1.00', null])).toBe('1.00');
});

it('rounds half away from zero', () => {
  expect(divideRounded(5n, 2n)).toBe(3n);
  expect(divideRounded(-5n, 2n)).toBe(-3n);
  expect(divideRounded(7n, 3n)).toBe(2n);
});

it('gives lengths of bars between nothing and all', () => {
  expect(fraction(-5n, 10n)).toBe(0);
  expect(fraction(5n, 0n)).toBe(0);
  expect(fraction(5n, 10n)).toBe(0.5);
});
