import { useQuery } from '@tanstack/react-query';
import { request } from './client.js';

/** The mapping that holds what words mean where no file's mapping says it. */
export const VALUES = 'values';

/** @param {{ enabled: boolean }} options */
export const useMappings = ({ enabled }) =>
  useQuery({
    queryKey: ['mappings'],
    /** @returns {Promise<import('./types').Mapping[]>} */
    queryFn: async ({ signal }) => (await request('/api/mappings', { signal })).data,
    enabled,
  });

/** Saves what words mean; the refresh that makes it visible has begun. @param {import('./types').Meaning} meaning @returns {Promise<import('./types').Job>} */
export const saveMeaning = async (meaning) =>
  (await request(`/api/mappings/${VALUES}`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(meaning) })).data;
