/**
 * Messages for the one polite status region. At most one message in five seconds is read out; of those that
 * come in between only the last one is kept.
 */

const PAUSE = 5000;

/** @type {Set<(message: string) => void>} */
const listeners = new Set();
let lastAt = -Infinity;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} message */
function tell(message) {
  lastAt = Date.now();
  for (const listener of listeners) listener(message);
}

/** @param {string} message */
export function announce(message) {
  clearTimeout(timer);
  const wait = lastAt + PAUSE - Date.now();
  if (wait <= 0) tell(message);
  else timer = setTimeout(() => tell(message), wait);
}

/** @param {(message: string) => void} listener @returns {() => void} */
export function onAnnouncement(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
