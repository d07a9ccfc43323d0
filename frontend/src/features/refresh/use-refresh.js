import { useCallback, useEffect, useReducer, useRef } from 'react';
import { cancelRefresh, fetchNewestRefresh, fetchRefresh, startRefresh } from '../../api/refresh.js';
import { announce } from '../../lib/announce.js';
import { useLatest } from '../../lib/use-latest.js';
import { useFormat } from '../../ui/format-context.js';
import { IDLE, endText, hasEnded, refreshMachine } from './refresh-machine.js';

const POLL_MS = 1000;

/** @param {unknown} error */
const asError = (error) => (error instanceof Error ? error : new Error(String(error)));

/**
 * Starts, joins, follows and cancels the refresh job.
 *
 * @param {{ streaming: boolean, onEnded: () => Promise<unknown> }} options `streaming`: /api/events reports the
 *   job through `onJob`; else it is polled. `onEnded` reads the new data before the end is announced.
 */
export function useRefresh({ streaming, onEnded }) {
  const format = useFormat();
  const [state, dispatch] = useReducer(refreshMachine, IDLE);
  const ended = useLatest(onEnded);

  const onJob = useCallback((/** @type {import('../../api/types').Job} */ job) => dispatch({ type: 'job', job }), []);

  const start = useCallback(async () => {
    dispatch({ type: 'clicked' });
    try {
      dispatch({ type: 'job', job: await startRefresh(), accepted: true });
    } catch (error) {
      dispatch({ type: 'failed', error: asError(error) });
    }
  }, []);

  const id = state.job?.id;
  const cancel = useCallback(async () => {
    if (id === undefined) return;
    dispatch({ type: 'cancel' });
    try {
      dispatch({ type: 'job', job: await cancelRefresh(id) });
    } catch (error) {
      const { status } = /** @type {Error & { status?: number }} */ (error);
      if (status !== 409) announce('The refresh could not be cancelled');
    }
  }, [id]);

  useEffect(() => {
    if (streaming) return;
    fetchNewestRefresh().then((job) => job && onJob(job), () => {});
  }, [streaming, onJob]);

  const active = state.phase === 'active';
  useEffect(() => {
    if (streaming || !active || id === undefined) return undefined;
    const timer = setInterval(() => fetchRefresh(id).then(onJob, () => {}), POLL_MS);
    return () => clearInterval(timer);
  }, [streaming, active, id, onJob]);

  const endedJob = state.job && hasEnded(state.job) && state.phase === 'ended' ? state.job : null;
  const announced = useRef('');
  useEffect(() => {
    if (endedJob === null || announced.current === endedJob.id) return;
    announced.current = endedJob.id;
    const text = endText({ ...IDLE, job: endedJob }, format);
    void ended.current().finally(() => announce(text));
  }, [ended, endedJob, format]);

  return { state, start, cancel, onJob, dismiss: useCallback(() => dispatch({ type: 'dismiss' }), []) };
}

/** @typedef {ReturnType<typeof useRefresh>} Refresh */
