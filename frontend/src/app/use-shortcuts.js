import { useEffect } from 'react';
import { useLatest } from '../lib/use-latest.js';

const SEQUENCE_MS = 1000;

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || (target.matches('input, textarea, select') && !target.matches('[type=checkbox]')));

/**
 * Single keys and two-key sequences ("g o"). Off while typing, with a modifier, in a dialog, and when `enabled` is false.
 * @param {Record<string, () => void>} actions
 * @param {boolean} enabled
 */
export function useShortcuts(actions, enabled) {
  const current = useLatest(actions);
  useEffect(() => {
    if (!enabled) return undefined;
    let first = '';
    let at = 0;
    /** @param {KeyboardEvent} event */
    const onKey = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]')) return;
      const sequence = event.timeStamp - at < SEQUENCE_MS ? `${first} ${event.key}` : '';
      const action = current.current[sequence] ?? current.current[event.key];
      first = event.key;
      at = event.timeStamp;
      if (!action) return;
      first = '';
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [current, enabled]);
}
