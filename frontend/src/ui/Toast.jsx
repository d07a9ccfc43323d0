import { useEffect, useState } from 'react';
import { useLatest } from '../lib/use-latest.js';
import { Button } from './Button.jsx';
import { Icon } from './Icon.jsx';
import './Toast.css';

const STAYS_MS = 10_000;

/**
 * What was just done, with the way back. Goes by itself, but not while the pointer or the focus is on it.
 * Mount it anew (by `key`) for each event; say the same through the announcer.
 *
 * @param {{ text: string, action: string, onAction: () => void, onClose: () => void }} props
 */
export function Toast({ text, action, onAction, onClose }) {
  const [held, setHeld] = useState(false);
  const close = useLatest(onClose);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => close.current(), STAYS_MS);
    return () => clearTimeout(timer);
  }, [held, close]);
  return (
    <div
      className="toast"
      role="group"
      aria-label="Undo"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className="toast-text">{text}</p>
      <Button look="plain" onClick={onAction}>{action}</Button>
      <Button look="icon" onClick={onClose} aria-label="Close"><Icon name="close" /></Button>
    </div>
  );
}
