import { startTransition, useEffect, useState } from 'react';

const PATIENCE_MS = 300;

/**
 * False until the first answers are there, or 300 ms have passed: a quick load then paints once, in its final
 * geometry, and a slow one shows skeletons.
 * @param {boolean} settled
 */
export function useFirstPaint(settled) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    if (due) return undefined;
    const timer = setTimeout(() => startTransition(() => setDue(true)), settled ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [due, settled]);
  return due;
}
