import { useEffect, useRef } from 'react';
import { Button } from '../ui/Button.jsx';
import { Icon } from '../ui/Icon.jsx';
import './ShortcutsDialog.css';

const KEYS = /** @type {const} */ ([
  ['g o', 'Go to Overview'],
  ['g d', 'Go to Data'],
  ['r', 'Refresh data'],
  ['.', 'Pause or resume live sales'],
  ['n', 'Show new sales'],
  ['f', 'Go to the filters'],
  ['c', 'Comparison on or off'],
  ['x', 'Clear filters'],
  ['?', 'This list'],
  ['Esc', 'Close the top layer'],
]);

/**
 * @param {{ open: boolean, onClose: () => void, enabled: boolean, onEnabled: (enabled: boolean) => void }} props
 */
export function ShortcutsDialog({ open, onClose, enabled, onEnabled }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="dialog" onClose={onClose} aria-labelledby="shortcuts-title">
      <header className="dialog-head">
        <h2 id="shortcuts-title">Keyboard shortcuts</h2>
        <Button look="icon" onClick={onClose} aria-label="Close"><Icon name="close" /></Button>
      </header>
      <dl className="keys">
        {KEYS.map(([keys, meaning]) => (
          <div key={keys} className="key">
            <dt>{keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label className="key-switch">
        <input type="checkbox" checked={enabled} onChange={(event) => onEnabled(event.target.checked)} />
        Single-key shortcuts are on
      </label>
    </dialog>
  );
}
