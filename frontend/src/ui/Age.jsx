import { formatAge } from '../lib/format.js';
import { useNow } from '../lib/use-now.js';
import { useFormat } from './format-context.js';

/** How long ago an instant was, ticking; the instant itself is in the tooltip. @param {{ instant: string, every?: number }} props */
export function Age({ instant, every = 1000 }) {
  const now = useNow(every);
  const format = useFormat();
  return (
    <time dateTime={instant} title={format.instantFull(instant)}>
      {formatAge(instant, now)}
    </time>
  );
}
