import { dimensionsOf } from './url-state.js';

/**
 * @typedef {import('../api/types').Filter} Filter
 * @typedef {import('../api/types').Dimension} Dimension
 * @typedef {import('../api/types').Facet} Facet
 * @typedef {{ key: string, dimension: Dimension, value: string | null, excluded: boolean }} FilterEntry
 */

/** @param {string | null} value @param {Dimension} dimension */
export function sameKey(value, dimension) {
  if (value === null) return null;
  const trimmed = value.trim();
  return dimension === 'stage' || dimension === 'status' ? trimmed.toLowerCase() : trimmed;
}

/** @param {Filter} filter @param {string} key */
export const valuesOf = (filter, key) => filter[key] ?? [];

/** @param {Filter} filter */
export const isFiltered = (filter) => Object.values(filter).some((values) => values.length > 0);

/**
 * @param {Filter} filter
 * @param {string} key
 * @param {string | null} value
 * @returns {Filter} with the value added, or removed when it was there
 */
export function toggleValue(filter, key, value) {
  const dimension = key.replace('not_', '');
  const values = valuesOf(filter, key);
  const wanted = sameKey(value, dimension);
  const without = values.filter((entry) => sameKey(entry, dimension) !== wanted);
  const found = without.length < values.length;
  return { ...filter, [key]: found ? without : [...values, value] };
}

/** @param {Filter} filter @param {Dimension} dimension */
export const withoutDimension = (filter, dimension) => ({ ...filter, [dimension]: [], [`not_${dimension}`]: [] });

/**
 * Every active value, in the order of the filter bar.
 * @param {Filter} filter
 * @returns {FilterEntry[]}
 */
export function filterEntries(filter) {
  return dimensionsOf(filter).flatMap((dimension) =>
    [false, true].flatMap((excluded) => {
      const key = excluded ? `not_${dimension}` : dimension;
      return valuesOf(filter, key).map((value) => ({ key, dimension, value, excluded }));
    }),
  );
}

/**
 * @param {Filter} filter
 * @param {Dimension} dimension
 * @param {string | null} value
 */
export const isSelected = (filter, dimension, value) =>
  valuesOf(filter, dimension).some((entry) => sameKey(entry, dimension) === sameKey(value, dimension));

/**
 * Whether the data knows the value; undecided (true) while the facets are not there.
 * @param {Facet[] | undefined} facets
 * @param {Dimension} dimension
 * @param {string | null} value
 */
export const isInData = (facets, dimension, value) =>
  facets === undefined || facets.some((facet) => sameKey(facet.value, dimension) === sameKey(value, dimension));
