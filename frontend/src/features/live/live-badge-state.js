import { formatAge } from '../../lib/format.js';

/**
 * The word of the badge. Never colour alone, and never "Live" when it is not. A machine without a network is
 * offline only when its server does not answer either: a local one does.
 *
 * @typedef {'connecting' | 'live' | 'delayed' | 'paused' | 'reconnecting' | 'offline'} LiveState
 * @param {{
 *   readAt: number, now: number, pollSeconds: number, paused: boolean, failures: number, failed: boolean, online: boolean,
 * }} input `readAt` 0 before the first answer
 * @returns {{ state: LiveState, text: string }}
 */
export function badgeState({ readAt, now, pollSeconds, paused, failures, failed, online }) {
  const age = readAt === 0 ? null : formatAge(new Date(readAt).toISOString(), now);
  const withAge = (/** @type {string} */ word) => (age === null ? word : `${word} · ${age}`);
  const failing = failed || failures > 0;
  if (failing && !online) return { state: 'offline', text: withAge('Offline') };
  if (paused) return { state: 'paused', text: withAge('Paused') };
  if (failing) {
    return { state: 'reconnecting', text: failures > 0 ? `Reconnecting (${failures})` : withAge('Not updating') };
  }
  if (age === null) return { state: 'connecting', text: 'Connecting…' };
  const late = pollSeconds > 0 && now - readAt > (2 * pollSeconds + 5) * 1000;
  return late ? { state: 'delayed', text: withAge('Delayed') } : { state: 'live', text: withAge('LIVE') };
}
