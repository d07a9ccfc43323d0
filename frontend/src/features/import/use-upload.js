import { useCallback, useReducer, useRef } from 'react';
import { uploadFile } from '../../api/upload.js';
import { announce } from '../../lib/announce.js';

/**
 * @typedef {{ phase: 'idle' } | { phase: 'sending', file: File, sent: number } | { phase: 'failed', file: File, error: Error }} Upload
 * @typedef {{ type: 'begin', file: File } | { type: 'sent', bytes: number } | { type: 'failed', error: Error } | { type: 'over' }} UploadEvent
 */

/** @param {Upload} state @param {UploadEvent} event @returns {Upload} */
export function uploadMachine(state, event) {
  switch (event.type) {
    case 'begin':
      return { phase: 'sending', file: event.file, sent: 0 };
    case 'sent':
      return state.phase === 'sending' ? { ...state, sent: Math.min(event.bytes, state.file.size) } : state;
    case 'failed':
      return state.phase === 'sending' ? { phase: 'failed', file: state.file, error: event.error } : state;
    case 'over':
      return { phase: 'idle' };
  }
}

/** @param {unknown} error */
const isAbort = (error) => error instanceof DOMException && error.name === 'AbortError';

/** Hands one file over at a time. @param {{ onDone: (job: import('../../api/types').Import) => void }} options */
export function useUpload({ onDone }) {
  const [state, dispatch] = useReducer(uploadMachine, /** @type {Upload} */ ({ phase: 'idle' }));
  const running = useRef(/** @type {AbortController | null} */ (null));

  const send = useCallback(async (/** @type {File} */ file) => {
    if (running.current !== null) return;
    const abort = new AbortController();
    running.current = abort;
    dispatch({ type: 'begin', file });
    try {
      const job = await uploadFile(file, { signal: abort.signal, onProgress: (bytes) => dispatch({ type: 'sent', bytes }) });
      dispatch({ type: 'over' });
      onDone(job);
    } catch (error) {
      if (isAbort(error)) {
        dispatch({ type: 'over' });
        announce('The upload was cancelled');
      } else dispatch({ type: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
    } finally {
      running.current = null;
    }
  }, [onDone]);

  return { state, send, cancel: useCallback(() => running.current?.abort(), []) };
}
