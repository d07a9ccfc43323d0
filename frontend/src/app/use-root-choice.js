import { useCallback, useEffect, useState } from 'react';
import { readChoice, writeChoice } from '../lib/storage.js';

/**
 * A choice of this browser that shows as `data-<name>` on <html>, none for the first value, which is the default;
 * `public/start.js` applies the stored one before the first paint.
 *
 * @template {string} Value
 * @param {string} name
 * @param {readonly [Value, ...Value[]]} values in the order in which `next` goes through them
 */
export function useRootChoice(name, values) {
  const [first] = values;
  const [value, setValue] = useState(() =>
    readChoice(name, first, /** @returns {stored is Value} */ (stored) => values.includes(/** @type {Value} */ (stored))));
  useEffect(() => {
    if (value === first) delete document.documentElement.dataset[name];
    else document.documentElement.dataset[name] = value;
  }, [name, value, first]);
  const next = useCallback(() => {
    const following = values[(values.indexOf(value) + 1) % values.length] ?? first;
    writeChoice(name, following);
    setValue(following);
  }, [name, values, value, first]);
  return { value, next };
}
