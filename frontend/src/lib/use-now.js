import { useEffect, useState } from 'react';

/**
 * The time, again every `every` milliseconds: one second for ages below a minute, else a minute.
 * @param {number} [every]
 */
export function useNow(every = 1000) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
