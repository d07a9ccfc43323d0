import { stepLabel } from '../../lib/labels.js';
import { formatElapsed } from '../../lib/format.js';
import { useNow } from '../../lib/use-now.js';
import { Icon } from '../../ui/Icon.jsx';
import { Meter } from '../../ui/Meter.jsx';
import { useFormat } from '../../ui/format-context.js';
import './JobSteps.css';

/**
 * @typedef {import('../../api/types').Job} Job
 * @typedef {import('../../api/types').JobStep} JobStep
 */

const STATES = { pending: 'waiting', running: 'running', done: 'done', skipped: 'not needed', failed: 'failed' };

/** @param {JobStep} step */
const unitOf = (step) => (step.total === 1 || (step.total === null && step.done === 1) ? step.unit.replace(/s$/, '') : step.unit);

/** @param {JobStep} step @param {import('../../lib/format.js').Format} format */
function countText(step, format) {
  if (step.state === 'pending' || step.state === 'skipped') return STATES[step.state];
  if (step.total !== null && step.state !== 'done') return `${format.count(step.done)} of ${format.count(step.total)} ${unitOf(step)}`.trim();
  return step.done > 0 ? `${format.count(step.done)} ${unitOf(step)}`.trim() : STATES[step.state];
}

/** The time that is left, from the share done; null while too little is known. @param {Job} job @param {number} now */
function timeLeft(job, now) {
  if (job.started_at === null || job.progress < 5 || job.progress >= 100) return null;
  const spent = now - Date.parse(job.started_at);
  return spent < 1000 ? null : (spent * (100 - job.progress)) / job.progress;
}

/** The five steps of a refresh with their counts, and a bar while it runs. @param {{ job: Job }} props */
export function JobSteps({ job }) {
  const format = useFormat();
  const now = useNow();
  const running = job.state === 'queued' || job.state === 'running';
  const left = running ? timeLeft(job, now) : null;
  return (
    <div className="job">
      {running && (
        <>
          <Meter label="Refresh progress" share={job.progress / 100} />
          <p className="job-percent">
            <span>{job.progress}%</span>
            <span>{left === null ? '' : `about ${formatElapsed(left)} left`}</span>
          </p>
        </>
      )}
      <ol className="job-steps">
        {job.steps.map((step) => (
          <li key={step.name} className={`job-step job-${step.state}`}>
            <span className="job-mark" aria-hidden="true">
              {step.state === 'done' && <Icon name="check" />}
              {step.state === 'failed' && <Icon name="close" />}
            </span>
            <span>{stepLabel(step.name)}</span>
            <span className="job-count">{countText(step, format)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
