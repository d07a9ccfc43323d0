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

/** Those that every snapshot has. @type {readonly Dimension[]} */
export const DIMENSIONS = ['region', 'product', 'stage', 'status'];

export const DEFAULT_SORT = '-sale_date';

/**
 * Those that a snapshot has besides, in table order.
 * @param {Record<string, unknown>} facets of its summary
 */
export const furtherDimensions = (facets) => Object.keys(facets).filter((key) => !DIMENSIONS.includes(key));

/**
 * The filter that takes all; its keys say which dimensions there are.
 * @param {readonly Dimension[]} further those of the snapshot besides DIMENSIONS
 * @returns {Filter}
 */
export function emptyFilter(further = []) {
  const dimensions = [...DIMENSIONS, ...further];
  return Object.fromEntries([...dimensions, ...dimensions.map((dimension) => `not_${dimension}`)].map((key) => [key, []]));
}

/** @param {Filter} filter @returns {Dimension[]} */
export const dimensionsOf = (filter) => Object.keys(filter).filter((key) => !key.startsWith('not_'));

/** A column of the table, whichever it has, and the direction. @param {string} sort */
const isSort = (sort) => /^-?[a-z][a-z0-9_]*$/.test(sort);

/** @param {string} text */
function pageNumber(text) {
  const page = Number(text);
  return Number.isSafeInteger(page) && page > 0 ? page : 1;
}

/**
 * @param {string} search with or without the leading "?"
 * @param {readonly Dimension[]} further dimensions of the snapshot besides DIMENSIONS
 * @returns {UrlState}
 */
export function parseUrl(search, further = []) {
  /** @type {UrlState} */
  const state = { filter: emptyFilter(further), asof: null, compare: DEFAULT_COMPARE, sort: DEFAULT_SORT, page: 1, rest: [] };
  for (const [key, value] of new URLSearchParams(search)) {
    const chosen = Object.hasOwn(state.filter, key) ? state.filter[key] : undefined;
    if (chosen) {
      const entry = value === '' ? null : value;
      if (!chosen.includes(entry)) chosen.push(entry);
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

/** The filter without dimensions that take all: equal for equal answers. @param {Filter} filter @returns {Filter} */
export const chosenOf = (filter) => Object.fromEntries(Object.entries(filter).filter(([, values]) => values.length > 0));

/**
 * @param {URLSearchParams} params
 * @param {Filter} filter
 */
export function appendFilter(params, filter) {
  for (const [key, values] of Object.entries(filter)) for (const value of values) params.append(key, value ?? '');
}
