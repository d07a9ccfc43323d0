import { useEffect } from 'react';

/**
 * Asks again once the time has passed that a refusal named.
 * @param {{ error: (Error & { code?: string, retryAfter?: number | null }) | null, refetch: () => unknown }} query
 */
export function useRetryAfter({ error, refetch }) {
  const seconds = error?.code === 'budget_exhausted' ? (error.retryAfter ?? null) : null;
  useEffect(() => {
    if (seconds === null) return undefined;
    const timer = setTimeout(() => void refetch(), seconds * 1000);
    return () => clearTimeout(timer);
  }, [error, seconds, refetch]);
}
