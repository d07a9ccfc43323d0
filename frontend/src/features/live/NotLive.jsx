import { useEffect } from 'react';
import { announce } from '../../lib/announce.js';
import { Button } from '../../ui/Button.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { useFormat } from '../../ui/format-context.js';

/**
 * Says that the rows below are a snapshot's, and why.
 * @param {{ computedAt: string, error: Error & { code?: string }, onRetry: () => unknown, busy: boolean }} props
 */
export function NotLive({ computedAt, error, onRetry, busy }) {
  const format = useFormat();
  useEffect(() => announce('Live sales cannot be read. Rows of the snapshot are shown.'), []);
  return (
    <div className="state">
      <Notice tone="warn" action={<Button onClick={() => onRetry()} disabled={busy}>{busy ? 'Retrying…' : 'Retry'}</Button>}>
        <p>
          <strong>Not live: these are the rows of the snapshot of {format.instantMinute(computedAt)}.</strong> {error.message}{' '}
          {error.code === 'budget_exhausted' && 'The page asks again by itself.'}
        </p>
      </Notice>
    </div>
  );
}
