import { COMPARISONS, DEFAULT_COMPARE } from './comparison.js';

/**
 * The URL is the state for filters, pinned snapshot, comparison, sort and page. Defaults are left out, the order of the
 * known keys is fixed (stable links and cache keys), unknown keys are kept untouched.
 *
 * @typedef {import('../api/types').Filter} Filter
 * @typedef {import('../api/types').Dimension} Dimension
 * @typedef {import('./comparison.js').Compare} Compare
 * @typedef {{ filter: Filter, asof: string | null, compare: Compare, sort: string, page: number, rest: [string, string][] }} UrlState
 */

/** @type {readonly Dimension[]} */
export const DIMENSIONS = ['region', 'product', 'stage', 'status'];

export const DEFAULT_SORT = '-sale_date';

const SORT_KEYS = ['sale_date', 'customer_name', 'region', 'product', 'stage', 'status', 'amount'];

/** @type {readonly (keyof Filter)[]} */
export const FILTER_KEYS = [
  ...DIMENSIONS,
  ...DIMENSIONS.map((dimension) => /** @type {const} */ (`not_${dimension}`)),
];

/** @returns {Filter} */
export function emptyFilter() {
  return {
    region: [], product: [], stage: [], status: [],
    not_region: [], not_product: [], not_stage: [], not_status: [],
  };
}

/** @param {string} key @returns {key is keyof Filter} */
const isFilterKey = (key) => FILTER_KEYS.includes(/** @type {keyof Filter} */ (key));

/** @param {string} sort */
const isSort = (sort) => SORT_KEYS.includes(sort.replace(/^-/, ''));

/** @param {string} text */
function pageNumber(text) {
  const page = Number(text);
  return Number.isSafeInteger(page) && page > 0 ? page : 1;
}

/**
 * @param {string} search with or without the leading "?"
 * @returns {UrlState}
 */
export function parseUrl(search) {
  /** @type {UrlState} */
  const state = { filter: emptyFilter(), asof: null, compare: DEFAULT_COMPARE, sort: DEFAULT_SORT, page: 1, rest: [] };
  for (const [key, value] of new URLSearchParams(search)) {
    if (isFilterKey(key)) {
      const entry = value === '' ? null : value;
      if (!state.filter[key].includes(entry)) state.filter[key].push(entry);
    } else if (key === 'asof') state.asof = value || null;
    else if (key === 'compare') state.compare = COMPARISONS.find((known) => known === value) ?? DEFAULT_COMPARE;
    else if (key === 'sort') state.sort = isSort(value) ? value : DEFAULT_SORT;
    else if (key === 'page') state.page = pageNumber(value);
    else state.rest.push([key, value]);
  }
  return state;
}

/**
 * @param {UrlState} state
 * @returns {string} "" or a search string with its "?"
 */
export function formatUrl(state) {
  const params = new URLSearchParams();
  if (state.asof !== null) params.append('asof', state.asof);
  if (state.compare !== DEFAULT_COMPARE) params.append('compare', state.compare);
  appendFilter(params, state.filter);
  if (state.sort !== DEFAULT_SORT) params.append('sort', state.sort);
  if (state.page !== 1) params.append('page', String(state.page));
  for (const [key, value] of state.rest) params.append(key, value);
  const text = params.toString();
  return text ? `?${text}` : '';
}

/**
 * @param {URLSearchParams} params
 * @param {Filter} filter
 */
export function appendFilter(params, filter) {
  for (const key of FILTER_KEYS) for (const value of filter[key]) params.append(key, value ?? '');
}
