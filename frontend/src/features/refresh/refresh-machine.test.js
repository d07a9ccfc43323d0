import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFormat } from '../../lib/format.js';
import { IDLE, endText, hasEnded, refreshMachine } from './refresh-machine.js';

const job = (/** @type {any} */ changes = {}) => /** @type {import('../../api/types').Job} */ ({
  id: 'a', state: 'running', requested_by: 'person', joined: false, started_at: '2026-11-22T11:00:00Z', ended_at: null, progress: 10, steps: [],
  outcome: null, snapshot_id: null, rows: null, changed_days: null, error: null, ...changes,
});
const run = (/** @type {any[]} */ ...events) => events.reduce(refreshMachine, IDLE);
const format = createFormat({ locale: 'en-GB', currency: null, zone: 'UTC' });

describe('a refresh', () => {
  it('goes from the click to the end', () => {
    const started = run({ type: 'clicked' }, { type: 'job', job: job(), accepted: true });
    expect(started).toMatchObject({ phase: 'active', mine: true });
    const ended = refreshMachine(started, { type: 'job', job: job({ state: 'succeeded', progress: 100, outcome: 'published', rows: 2418, changed_days: 3 }) });
    expect(ended.phase).toBe('ended');
    expect(endText(ended, format)).toBe('Updated just now · 3 days changed · 2,418 rows');
    expect(refreshMachine(ended, { type: 'dismiss' }).phase).toBe('idle');
  });

  it('joins the job that runs: a second click only shows it', () => {
    const byOther = run({ type: 'job', job: job() });
    expect(byOther).toMatchObject({ phase: 'active', mine: false });
    expect(refreshMachine(byOther, { type: 'clicked' })).toMatchObject({ phase: 'active', mine: true, job: { id: 'a' } });
  });

  it('is not ended by the news of an earlier job', () => {
    const state = run({ type: 'clicked' }, { type: 'job', job: job({ id: 'old', state: 'succeeded', progress: 100 }) });
    expect(state.phase).toBe('starting');
  });

  it('may hear of its end before its beginning', () => {
    const end = job({ state: 'succeeded', progress: 100, outcome: 'unchanged' });
    const state = run({ type: 'clicked' }, { type: 'job', job: end }, { type: 'job', job: job(), accepted: true });
    expect(state).toMatchObject({ phase: 'ended', job: { state: 'succeeded' } });
    expect(endText(state, format)).toBe('Checked just now. Nothing has changed.');
  });

  it('asks to cancel once', () => {
    const state = run({ type: 'clicked' }, { type: 'job', job: job(), accepted: true }, { type: 'cancel' }, { type: 'job', job: job({ progress: 20 }) });
    expect(state.cancelling).toBe(true);
    const ended = refreshMachine(state, { type: 'job', job: job({ state: 'cancelled' }) });
    expect(ended).toMatchObject({ phase: 'ended', cancelling: false });
    expect(endText(ended, format)).toContain('cancelled');
  });

  it('says what went wrong', () => {
    expect(endText(run({ type: 'clicked' }, { type: 'failed', error: new Error('The server cannot be reached.') }), format)).toContain('could not start');
    const failed = run({ type: 'clicked' }, { type: 'job', job: job({ state: 'failed', error: { code: 'timeout', message: 'Too slow.' } }), accepted: true });
    expect(endText(failed, format)).toBe('Refresh failed. Too slow.');
  });

  it('never goes back, whatever the order of events', () => {
    const events = fc.array(fc.record({
      progress: fc.integer({ min: 0, max: 100 }),
      state: fc.constantFrom('running', 'running', 'running', 'succeeded', 'failed'),
    }).map((changes) => ({ type: 'job', job: job(changes) })), { maxLength: 12 });
    fc.assert(fc.property(events, (list) => {
      let state = run({ type: 'clicked' }, { type: 'job', job: job({ progress: 0 }), accepted: true });
      for (const event of list) {
        const next = refreshMachine(state, /** @type {any} */ (event));
        if (state.job && hasEnded(state.job)) expect(next.job).toBe(state.job);
        else if (state.job && next.job && !hasEnded(next.job)) expect(next.job.progress).toBeGreaterThanOrEqual(state.job.progress);
        state = next;
      }
    }));
  });
});
