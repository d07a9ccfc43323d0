import { useEffect, useId, useRef } from 'react';
import { Button } from './Button.jsx';
import { Icon } from './Icon.jsx';
import './Dialog.css';

/**
 * A modal window: Esc closes it, and the focus goes back to where it was.
 * @param {{ title: string, open: boolean, onClose: () => void, children: React.ReactNode }} props
 */
export function Dialog({ title, open, onClose, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const titleId = useId();
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="dialog" onClose={onClose} aria-labelledby={titleId}>
      <header className="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <Button look="icon" onClick={onClose} aria-label="Close"><Icon name="close" /></Button>
      </header>
      {children}
    </dialog>
  );
}
