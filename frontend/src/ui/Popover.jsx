import { useEffect, useId, useRef, useState } from 'react';
import './Popover.css';

const EDGE = 8;

/**
 * Puts the layer under its button, inside the window; above it when there is more room there.
 * @param {HTMLElement} button
 * @param {HTMLElement} layer
 */
function place(button, layer) {
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = layer;
  const left = Math.max(EDGE, Math.min(anchor.left, window.innerWidth - width - EDGE));
  const below = anchor.bottom + 6;
  const fits = below + height <= window.innerHeight - EDGE || anchor.top < height + EDGE;
  layer.style.setProperty('left', `${left}px`);
  layer.style.setProperty('top', `${fits ? below : anchor.top - height - 6}px`);
}

/**
 * A button and the native popover it opens: Esc and a click outside close it, focus goes back to the button.
 *
 * @param {{
 *   button: (attributes: Record<string, unknown>) => React.ReactNode,
 *   label: string,
 *   className?: string,
 *   children: React.ReactNode,
 *   sheet?: boolean,
 * }} props `button` spreads the attributes on its <button>; `sheet` docks it to the bottom of small windows
 */
export function Popover({ button, label, className = '', children, sheet = false }) {
  const id = `popover-${useId().replaceAll(':', '')}`;
  const [open, setOpen] = useState(false);
  const anchor = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const layer = useRef(/** @type {HTMLDivElement | null} */ (null));

  useEffect(() => {
    const element = layer.current;
    if (!element) return undefined;
    /** @param {Event} event */
    const onToggle = (event) => setOpen(/** @type {ToggleEvent} */ (event).newState === 'open');
    element.addEventListener('toggle', onToggle);
    return () => element.removeEventListener('toggle', onToggle);
  }, []);

  useEffect(() => {
    if (!open) return undefined;
    const update = () => anchor.current && layer.current && place(anchor.current, layer.current);
    update();
    window.addEventListener('scroll', update, { passive: true, capture: true });
    window.addEventListener('resize', update);
    return () => {
      window.removeEventListener('scroll', update, { capture: true });
      window.removeEventListener('resize', update);
    };
  }, [open]);

  const attributes = { ref: anchor, popovertarget: id, 'aria-expanded': open };
  const native = { popover: 'auto' };
  return (
    <>
      {button(attributes)}
      <div ref={layer} id={id} role="group" aria-label={label} className={`popover ${sheet ? 'popover-sheet' : ''} ${className}`} {...native}>
        {open && children}
      </div>
    </>
  );
}
