import { useQuery } from '@tanstack/react-query';
import { ApiError, apiUrl, request } from './client.js';

/**
 * @typedef {import('./types').Import} Import
 * @typedef {import('./types').Inspection} Inspection
 * @typedef {import('./types').Mapping} Mapping
 */

const JSON_HEADERS = { 'Content-Type': 'application/json' };

/** An import that moves is asked for that often: the event stream can be lost, or not there. */
const POLL_MS = 1000;

export const IMPORTS_KEY = ['imports'];

/** @param {string} id */
export const importKey = (id) => ['import', id];

/** @type {ReadonlySet<import('./types').ImportState>} */
const MOVING = new Set(['inspecting', 'importing', 'publishing', 'undoing']);

/** Whether it goes on by itself. @param {Import} job */
export const isMoving = (job) => MOVING.has(job.state);

/** @param {string} id */
const path = (id) => `/api/imports/${encodeURIComponent(id)}`;

/** @param {unknown} body */
const json = (body) => ({ headers: JSON_HEADERS, body: JSON.stringify(body) });

/** @returns {Promise<Import[]>} */
const fetchImports = async ({ signal } = /** @type {{ signal?: AbortSignal }} */ ({})) => (await request('/api/imports', { signal })).data;

/** Where importing is not possible the answer does not change, so it is not asked again. @param {Error | null} error */
export const isUnsupported = (error) => error instanceof ApiError && error.status === 501;

/** Newest first. @param {{ enabled?: boolean }} [options] */
export const useImports = ({ enabled = true } = {}) =>
  useQuery({
    enabled,
    queryKey: IMPORTS_KEY,
    queryFn: fetchImports,
    refetchInterval: (query) => (query.state.data?.some(isMoving) ? POLL_MS : false),
  });

/** @param {string} id */
export const useImport = (id) =>
  useQuery({
    queryKey: importKey(id),
    /** @returns {Promise<Import>} */
    queryFn: async ({ signal }) => (await request(path(id), { signal })).data,
    refetchInterval: (query) => (query.state.data && isMoving(query.state.data) ? POLL_MS : false),
  });

/**
 * Puts news of an import where the page reads it.
 * @param {import('@tanstack/react-query').QueryClient} client
 * @param {Import} job
 */
export function keepImport(client, job) {
  client.setQueryData(importKey(job.id), job);
  client.setQueryData(IMPORTS_KEY, (/** @type {Import[] | undefined} */ list) => {
    if (list === undefined) return undefined;
    return list.some(({ id }) => id === job.id) ? list.map((entry) => (entry.id === job.id ? job : entry)) : [job, ...list];
  });
  // Which import can be undone changes with every new one.
  if (!isMoving(job)) void client.invalidateQueries({ queryKey: IMPORTS_KEY });
}

/** @param {string} id @param {{ signal?: AbortSignal }} [init] @returns {Promise<Inspection>} */
export const fetchInspection = async (id, init) => (await request(`${path(id)}/inspection`, init)).data;

/** @param {string} id @param {Mapping} mapping @param {{ signal?: AbortSignal }} [init] @returns {Promise<Inspection>} */
export const inspectUnder = async (id, mapping, init) =>
  (await request(`${path(id)}/mapping`, { ...init, method: 'PUT', ...json(mapping) })).data;

/** @param {string} id @param {import('./types').Take} how @returns {Promise<Import>} */
export const takeImport = async (id, how) => (await request(`${path(id)}/take`, { method: 'POST', ...json(how) })).data;

/** @param {string} id @returns {Promise<Import>} */
export const undoImport = async (id) => (await request(`${path(id)}/undo`, { method: 'POST', ...json({}) })).data;

/** @param {string} id @returns {Promise<Import>} */
export const discardImport = async (id) => (await request(path(id), { method: 'DELETE', headers: JSON_HEADERS })).data;

/** Where the refused rows lie: CSV to mend and hand over again. @param {string} id */
export const refusedUrl = (id) => apiUrl(`${path(id)}/refused`);
