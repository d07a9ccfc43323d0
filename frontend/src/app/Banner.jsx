import { useEffect } from 'react';
import { readChoice, writeChoice } from '../lib/storage.js';
import { Notice } from '../ui/Notice.jsx';

const LABELS = /** @type {Record<string, [string, string]>} */ ({
  demo: ['Demo data', 'An invented company: these are nobody’s real numbers.'],
  sample: ['Sample data', 'The eight sample deals that come with the product.'],
});

/** @param {unknown} value @returns {value is string} */
const isString = (value) => typeof value === 'string';

/**
 * Says so when the numbers are not real. While it is not known, what it was last time holds its place.
 * @param {{ label: string | null | undefined }} props undefined while not known
 */
export function Banner({ label }) {
  useEffect(() => {
    if (label !== undefined) writeChoice('label', label ?? '');
  }, [label]);
  const words = LABELS[label === undefined ? readChoice('label', '', isString) : (label ?? '')];
  if (!words) return null;
  return (
    <aside className="banner" aria-label="About this data">
      <Notice><strong>{words[0]}.</strong> {words[1]}</Notice>
    </aside>
  );
}
