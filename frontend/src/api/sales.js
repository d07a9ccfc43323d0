import { useQuery } from '@tanstack/react-query';
import { request } from './client.js';

/** As many rows as the live table asks for. */
const LIMIT = 1000;

/**
 * @typedef {{ id: string, window: { start: string, end: string } }} SalesOfSnapshot
 * @param {SalesOfSnapshot} question
 */
export const snapshotSalesPath = ({ id, window }) =>
  `/api/sales?${new URLSearchParams({ as_of: id, from: window.start, to: window.end, limit: String(LIMIT) })}`;

/**
 * The rows of a window as a snapshot holds them, which do not change.
 * @param {SalesOfSnapshot | null} question
 * @param {{ enabled: boolean }} options
 */
export const useSnapshotSales = (question, { enabled }) =>
  useQuery({
    queryKey: ['sales', question?.id, question?.window.start],
    /** @returns {Promise<import('./types').SalesAnswer>} */
    queryFn: ({ signal }) => request(snapshotSalesPath(/** @type {SalesOfSnapshot} */ (question)), { signal }),
    enabled: enabled && question !== null,
    staleTime: Infinity,
  });

/**
 * Rows of a snapshot whose status is not known, as many as one answer holds.
 * @param {string} id
 */
export const useUnknownSales = (id) =>
  useQuery({
    queryKey: ['sales', id, 'unknown'],
    /** @returns {Promise<import('./types').SalesAnswer>} */
    queryFn: ({ signal }) => request(`/api/sales?${new URLSearchParams({ as_of: id, status: 'unknown', limit: String(LIMIT) })}`, { signal }),
    staleTime: Infinity,
  });
