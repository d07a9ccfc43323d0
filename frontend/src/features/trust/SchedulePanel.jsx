import { Age } from '../../ui/Age.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { useFormat } from '../../ui/format-context.js';
import { useNow } from '../../lib/use-now.js';
import { formatDuration } from '../../lib/format.js';
import './facts.css';

const NIGHTLY = /^(\d{1,2}) (\d{1,2}) \* \* \*$/;

/** A cron line in words where it is a daily one. @param {string} schedule @param {string | null} zone */
function scheduleText(schedule, zone) {
  const match = NIGHTLY.exec(schedule);
  if (!match) return `${schedule} (${zone ?? 'UTC'})`;
  const [, minute = '', hour = ''] = match;
  return `Every day at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')} ${zone ?? 'UTC'}`;
}

/** @param {{ deployment: import('../../api/types').Deployment }} props */
export function SchedulePanel({ deployment }) {
  const format = useFormat();
  const now = useNow(60_000);
  const { schedule, schedule_zone: zone, next_run_at: next, last_run_failed: failed } = deployment;
  return (
    <Panel title="Schedule">
      <dl className="facts">
        <div className="fact">
          <dt>Runs</dt>
          <dd>{schedule ? scheduleText(schedule, zone) : 'Only when asked: Refresh Data or the command'}</dd>
        </div>
        <div className="fact">
          <dt>Next run</dt>
          <dd>
            {next ? (
              <time dateTime={next} title={format.instantFull(next)}>
                in {formatDuration(Math.max(0, Date.parse(next) - now))} · {format.instant(next, now)}
              </time>
            ) : 'None planned'}
          </dd>
        </div>
      </dl>
      {failed && (
        <div className="state">
          <Notice tone="warn">
            <strong>The last run failed</strong> <Age instant={failed.at} every={60_000} />: {failed.message} The numbers are those from before.
          </Notice>
        </div>
      )}
    </Panel>
  );
}
