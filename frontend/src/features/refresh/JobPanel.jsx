import { Button } from '../../ui/Button.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { formatElapsed } from '../../lib/format.js';
import { Age } from '../../ui/Age.jsx';
import { useFormat } from '../../ui/format-context.js';
import { JobSteps } from './JobSteps.jsx';
import { hasEnded } from './refresh-machine.js';

const ASKED_BY = { person: 'somebody here', schedule: 'the schedule', command: 'the command line' };
const ENDED = { succeeded: 'Finished', failed: 'Failed', cancelled: 'Cancelled' };

/** @param {import('../../api/types').Job} job @param {import('../../lib/format.js').Format} format */
function outcomeText(job, format) {
  if (job.outcome === 'unchanged') return 'nothing had changed';
  if (job.outcome !== 'published') return null;
  const days = job.changed_days === null ? '' : `${format.count(job.changed_days)} ${job.changed_days === 1 ? 'day' : 'days'} changed`;
  const rows = job.rows === null ? '' : `${format.count(job.rows)} rows`;
  return [days, rows].filter(Boolean).join(', ') || 'a new snapshot was published';
}

/** @param {{ job: import('../../api/types').Job }} props */
function Ending({ job }) {
  const format = useFormat();
  if (!hasEnded(job) || job.ended_at === null) return <>Asked for by {ASKED_BY[job.requested_by]}.</>;
  const word = ENDED[/** @type {keyof typeof ENDED} */ (job.state)];
  const outcome = outcomeText(job, format);
  const took = job.started_at === null ? '' : `, in ${formatElapsed(Date.parse(job.ended_at) - Date.parse(job.started_at))}`;
  return <>{word} <Age instant={job.ended_at} />{took}; asked for by {ASKED_BY[job.requested_by]}{outcome && `: ${outcome}`}.</>;
}

/** @param {{ what: string, children?: React.ReactNode }} props */
function Problem({ what, children }) {
  return (
    <div className="state">
      <Notice tone="bad" alert><strong>{what}</strong> {children} The numbers are those from before.</Notice>
    </div>
  );
}

/**
 * The newest refresh with its steps.
 * @param {{ refresh: import('./use-refresh.js').Refresh, onRefresh: () => void }} props
 */
export function JobPanel({ refresh, onRefresh }) {
  const { state, cancel } = refresh;
  const { job } = state;
  const running = state.phase === 'active';
  return (
    <Panel
      title="Refresh"
      aside={
        running
          ? <Button onClick={() => void cancel()} disabled={state.cancelling}>{state.cancelling ? 'Cancelling…' : 'Cancel'}</Button>
          : <Button onClick={onRefresh} disabled={state.phase === 'starting'}>Refresh now</Button>
      }
      note={job ? <Ending job={job} /> : 'No refresh yet since the server started.'}
    >
      {job && <div className="state"><JobSteps job={job} /></div>}
      {state.error && <Problem what="Refresh could not start.">{state.error.message}</Problem>}
      {!state.error && job?.error && <Problem what={job.error.message} />}
    </Panel>
  );
}
