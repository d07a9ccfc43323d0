import { useEffect, useState } from 'react';
import { useLatest } from '../../lib/use-latest.js';

/** @param {DragEvent} event */
const hasFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;

/**
 * A file that is dropped anywhere on the page; says whether one hovers over it.
 * @param {{ enabled: boolean, onFile: (file: File) => void }} options
 */
export function useFileDrop({ enabled, onFile }) {
  const [over, setOver] = useState(false);
  const take = useLatest(onFile);
  useEffect(() => {
    if (!enabled) return undefined;
    let inside = 0;
    const leave = () => {
      inside = 0;
      setOver(false);
    };
    /** @type {Record<string, (event: DragEvent) => void>} */
    const handlers = {
      dragenter: (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        inside += 1;
        setOver(true);
      },
      dragover: (event) => hasFiles(event) && event.preventDefault(),
      dragleave: (event) => {
        if (!hasFiles(event)) return;
        inside -= 1;
        if (inside <= 0) leave();
      },
      drop: (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        leave();
        const file = event.dataTransfer?.files[0];
        if (file) take.current(file);
      },
    };
    for (const [name, handle] of Object.entries(handlers)) window.addEventListener(name, /** @type {EventListener} */ (handle));
    return () => {
      leave();
      for (const [name, handle] of Object.entries(handlers)) window.removeEventListener(name, /** @type {EventListener} */ (handle));
    };
  }, [enabled, take]);
  return over;
}
