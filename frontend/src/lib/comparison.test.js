import { describe, expect, it } from 'vitest';
import { LISTED, comparedEntry, comparisonTarget } from './comparison.js';

const shown = { snapshot_id: 'c', business_date: '2026-11-22' };
const stored = [
  { id: 'd', business_date: '2026-11-23' },
  { id: 'c', business_date: '2026-11-22' },
  { id: 'b', business_date: '2026-11-22' },
  { id: 'a', business_date: '2026-11-14' },
];

describe('what a snapshot is compared with', () => {
  it.each([
    ['snapshot7d', '2026-11-15', 'a'],
    ['prev', 'b', 'b'],
    ['year', null, undefined],
    ['off', null, undefined],
  ])('%s', (compare, target, entry) => {
    const choice = /** @type {import('./comparison.js').Compare} */ (compare);
    expect(comparisonTarget(choice, shown, stored)).toBe(target);
    expect(comparedEntry(choice, shown, stored)?.id).toBe(entry);
  });

  it('knows nothing before the first snapshot, nor of one that the list does not have', () => {
    expect(comparisonTarget('prev', { ...shown, snapshot_id: 'a' }, stored)).toBeNull();
    expect(comparisonTarget('prev', { ...shown, snapshot_id: 'z' }, stored)).toBeNull();
    expect(comparisonTarget('prev', shown, undefined)).toBeNull();
  });

  it('does not ask for a day before all that is stored, unless the list may go on', () => {
    expect(comparisonTarget('snapshot7d', shown, undefined)).toBeNull();
    expect(comparisonTarget('snapshot7d', shown, stored.slice(0, 3))).toBeNull();
    const full = Array.from({ length: LISTED }, (_, index) => ({ id: `n${index}`, business_date: '2026-11-22' }));
    expect(comparisonTarget('year', shown, full)).toBe('2025-11-22');
  });

  it('takes the last of February for a leap day', () => {
    expect(comparisonTarget('year', { ...shown, business_date: '2028-02-29' }, [{ id: 'o', business_date: '2026-01-01' }])).toBe('2027-02-28');
  });
});
