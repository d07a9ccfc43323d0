import { expect, it } from 'vitest';
import { labelOf } from './made-up.js';

const imported = (/** @type {string} */ state, /** @type {string} */ mode) => /** @type {any} */ ({ state, mode });

it('calls data made up until an import has replaced it, and again when that is undone', () => {
  expect(labelOf('demo', undefined)).toBe('demo');
  expect(labelOf('demo', [imported('done', 'append')])).toBe('demo');
  expect(labelOf('demo', [imported('done', 'append'), imported('done', 'replace')])).toBeNull();
  expect(labelOf('demo', [imported('undone', 'replace')])).toBe('demo');
  expect(labelOf(null, [])).toBeNull();
});
