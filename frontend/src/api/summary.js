import { queryOptions, useQuery } from '@tanstack/react-query';
import { appendFilter, chosenOf } from '../lib/url-state.js';
import { request } from './client.js';

/**
 * @typedef {import('./types').Filter} Filter
 * @typedef {import('./types').SummaryAnswer} SummaryAnswer
 */

/** @param {{ filter: Filter, asOf: string | null }} question */
export function summaryPath({ filter, asOf }) {
  const params = new URLSearchParams();
  appendFilter(params, filter);
  if (asOf !== null) params.append('as_of', asOf);
  const search = params.toString();
  return `/api/summary${search ? `?${search}` : ''}`;
}

/**
 * @param {{ filter: Filter, asOf: string | null, signal?: AbortSignal }} question
 * @returns {Promise<SummaryAnswer>}
 */
export const fetchSummary = ({ signal, ...question }) => request(summaryPath(question), { signal });

/**
 * @param {{ filter: Filter, asOf: string | null }} question `asOf` null asks for the newest snapshot
 */
export const summaryQuery = ({ filter, asOf }) =>
  queryOptions({
    queryKey: ['summary', asOf, chosenOf(filter)],
    queryFn: ({ signal }) => fetchSummary({ filter, asOf, signal }),
    staleTime: asOf === null ? 0 : Infinity,
  });

/** @param {{ filter: Filter, asOf: string | null, enabled?: boolean }} question */
export const useSummary = ({ enabled = true, ...question }) => useQuery({ ...summaryQuery(question), enabled });
