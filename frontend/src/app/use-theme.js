import { useCallback, useEffect, useState } from 'react';
import { readChoice, writeChoice } from '../lib/storage.js';

/** @typedef {'system' | 'light' | 'dark'} Theme */

/** @type {Theme[]} */
const ORDER = ['system', 'light', 'dark'];

/** @param {unknown} value @returns {value is Theme} */
const isTheme = (value) => ORDER.includes(/** @type {Theme} */ (value));

/** The chosen theme; `public/theme.js` applies the stored one before the first paint. */
export function useTheme() {
  const [theme, setTheme] = useState(() => readChoice('theme', /** @type {Theme} */ ('system'), isTheme));
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  const next = useCallback(() => {
    setTheme((current) => {
      const following = ORDER[(ORDER.indexOf(current) + 1) % ORDER.length] ?? 'system';
      writeChoice('theme', following);
      return following;
    });
  }, []);
  return { theme, next };
}
