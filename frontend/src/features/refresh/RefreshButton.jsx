import { useEffect, useState } from 'react';
import { Button } from '../../ui/Button.jsx';
import { Icon } from '../../ui/Icon.jsx';
import { RefreshPanel } from './RefreshPanel.jsx';
import './RefreshButton.css';

const PATIENCE_MS = 400;
const SUCCESS_MS = 6000;

/** True when `on` has lasted for 400 ms: shorter work shows no progress at all. @param {boolean} on */
function useLasting(on) {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!on) return undefined;
    const timer = setTimeout(() => setLasting(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [on]);
  return lasting;
}

/** Shorter where the bar has no room; the name stays. */
const Failed = () => (
  <>
    <span className="refresh-long">Refresh failed</span>
    <span className="refresh-short" aria-hidden="true">Failed</span> – retry
  </>
);

/**
 * Reads everything again at once and starts the refresh job, or joins the one that runs.
 * @param {{ refresh: import('./use-refresh.js').Refresh, onClick: () => void, quiet: boolean }} props `quiet` where the page itself
 *   shows the job
 */
export function RefreshButton({ refresh, onClick, quiet }) {
  const { state, dismiss } = refresh;
  const running = state.phase === 'starting' || state.phase === 'active';
  const lasting = useLasting(running);
  const ended = state.phase === 'ended';
  const failed = ended && (state.error !== null || state.job?.state === 'failed');

  useEffect(() => {
    if (!ended || failed) return undefined;
    const timer = setTimeout(dismiss, SUCCESS_MS);
    return () => clearTimeout(timer);
  }, [ended, failed, dismiss]);

  const progress = lasting && state.phase === 'active' ? ` ${state.job?.progress ?? 0}%` : '';
  const label = lasting ? `Refreshing${progress}` : failed ? <Failed /> : 'Refresh Data';
  return (
    <div className="refresh">
      <Button look="primary" className="refresh-button" onClick={onClick} title="Read everything again ( r )">
        <span className={lasting ? 'refresh-icon refresh-turning' : 'refresh-icon'}>
          <Icon name="refresh" />
        </span>
        <span className="refresh-label">{label}</span>
      </Button>
      {!quiet && state.mine && ((lasting && state.phase === 'active') || ended) && <RefreshPanel refresh={refresh} />}
    </div>
  );
}
