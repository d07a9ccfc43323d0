import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { useLastMonth } from '../../api/last-month.js';
import { announce } from '../../lib/announce.js';
import { isBoolean, readChoice, writeChoice } from '../../lib/storage.js';
import { NO_ROWS, liveRows, waitingCount } from './live-rows.js';

const FRESH_MS = 3000;

/**
 * The live panel's data: the polled answer, what of it is shown, what waits, and the pause that is remembered.
 *
 * @param {{ pollSeconds: number, calm: boolean, asked: number, enabled: boolean }} input `calm`: new rows may appear at once;
 *   `asked` is the instant of the last Refresh Data: what is read after it is shown whatever else holds; not `enabled` where nobody sees it
 */
export function useLive({ pollSeconds, calm, asked, enabled }) {
  const [paused, setPaused] = useState(() => readChoice('live-paused', false, isBoolean));
  const [busy, setBusy] = useState(false);
  const { data, error, refetch, isFetching, isError, isPending, dataUpdatedAt, failureCount } = useLastMonth({ pollSeconds, paused, enabled });
  const [rows, dispatch] = useReducer(liveRows, NO_ROWS);
  const applied = useRef(asked);

  useEffect(() => {
    if (!data) return;
    const demanded = applied.current !== asked && dataUpdatedAt >= asked;
    if (demanded) applied.current = asked;
    dispatch({ type: 'received', answer: data, apply: demanded || (calm && !busy && !paused) });
  }, [data, dataUpdatedAt, asked, calm, busy, paused]);

  const waiting = waitingCount(rows);
  useEffect(() => {
    if (waiting > 0) announce(`${waiting} new ${waiting === 1 ? 'sale' : 'sales'}`);
  }, [waiting]);

  useEffect(() => {
    if (rows.fresh.size === 0) return undefined;
    const timer = setTimeout(() => dispatch({ type: 'settle' }), FRESH_MS);
    return () => clearTimeout(timer);
  }, [rows.fresh]);

  const togglePause = useCallback(() => {
    setPaused((was) => {
      writeChoice('live-paused', !was);
      return !was;
    });
  }, []);

  const show = useCallback(() => dispatch({ type: 'apply' }), []);
  return useMemo(
    () => ({
      query: { error, refetch, isFetching, isError, isPending, dataUpdatedAt, failureCount },
      rows, waiting, paused, togglePause, setBusy, pollSeconds, show,
    }),
    [error, refetch, isFetching, isError, isPending, dataUpdatedAt, failureCount, rows, waiting, paused, togglePause, pollSeconds, show],
  );
}

/** @typedef {ReturnType<typeof useLive>} Live */
