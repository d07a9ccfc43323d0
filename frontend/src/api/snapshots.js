import { queryOptions, useQuery } from '@tanstack/react-query';
import { LISTED } from '../lib/comparison.js';
import { request } from './client.js';

/** @param {{ signal?: AbortSignal }} [init] @returns {Promise<import('./types').SnapshotsAnswer>} */
export const fetchSnapshots = (init) => request(`/api/snapshots?limit=${LISTED}`, init);

export const SNAPSHOTS_KEY = ['snapshots'];

/** The list as it stood when `snapshotId` was the newest. @param {string | null} snapshotId */
export const snapshotsQuery = (snapshotId) =>
  queryOptions({
    queryKey: [...SNAPSHOTS_KEY, snapshotId],
    queryFn: ({ signal }) => fetchSnapshots({ signal }),
    staleTime: Infinity,
  });

/** @param {string | null} snapshotId */
export const useSnapshots = (snapshotId) => useQuery({ ...snapshotsQuery(snapshotId), enabled: snapshotId !== null });
