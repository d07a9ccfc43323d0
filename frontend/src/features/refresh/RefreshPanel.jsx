import { Button } from '../../ui/Button.jsx';
import { Icon } from '../../ui/Icon.jsx';
import { useFormat } from '../../ui/format-context.js';
import { JobSteps } from './JobSteps.jsx';
import { endText } from './refresh-machine.js';
import './RefreshPanel.css';

/** Progress of the running job, then how it ended. @param {{ refresh: import('./use-refresh.js').Refresh }} props */
export function RefreshPanel({ refresh }) {
  const format = useFormat();
  const { state, cancel, dismiss, start } = refresh;
  const { job } = state;
  if (state.phase === 'ended') {
    const failed = state.error !== null || job?.state === 'failed';
    return (
      <section className="refresh-panel refresh-ended" aria-label="Refresh progress" role={failed ? 'alert' : undefined}>
        <span className={failed ? 'refresh-bad' : 'refresh-good'}><Icon name={failed ? 'alert' : 'check'} /></span>
        <p>{endText(state, format)}</p>
        {failed && <Button onClick={() => void start()}>Retry</Button>}
        <Button look="icon" onClick={dismiss} aria-label="Close"><Icon name="close" /></Button>
      </section>
    );
  }
  if (job === null) return null;
  return (
    <section className="refresh-panel" aria-label="Refresh progress">
      <header className="refresh-head">
        <p className="refresh-title">{job.joined ? 'Joined a running refresh' : 'Refreshing data'}</p>
        <Button onClick={() => void cancel()} disabled={state.cancelling}>{state.cancelling ? 'Cancelling…' : 'Cancel'}</Button>
      </header>
      <JobSteps job={job} />
    </section>
  );
}
