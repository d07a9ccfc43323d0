import { apiUrl } from './client.js';
import { session } from './session.js';

/**
 * @typedef {{
 *   onRefresh: (job: import('./types').Job) => void,
 *   onImport: (job: import('./types').Import) => void,
 *   onDataVersion: (version: import('./types').DataVersion) => void,
 *   onConnection: (state: 'open' | 'lost' | 'closed') => void,
 * }} EventHandlers
 */

/** @template T @param {(value: T) => void} handle @returns {(event: MessageEvent<string>) => void} */
const json = (handle) => (event) => {
  try {
    handle(JSON.parse(event.data));
  } catch {
    // One unreadable event must not end the stream; the next one carries the whole state again.
  }
};

/**
 * Listens to /api/events; the browser reconnects by itself and resumes with Last-Event-ID.
 * `closed` means that there is no stream at all here and the caller has to poll: also where people sign in, since an
 * EventSource sends no Authorization (and the functions of AWS have no stream).
 *
 * @param {EventHandlers} handlers
 * @returns {() => void} stops listening
 */
export function listen({ onRefresh, onImport, onDataVersion, onConnection }) {
  if (session.isNeeded || typeof EventSource === 'undefined') {
    onConnection('closed');
    return () => {};
  }
  const stream = new EventSource(apiUrl('/api/events'));
  stream.addEventListener('open', () => onConnection('open'));
  stream.addEventListener('error', () => onConnection(stream.readyState === EventSource.CLOSED ? 'closed' : 'lost'));
  stream.addEventListener('refresh', json(onRefresh));
  stream.addEventListener('import', json(onImport));
  stream.addEventListener('data-version', json(onDataVersion));
  return () => stream.close();
}
