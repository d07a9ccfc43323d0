/** What this browser keeps: theme, density, live pause, shortcut switch, the last banner. Everything else is in the URL. */

const PREFIX = 'revops.';

/**
 * @template T
 * @param {string} key
 * @param {T} fallback
 * @param {(value: unknown) => value is T} isValid
 * @returns {T}
 */
export function readChoice(key, fallback, isValid) {
  try {
    const value = JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null');
    return isValid(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

/** @param {string} key @param {unknown} value */
export function writeChoice(key, value) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Storage can be off or full: the choice then lasts as long as the page.
  }
}

/** @param {unknown} value @returns {value is boolean} */
export const isBoolean = (value) => typeof value === 'boolean';
