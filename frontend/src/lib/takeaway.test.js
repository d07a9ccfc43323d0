import { expect, it } from 'vitest';
import { createFormat } from './format.js';
import { takeaway } from './takeaway.js';

const format = createFormat({ locale: 'en-GB', currency: null, zone: 'UTC' });
const say = (/** @type {any} */ input) => takeaway({ since: '15 Nov', noun: 'region', format, ...input });

it('names the leader, its share and its change', () => {
  const rows = [{ label: 'North', total: '42.00', before: '40.00' }, { label: 'South', total: '58.00', before: '58.00' }];
  expect(say({ rows, whole: '100.00' })).toBe('North leads with 42% of the total, up 5.0% on 15 Nov.');
});

it('adds the one that fell most', () => {
  const rows = [
    { label: 'North', total: '50.00', before: '50.00' },
    { label: 'South', total: '30.00', before: '31.00' },
    { label: 'East', total: '20.00', before: '25.00' },
  ];
  expect(say({ rows, whole: '100.00' })).toBe('North leads with 50% of the total; East fell 20.0% on 15 Nov.');
});

it('compares nothing where nothing can be compared', () => {
  const rows = [{ label: 'North', total: '5.00', before: undefined }, { label: 'West', total: '5.00', before: undefined }];
  expect(say({ rows, whole: '10.00', since: null })).toBe('North leads with 50% of the total.');
});

it('says so when there is one group, or none with an amount', () => {
  expect(say({ rows: [{ label: 'North', total: '1200.00', before: undefined }], whole: '1200.00' })).toBe('North is the only region here, at 1.2K.');
  expect(say({ rows: [{ label: 'North', total: null, before: undefined }], whole: null })).toBe('No region has an amount.');
});
