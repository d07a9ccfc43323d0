import { describe, expect, it } from 'vitest';
import { filterEntries, isFiltered, isInData, isSelected, toggleValue, withoutDimension } from './filters.js';
import { matches, statusOf } from './normalise.js';
import { emptyFilter, parseUrl } from './url-state.js';

const STATUSES = { open: 'open', closed: 'closed', 'closed won': 'won' };
const sale = { sale_id: '1', product: 'Sage HR', region: 'North', amount: '5.00', stage: 'Proposal', customer_name: null, sale_date: '2026-11-01', status: 'Open' };

describe('filters', () => {
  it('adds and removes a value, folding stage and status only', () => {
    const once = toggleValue(emptyFilter(), 'stage', 'Proposal');
    expect(once.stage).toEqual(['Proposal']);
    expect(toggleValue(once, 'stage', 'PROPOSAL ').stage).toEqual([]);
    const region = toggleValue(emptyFilter(), 'region', 'north');
    expect(toggleValue(region, 'region', 'North').region).toEqual(['north', 'North']);
  });

  it('leaves a dimension out in both directions', () => {
    const { filter } = parseUrl('?region=North&not_region=West&product=Sage+HR');
    expect(withoutDimension(filter, 'region')).toEqual({ ...emptyFilter(), product: ['Sage HR'] });
    expect(isFiltered(withoutDimension(withoutDimension(filter, 'region'), 'product'))).toBe(false);
  });

  it('lists every active value, excluded ones marked', () => {
    const { filter } = parseUrl('?not_stage=Proposal&region=');
    expect(filterEntries(filter).map(({ key, value, excluded }) => [key, value, excluded])).toEqual([
      ['region', null, false], ['not_stage', 'Proposal', true],
    ]);
  });

  it('knows what the data has', () => {
    const facets = [{ value: 'North', deals: 3 }, { value: null, deals: 1 }];
    expect(isInData(facets, 'region', null)).toBe(true);
    expect(isInData(facets, 'region', 'Atlantis')).toBe(false);
    expect(isInData(undefined, 'region', 'Atlantis')).toBe(true);
    expect(isSelected({ ...emptyFilter(), status: ['open'] }, 'status', 'Open')).toBe(true);
  });
});

describe('live rows match filters as the server groups them', () => {
  const with_ = (/** @type {string} */ search) => matches(sale, parseUrl(search).filter, STATUSES);

  it.each([
    ['', true],
    ['?region=North', true],
    ['?region=north', false],
    ['?region=West&region=North', true],
    ['?region=North&stage=proposal', true],
    ['?region=North&stage=Negotiation', false],
    ['?status=OPEN', true],
    ['?status=', false],
    ['?not_region=North', false],
    ['?not_product=Sage+50', true],
    ['?region=', false],
  ])('%s', (search, expected) => {
    expect(with_(search)).toBe(expected);
  });

  it('trims spaces, tabs and no-break spaces, and calls blanks unknown', () => {
    const odd = { ...sale, region: '\u00a0North\t', status: ' \u00a0' };
    expect(matches(odd, parseUrl('?region=North').filter, STATUSES)).toBe(true);
    expect(matches(odd, parseUrl('?status=unknown').filter, STATUSES)).toBe(true);
    expect(matches({ ...sale, region: '  ' }, parseUrl('?region=').filter, STATUSES)).toBe(true);
    expect(statusOf('Closed Won', STATUSES)).toBe('won');
    expect(statusOf('CLOSED', STATUSES)).toBe('closed');
    expect(statusOf('\u0130nactive', STATUSES)).toBe('unknown');
  });
});
