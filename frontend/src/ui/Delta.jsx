import { Arrow } from './Icon.jsx';
import './Delta.css';

/**
 * @param {import('../lib/format.js').Change} change
 * @param {import('../api/types').Polarity} polarity
 */
function tone({ kind }, polarity) {
  if (polarity === 'neutral' || (kind !== 'up' && kind !== 'down')) return 'neutral';
  return kind === polarity ? 'good' : 'bad';
}

/**
 * A change: arrow, sign, number and what it is compared with. Whether up is good is the metric's polarity.
 *
 * @param {{ change: import('../lib/format.js').Change, polarity?: import('../api/types').Polarity, since?: string | null }} props
 */
export function Delta({ change, polarity = 'neutral', since = null }) {
  const moved = change.kind === 'up' || change.kind === 'down';
  return (
    <span className="delta">
      <span className={`delta-value delta-${tone(change, polarity)}`}>
        {moved && <Arrow direction={/** @type {'up' | 'down'} */ (change.kind)} />}
        {change.text}
      </span>
      {since && <span className="delta-since"> vs {since}</span>}
    </span>
  );
}
