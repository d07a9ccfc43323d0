import { request } from './client.js';

/** @typedef {import('./types').Job} Job */

const JSON_HEADERS = { 'Content-Type': 'application/json' };

/** Starts the job, or joins the one that runs. @returns {Promise<Job>} */
export const startRefresh = async () =>
  (await request('/api/refresh', { method: 'POST', headers: JSON_HEADERS, body: '{}' })).data;

/** @param {string} id @returns {Promise<Job>} */
export const fetchRefresh = async (id) => (await request(`/api/refresh/${encodeURIComponent(id)}`)).data;

/** @returns {Promise<Job | null>} the newest job */
export const fetchNewestRefresh = async () => (await request('/api/refresh')).data;

/** @param {string} id @returns {Promise<Job>} */
export const cancelRefresh = async (id) =>
  (await request(`/api/refresh/${encodeURIComponent(id)}`, { method: 'DELETE', headers: JSON_HEADERS })).data;
