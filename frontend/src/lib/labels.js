import { filterEntries } from './filters.js';

/** Words for the data's codes: one term for one thing everywhere. */

/** @type {Record<string, string>} */
const STATUS = {
  open: 'Open',
  closed: 'Closed',
  won: 'Won',
  lost: 'Lost',
  unknown: 'Unknown',
};

/** "lead_source" → "Lead source". @param {import('../api/types').Dimension} dimension */
export const dimensionTitle = (dimension) => dimension.charAt(0).toUpperCase() + dimension.slice(1).replaceAll('_', ' ');

/** In a sentence: "lead source". @param {import('../api/types').Dimension} dimension */
export const dimensionNoun = (dimension) => dimension.replaceAll('_', ' ');

/** @param {import('../api/types').Dimension} dimension */
export const dimensionPlural = (dimension) =>
  dimension === 'region' || dimension === 'product' ? `${dimension}s` : `values of ${dimensionTitle(dimension)}`;

/**
 * @param {import('../api/types').Dimension} dimension
 * @param {string | null} value
 */
export function valueLabel(dimension, value) {
  if (value === null) return dimension === 'stage' ? 'No stage' : 'Unknown';
  if (dimension === 'status') return STATUS[value.trim().toLowerCase()] ?? value;
  return value;
}

/**
 * The active filters in a sentence: "South and not Sage HR".
 * @param {import('../api/types').Filter} filter
 */
export function filterWords(filter) {
  return filterEntries(filter)
    .map(({ dimension, value, excluded }) => `${excluded ? 'not ' : ''}${valueLabel(dimension, value)}`)
    .join(' and ');
}

/** @type {Record<string, string>} */
const LEDGER = {
  amount_missing: 'Amount missing',
  amount_zero: 'Amount is zero',
  amount_negative: 'Amount is negative (a credit)',
  region_unknown: 'Region unknown',
  product_unknown: 'Product unknown',
  stage_missing: 'Stage missing',
  stage_unlisted: 'Stage not in the list',
  status_unknown: 'Status unknown',
  date_missing: 'Date missing',
  date_future: 'Date in the future',
  date_unrepresentable: 'Date that cannot be represented',
  duplicate_identical: 'Duplicate id, same content',
  duplicate_conflicting: 'Duplicate id, other content',
  id_missing: 'Id missing',
};

/** @param {string} reason */
export const ledgerLabel = (reason) => LEDGER[reason] ?? reason.replaceAll('_', ' ');

/** @type {Record<string, string>} */
const WAREHOUSES = { duckdb: 'DuckDB', snowflake: 'Snowflake' };

/** @param {string} warehouse */
export const warehouseLabel = (warehouse) => WAREHOUSES[warehouse] ?? warehouse;

/** What made-up rows are called; null for somebody's own. @param {string} origin */
export const madeUpAs = (origin) => (origin === 'own' ? null : origin);

/** @type {Record<string, string>} */
const STEPS = {
  check: 'Check the source',
  digest: 'Compare days',
  read: 'Read changed days',
  build: 'Build the snapshot',
  publish: 'Publish',
};

/** @param {string} name */
export const stepLabel = (name) => STEPS[name] ?? name;

/** @type {Record<string, string>} */
const DEGRADED = {
  pointer_damaged: 'The record of the newest snapshot is damaged, so it was looked for and may be an earlier one. Refresh Data mends it.',
  manifest_damaged: 'The newest snapshot is damaged, so an earlier one is shown. Refresh Data builds a new one.',
};

/** @param {string} code */
export const degradedText = (code) =>
  DEGRADED[code] ?? 'The newest snapshot could not be used, so an earlier one is shown. Refresh Data builds a new one.';
