import { describe, expect, it } from 'vitest';
import { badgeState } from './live-badge-state.js';
import { liveFigures } from './live-figures.js';
import { emptyFilter } from '../../lib/url-state.js';
import { NO_ROWS, liveRows, rowKey, waitingCount } from './live-rows.js';
import { sortSales } from './sort-sales.js';

const sale = (/** @type {any} */ changes) => ({
  sale_id: '1', product: 'Sage HR', region: 'North', amount: '5.00', stage: 'Proposal', customer_name: 'A', sale_date: '2026-11-01', status: 'Open', ...changes,
});
const answer = (/** @type {any[]} */ ...data) => /** @type {any} */ ({ data });
const first = answer(sale({}));
const second = answer(sale({ sale_id: '2' }), sale({}));

describe('new rows', () => {
  it('wait while the reader could be disturbed, and come when asked for', () => {
    let state = liveRows(NO_ROWS, { type: 'received', answer: first, apply: false });
    expect(state.shown).toBe(first);
    state = liveRows(state, { type: 'received', answer: second, apply: false });
    expect(state.shown).toBe(first);
    expect(waitingCount(state)).toBe(1);
    state = liveRows(state, { type: 'apply' });
    expect(state.shown).toBe(second);
    expect([...state.fresh]).toEqual([rowKey(second.data[0])]);
    expect(waitingCount(state)).toBe(0);
    expect(liveRows(state, { type: 'settle' }).fresh.size).toBe(0);
  });

  it('come at once when nothing can be disturbed, the first ones without a mark', () => {
    let state = liveRows(NO_ROWS, { type: 'received', answer: first, apply: true });
    expect(state.fresh.size).toBe(0);
    state = liveRows(state, { type: 'received', answer: second, apply: true });
    expect(state.shown).toBe(second);
    expect(state.fresh.size).toBe(1);
  });

  it('do not hide rows that are gone', () => {
    let state = liveRows(NO_ROWS, { type: 'received', answer: second, apply: true });
    state = liveRows(state, { type: 'received', answer: first, apply: false });
    expect(state.shown).toBe(first);
  });
});

describe('sorting', () => {
  const rows = [sale({ sale_id: '3', amount: null }), sale({ sale_id: '2', amount: '9007199254740993.00' }), sale({ sale_id: '1', amount: '9007199254740992.00' })];
  const ids = (/** @type {string} */ sort) => sortSales(rows, sort).map(({ sale_id }) => sale_id);

  it('compares amounts exactly and puts missing ones last both ways', () => {
    expect(ids('amount')).toEqual(['1', '2', '3']);
    expect(ids('-amount')).toEqual(['2', '1', '3']);
  });

  it('goes by any column of the table, and puts blanks last both ways', () => {
    const owned = [sale({ sale_id: '1', owner: ' ' }), sale({ sale_id: '2', owner: 'Bo' }), sale({ sale_id: '3', owner: 'Ann' }), sale({ sale_id: '4' })];
    const sorted = (/** @type {string} */ sort) => sortSales(owned, sort).map(({ sale_id }) => sale_id);
    expect(sorted('owner')).toEqual(['3', '2', '1', '4']);
    expect(sorted('-owner')).toEqual(['2', '3', '1', '4']);
  });

  it('keeps the order of the server for equal dates', () => {
    expect(ids('-sale_date')).toEqual(['3', '2', '1']);
  });
});

describe('the badge', () => {
  const calm = { readAt: 100_000, now: 102_500, pollSeconds: 15, paused: false, failures: 0, failed: false, online: true };
  it.each([
    [{}, 'live', 'LIVE · 2 s ago'],
    [{ now: 140_000 }, 'delayed', 'Delayed · 40 s ago'],
    [{ now: 400_000, pollSeconds: 0 }, 'live', 'LIVE · 5 min ago'],
    [{ paused: true }, 'paused', 'Paused · 2 s ago'],
    [{ failures: 2 }, 'reconnecting', 'Reconnecting (2)'],
    [{ failed: true, failures: 3, online: false }, 'offline', 'Offline · 2 s ago'],
    [{ online: false }, 'live', 'LIVE · 2 s ago'],
    [{ readAt: 0 }, 'connecting', 'Connecting…'],
  ])('%o', (changes, state, text) => {
    expect(badgeState({ ...calm, ...changes })).toEqual({ state, text });
  });
});

describe('the tile', () => {
  const query = { dataUpdatedAt: 0, failureCount: 0, isError: false };
  const figures = (/** @type {any} */ live, /** @type {any} */ filter = emptyFilter()) =>
    liveFigures({ live: { query, paused: false, pollSeconds: 15, ...live }, filter, statuses: {}, now: 1000, online: true });
  const shown = { data: [sale({}), sale({ region: 'West', amount: '7.00' })], totals: { deals: 2, amount: '12.00' }, page: { more: false } };

  it('has no totals before the first answer, and says when none came', () => {
    expect(figures({ rows: { shown: null } })).toMatchObject({ totals: null, state: 'connecting', failed: false });
    const failed = { ...query, isError: true };
    expect(figures({ rows: { shown: null }, query: failed })).toMatchObject({ totals: null, state: 'reconnecting', failed: true });
  });

  it('follows the filters where it has all rows, and says so where it has not', () => {
    const filter = { ...emptyFilter(), region: ['West'] };
    expect(figures({ rows: { shown } })).toMatchObject({ totals: { deals: 2 }, filtered: true });
    expect(figures({ rows: { shown } }, filter)).toMatchObject({ totals: { deals: 1, amount: '7.00' }, filtered: true });
    expect(figures({ rows: { shown: { ...shown, page: { more: true } } } }, filter)).toMatchObject({ totals: { deals: 2 }, filtered: false });
  });
});
