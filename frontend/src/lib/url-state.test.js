import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPARISONS } from './comparison.js';
import { DEFAULT_SORT, emptyFilter, furtherDimensions, formatUrl, parseUrl } from './url-state.js';

const name = fc.oneof(fc.constant(null), fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom('North', 'a&b=c', 'Ünï ço+de', '%41'));
const FILTER_KEYS = Object.keys(emptyFilter());
const values = fc.uniqueArray(name, { maxLength: 3 });
const filter = fc.record(Object.fromEntries(FILTER_KEYS.map((key) => [key, values])));
const known = new Set([...FILTER_KEYS, 'asof', 'compare', 'sort', 'page']);
const state = fc.record({
  filter,
  asof: fc.option(fc.string({ minLength: 1, maxLength: 20 }), { nil: null }),
  compare: fc.constantFrom(...COMPARISONS),
  sort: fc.constantFrom(DEFAULT_SORT, 'amount', '-amount', 'region', '-owner'),
  page: fc.integer({ min: 1, max: 999 }),
  rest: fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 6 }).filter((key) => !known.has(key)), fc.string({ maxLength: 6 })), { maxLength: 3 }),
});

describe('the URL', () => {
  it('round-trips every state', () => {
    fc.assert(fc.property(state, (wanted) => {
      expect(parseUrl(formatUrl(/** @type {any} */ (wanted)))).toEqual(wanted);
    }));
  });

  it('is stable: writing what was read changes nothing more', () => {
    fc.assert(fc.property(fc.webQueryParameters({ size: 'small' }), (search) => {
      const once = formatUrl(parseUrl(search));
      expect(formatUrl(parseUrl(once))).toBe(once);
    }));
  });

  it('leaves defaults out and keeps the order of keys fixed', () => {
    expect(formatUrl(parseUrl('?page=1&sort=-sale_date&compare=snapshot7d'))).toBe('');
    expect(formatUrl(parseUrl('?status=open&region=North&compare=off&asof=x&region=West'))).toBe('?asof=x&compare=off&region=North&region=West&status=open');
  });

  it('reads an empty value as the unknown group, and each value once', () => {
    expect(parseUrl('?region=&region=North&region=North').filter).toEqual({ ...emptyFilter(), region: [null, 'North'] });
  });

  it('keeps keys of others', () => {
    expect(formatUrl(parseUrl('?range=7d&view.trend=table&region=East'))).toBe('?region=East&range=7d&view.trend=table');
  });

  it('takes the further dimensions of the snapshot, and only those', () => {
    const further = furtherDimensions({ product: [], region: [], stage: [], status: [], owner: [], segment: [] });
    expect(further).toEqual(['owner', 'segment']);
    const search = '?owner=Ann&owner=&not_segment=SMB&team=A';
    const { filter: chosen, rest } = parseUrl(search, further);
    expect(chosen).toEqual({ ...emptyFilter(further), owner: ['Ann', null], not_segment: ['SMB'] });
    expect(rest).toEqual([['team', 'A']]);
    expect(formatUrl(parseUrl(search, further))).toBe(search);
    expect(formatUrl(parseUrl(search))).toBe(search);
    expect(parseUrl('?constructor=x').rest).toEqual([['constructor', 'x']]);
  });

  it('falls back on nonsense', () => {
    expect(parseUrl('?sort=Not+a+column&page=-3&compare=')).toMatchObject({ sort: DEFAULT_SORT, page: 1, compare: 'snapshot7d' });
  });
});
