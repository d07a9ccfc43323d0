/**
 * The refresh as the page sees it. A job is followed by its id; events may arrive twice, late or out of order
 * (two sources: the stream and polling), so progress never goes back and an ended job stays ended.
 *
 * @typedef {import('../../api/types').Job} Job
 * @typedef {{
 *   phase: 'idle' | 'starting' | 'active' | 'ended', job: Job | null, mine: boolean, cancelling: boolean,
 *   error: Error | null,
 * }} RefreshState `mine`: started or joined here, so its progress is shown without asking
 * @typedef {{ type: 'clicked' } | { type: 'job', job: Job, accepted?: boolean } | { type: 'failed', error: Error }
 *   | { type: 'cancel' } | { type: 'dismiss' }} RefreshEvent
 */

/** @type {RefreshState} */
export const IDLE = { phase: 'idle', job: null, mine: false, cancelling: false, error: null };

/** @param {Job} job */
export const hasEnded = (job) => job.state === 'succeeded' || job.state === 'failed' || job.state === 'cancelled';

/** @param {Job | null} known @param {Job} job */
function isOlder(known, job) {
  if (known === null || known.id !== job.id) return false;
  if (hasEnded(known)) return true;
  return !hasEnded(job) && job.progress < known.progress;
}

/** @param {RefreshState} state @param {Job} job @param {boolean} accepted @returns {RefreshState} */
function follow(state, job, accepted) {
  if (isOlder(state.job, job)) return accepted && state.phase === 'starting' ? { ...state, phase: 'ended' } : state;
  const waiting = state.phase === 'starting' && !accepted;
  if (hasEnded(job)) {
    if (waiting && state.job?.id !== job.id) return { ...state, job };
    const phase = state.phase === 'idle' && !accepted ? 'idle' : 'ended';
    return { ...state, phase, job, cancelling: false, error: null };
  }
  if (waiting) return { ...state, job };
  const same = state.job?.id === job.id;
  return { phase: 'active', job, mine: accepted || (same && state.mine), cancelling: same && state.cancelling, error: null };
}

/** @param {RefreshState} state @param {RefreshEvent} event @returns {RefreshState} */
export function refreshMachine(state, event) {
  switch (event.type) {
    case 'clicked':
      return state.phase === 'active' ? { ...state, mine: true } : { ...state, phase: 'starting', mine: true, cancelling: false, error: null };
    case 'job':
      return follow(state, event.job, event.accepted === true);
    case 'failed':
      return { ...state, phase: 'ended', cancelling: false, error: event.error };
    case 'cancel':
      return state.phase === 'active' ? { ...state, cancelling: true } : state;
    case 'dismiss':
      return state.phase === 'ended' ? { ...state, phase: 'idle', mine: false, error: null } : state;
  }
}

/**
 * One sentence for the end of a refresh.
 * @param {RefreshState} state
 * @param {import('../../lib/format.js').Format} format
 */
export function endText({ job, error }, format) {
  if (error) return `Refresh could not start. ${error.message}`;
  if (job === null) return '';
  if (job.state === 'cancelled') return 'Refresh cancelled. The numbers are those from before.';
  if (job.state === 'failed') return `Refresh failed. ${job.error?.message ?? ''}`.trim();
  if (job.outcome === 'unchanged') return 'Checked just now. Nothing has changed.';
  const days = job.changed_days;
  const changed = days === null ? '' : ` · ${format.count(days)} ${days === 1 ? 'day' : 'days'} changed`;
  const rows = job.rows === null ? '' : ` · ${format.count(job.rows)} rows`;
  return `Updated just now${changed}${rows}`;
}
