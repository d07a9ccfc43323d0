import { addDays } from './company.mjs';

/** The API's answers computed from rows, plainly and exactly. */

const STATUSES = ['open', 'closed', 'won', 'lost', 'unknown'];
const STAGES = ['Prospecting', 'Qualification', 'Proposal', 'Negotiation'];
export const STATUS_OF = { open: 'open', closed: 'closed', 'closed won': 'won', won: 'won', 'closed lost': 'lost', lost: 'lost' };
const DIMENSIONS = ['region', 'product', 'stage', 'status'];
const LEDGER = ['amount_missing', 'amount_zero', 'amount_negative', 'region_unknown', 'product_unknown', 'stage_missing', 'stage_unlisted',
  'status_unknown', 'date_missing', 'date_future', 'date_unrepresentable', 'duplicate_identical', 'duplicate_conflicting', 'id_missing'];

const cents = (text) => BigInt(text.replace('.', ''));
export const text = (value) => {
  const digits = String(value < 0n ? -value : value).padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
const half = (a, b) => (a < 0n ? -((-2n * a + b) / (2n * b)) : (2n * a + b) / (2n * b));

/** @param {any} row @param {string} dimension */
function valueOf(row, dimension) {
  if (dimension === 'status') return STATUS_OF[(row.status ?? '').trim().toLowerCase()] ?? 'unknown';
  const value = row[dimension]?.trim() || null;
  if (dimension !== 'stage' || value === null) return value;
  return STAGES.find((stage) => stage.toLowerCase() === value.toLowerCase()) ?? value;
}

/** @param {any[]} rows */
function tally(rows) {
  const priced = rows.filter((row) => row.amount !== null);
  const sum = priced.reduce((total, row) => total + cents(row.amount), 0n);
  return { deals: rows.length, priced: priced.length, amount: rows.length > 0 && priced.length === 0 ? null : text(sum), sum };
}

/** @param {any[]} rows */
export function totals(rows) {
  const { sum, ...all } = tally(rows);
  const by_status = Object.fromEntries(STATUSES.map((status) => {
    const { sum: _, ...part } = tally(rows.filter((row) => valueOf(row, 'status') === status));
    return [status, part];
  }));
  const answer = { ...all, average: all.priced ? text(half(sum, BigInt(all.priced))) : null, by_status };
  return all.amount === null ? { ...answer, reasons: { amount: 'no_priced_rows', average: 'no_priced_rows' } } : answer;
}

/** @param {URLSearchParams} params */
export function readFilter(params) {
  const filter = {};
  for (const key of DIMENSIONS.flatMap((dimension) => [dimension, `not_${dimension}`])) {
    if (params.has(key)) filter[key] = params.getAll(key).map((value) => value.trim() || null);
  }
  return filter;
}

/** @param {any[]} rows @param {Record<string, (string | null)[]>} filter @param {string} [without] */
export function filtered(rows, filter, without = '') {
  const fold = (dimension, value) => (value !== null && (dimension === 'stage' || dimension === 'status') ? value.toLowerCase() : value);
  return rows.filter((row) => Object.entries(filter).every(([key, values]) => {
    const dimension = key.replace('not_', '');
    if (dimension === without) return true;
    const value = fold(dimension, valueOf(row, dimension));
    const found = values.some((wanted) => (fold(dimension, wanted) ?? (dimension === 'status' ? 'unknown' : null)) === value);
    return key.startsWith('not_') ? !found : found;
  }));
}

/** @param {any[]} rows @param {string} dimension */
export function groups(rows, dimension) {
  const parts = Map.groupBy ? Map.groupBy(rows, (row) => valueOf(row, dimension)) : groupBy(rows, (row) => valueOf(row, dimension));
  const list = [...parts].map(([name, part]) => ({ [dimension]: name, ...totals(part) }));
  const rank = (group) => (group[dimension] === null ? 2 : group.amount === null ? 1 : 0);
  return list.sort((a, b) => rank(a) - rank(b) || (cents(a.amount ?? '0.00') < cents(b.amount ?? '0.00') ? 1 : -1));
}

function groupBy(rows, key) {
  const map = new Map();
  for (const row of rows) map.set(key(row), [...(map.get(key(row)) ?? []), row]);
  return map;
}

/** @param {any[]} rows @param {Record<string, any>} filter */
function facets(rows, filter) {
  return Object.fromEntries(DIMENSIONS.map((dimension) => {
    const list = groups(filtered(rows, filter, dimension), dimension).map((group) => ({ value: group[dimension], deals: group.deals }));
    const order = dimension === 'stage' ? STAGES : dimension === 'status' ? STATUSES : null;
    if (order) list.sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
    return [dimension, list];
  }));
}

/** @param {any[]} rows */
function ledger(rows) {
  const is = {
    amount_missing: (row) => row.amount === null, amount_zero: (row) => row.amount === '0.00',
    region_unknown: (row) => row.region === null, product_unknown: (row) => row.product === null,
  };
  const reasons = LEDGER.map((reason) => {
    const found = rows.filter(is[reason] ?? (() => false));
    return { reason, rows: found.length, amount: tally(found).amount ?? '0.00', excluded: false };
  });
  return { rows: rows.length, included: rows.length, excluded: 0, reasons };
}

/** @param {string} start @param {string} end @param {boolean} partial */
const window = (start, end, partial) => ({ start, end, zone: 'UTC', partial });

/** @param {any[]} rows @param {string} start @param {string} end @param {boolean} partial */
export const windowed = (rows, start, end, partial) => ({
  window: window(start, end, partial),
  totals: totals(rows.filter((row) => row.sale_date !== null && row.sale_date >= start && row.sale_date < end)),
});

/** @param {{ rows: any[], day: string }} snapshot @param {Record<string, any>} filter */
export function summary({ rows, day }, filter) {
  const found = filtered(rows, filter);
  const all = totals(found);
  const open = all.by_status.open;
  return {
    totals: all,
    open_average: open.priced ? text(half(cents(open.amount), BigInt(open.priced))) : null,
    ...(open.priced ? {} : { reasons: { open_average: 'no_priced_rows' } }),
    last_30_days: windowed(found, addDays(day, -29), addDays(day, 1), true),
    last_30_complete_days: windowed(found, addDays(day, -30), day, false),
    previous_30_complete_days: windowed(found, addDays(day, -60), addDays(day, -30), false),
    facets: facets(rows, filter),
    ledger: ledger(rows),
  };
}
