import { describe, expect, it } from 'vitest';
import { LISTED, comparedEntry, comparisonTarget } from './comparison.js';

const origin = 'own';
const shown = { snapshot_id: 'c', business_date: '2026-11-22', origin };
const stored = [
  { id: 'd', business_date: '2026-11-23', origin },
  { id: 'c', business_date: '2026-11-22', origin },
  { id: 'z', business_date: '2026-11-22', origin: 'demo' },
  { id: 'b', business_date: '2026-11-22', origin },
  { id: 'y', business_date: '2026-11-15', origin: 'demo' },
  { id: 'a', business_date: '2026-11-14', origin },
  { id: 'x', business_date: '2026-11-13', origin: 'demo' },
];

describe('what a snapshot is compared with', () => {
  it.each([
    ['snapshot7d', 'a', 'y'],
    ['prev', 'b', 'y'],
    ['year', null, null],
    ['off', null, null],
  ])('%s, each among its own rows', (compare, own, demo) => {
    const choice = /** @type {import('./comparison.js').Compare} */ (compare);
    expect(comparisonTarget(choice, shown, stored)).toBe(own);
    expect(comparedEntry(choice, shown, stored)?.id ?? null).toBe(own);
    expect(comparisonTarget(choice, { ...shown, snapshot_id: 'z', origin: 'demo' }, stored)).toBe(demo);
  });

  it('is nothing of another origin', () => {
    const first = { snapshot_id: 'n', business_date: '2026-11-23', origin: 'sample' };
    expect(comparisonTarget('snapshot7d', first, stored)).toBeNull();
    expect(comparisonTarget('prev', first, [{ ...stored[0], id: 'n', business_date: '2026-11-23', origin: 'sample' }, ...stored])).toBeNull();
  });

  it('is of the newest day, also where that was made first', () => {
    const backfilled = [stored[0], { id: 'late', business_date: '2026-11-10', origin }, { id: 'early', business_date: '2026-11-12', origin }];
    expect(comparisonTarget('snapshot7d', shown, /** @type {any} */ (backfilled))).toBe('early');
  });

  it('knows nothing before the first snapshot, nor of one that the list does not have', () => {
    expect(comparisonTarget('prev', { ...shown, snapshot_id: 'a' }, stored)).toBeNull();
    expect(comparisonTarget('prev', { ...shown, snapshot_id: 'unknown' }, stored)).toBeNull();
    expect(comparisonTarget('prev', shown, undefined)).toBeNull();
  });

  it('does not ask for a day before all that is stored, unless the list may go on', () => {
    expect(comparisonTarget('snapshot7d', shown, undefined)).toBeNull();
    expect(comparisonTarget('snapshot7d', shown, stored.slice(0, 5))).toBeNull();
    const full = Array.from({ length: LISTED }, (_, index) => ({ id: `n${index}`, business_date: '2026-11-22', origin }));
    expect(comparisonTarget('year', shown, full)).toBe('2025-11-22');
  });

  it('takes the last of February for a leap day', () => {
    expect(comparisonTarget('year', { ...shown, business_date: '2028-02-29' }, [{ id: 'later', business_date: '2027-03-01', origin }, { id: 'o', business_date: '2027-02-28', origin }])).toBe('o');
  });
});
