import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Every pair of colours that carries text or marks, in both themes, by the WCAG 2 formula. */

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const tokens = Object.fromEntries(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [name, { light, dark }]),
);

/** @param {string} hex */
function luminance(hex) {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} a @param {string} b */
function contrast(a, b) {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const PAIRS = [
  ...['bg', 'surface', 'surface-2', 'surface-3', 'accent-weak', 'warn-weak', 'bad-weak'].map((on) => ['text', on, 4.5]),
  ...['bg', 'surface', 'surface-2', 'accent-weak', 'warn-weak', 'bad-weak'].map((on) => ['text-2', on, 4.5]),
  ...['surface', 'surface-2', 'bg', 'accent-weak'].map((on) => ['accent', on, 4.5]),
  ['on-accent', 'accent', 4.5], ['on-accent', 'accent-hover', 4.5],
  ['good', 'surface', 4.5], ['good', 'surface-2', 4.5], ['good', 'good-weak', 4.5], ['good', 'accent-weak', 4.5],
  ['bad', 'surface', 4.5], ['bad', 'surface-2', 4.5], ['bad', 'bad-weak', 4.5], ['bad', 'accent-weak', 4.5],
  ['warn', 'surface', 4.5], ['warn', 'warn-weak', 4.5], ['live', 'surface', 4.5], ['live', 'bad-weak', 3],
  ['border-strong', 'surface', 3], ['border-strong', 'bg', 3], ['focus', 'bg', 3], ['focus', 'surface', 3],
  ['s1', 'surface', 3], ['s2', 'surface', 3], ['s0', 'surface', 3],
];

describe.each(['light', 'dark'])('%s', (theme) => {
  it.each(PAIRS)('%s on %s is at least %d', (front, back, least) => {
    const [a, b] = [tokens[front]?.[theme], tokens[back]?.[theme]];
    expect(contrast(a, b)).toBeGreaterThanOrEqual(Number(least));
  });
});
