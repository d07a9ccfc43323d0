import { Dialog } from '../ui/Dialog.jsx';
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
  return (
    <Dialog title="Keyboard shortcuts" open={open} onClose={onClose}>
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
    </Dialog>
  );
}
