import { queryOptions, useQuery } from '@tanstack/react-query';
import { request } from './client.js';

/** @param {{ signal?: AbortSignal }} [init] @returns {Promise<import('./types').ReceiptAnswer>} */
export const fetchReceipt = (init) => request('/api/receipt', init);

export const RECEIPT_KEY = ['receipt'];

export const receiptQuery = () =>
  queryOptions({ queryKey: RECEIPT_KEY, queryFn: ({ signal }) => fetchReceipt({ signal }), staleTime: 60_000, refetchInterval: 60_000 });

export const useReceipt = () => useQuery(receiptQuery());
