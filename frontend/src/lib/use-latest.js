import { useEffect, useRef } from 'react';

/**
 * The newest value for use in later callbacks, without making them new each time.
 * @template T
 * @param {T} value
 */
export function useLatest(value) {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
