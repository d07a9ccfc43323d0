import { useNow } from '../../lib/use-now.js';
import { Button } from '../../ui/Button.jsx';
import { Icon } from '../../ui/Icon.jsx';
import { badgeState } from './live-badge-state.js';
import { useOnline } from './use-online.js';
import './LiveBadge.css';

/**
 * @param {{
 *   query: { dataUpdatedAt: number, failureCount: number, isError: boolean },
 *   pollSeconds: number, paused: boolean, onPause: () => void,
 * }} props
 */
export function LiveBadge({ query, pollSeconds, paused, onPause }) {
  const online = useOnline();
  const now = useNow();
  const { state, text } = badgeState({
    readAt: query.dataUpdatedAt, now, pollSeconds, paused, failures: query.failureCount, failed: query.isError, online,
  });
  return (
    <>
      <span className={`live-badge live-${state}`}>
        <span className="live-dot" aria-hidden="true" />
        {text}
      </span>
      <Button look="icon" onClick={onPause} aria-pressed={paused} aria-label="Pause live updates" title={paused ? 'Resume live updates ( . )' : 'Pause live updates ( . )'}>
        <Icon name={paused ? 'play' : 'pause'} />
      </Button>
    </>
  );
}
