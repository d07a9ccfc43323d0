import { queryOptions, useQuery } from '@tanstack/react-query';
import { request } from './client.js';

/** @param {{ signal?: AbortSignal }} [init] @returns {Promise<import('./types').MetricsAnswer>} */
export const fetchMetrics = (init) => request('/api/metrics', init);

export const METRICS_KEY = ['metrics'];

export const metricsQuery = () =>
  queryOptions({ queryKey: METRICS_KEY, queryFn: ({ signal }) => fetchMetrics({ signal }), staleTime: 60_000 });

export const useMetrics = () => useQuery(metricsQuery());

/** @param {string} id @returns {import('./types').Metric | undefined} */
export function useMetric(id) {
  const { data } = useMetrics();
  return data?.data.find((metric) => metric.id === id);
}
