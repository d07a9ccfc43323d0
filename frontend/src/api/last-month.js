import { queryOptions, useQuery } from '@tanstack/react-query';
import { request } from './client.js';

/** @param {{ signal?: AbortSignal }} [init] @returns {Promise<import('./types').LastMonthAnswer>} */
export const fetchLastMonth = (init) => request('/api/sales/last-month?limit=1000', init);

export const LAST_MONTH_KEY = ['last-month'];

export const lastMonthQuery = () =>
  queryOptions({
    queryKey: LAST_MONTH_KEY,
    queryFn: ({ signal }) => fetchLastMonth({ signal }),
    staleTime: 0,
  });

/**
 * @param {{ pollSeconds: number, paused: boolean, enabled: boolean }} options 0 seconds: only on load, Refresh Data and focus
 */
export const useLastMonth = ({ pollSeconds, paused, enabled }) =>
  useQuery({
    ...lastMonthQuery(),
    enabled,
    refetchInterval: paused || pollSeconds === 0 ? false : pollSeconds * 1000,
    refetchOnWindowFocus: !paused,
    refetchOnReconnect: !paused,
  });
