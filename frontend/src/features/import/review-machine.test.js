import { expect, it } from 'vitest';
import { beginReview, isChecking, isReady, reviewMachine } from './review-machine.js';

/** @param {Partial<import('../../api/types').Inspection>} [changes] */
const inspection = (changes = {}) => /** @type {import('../../api/types').Inspection} */ (/** @type {unknown} */ ({
  mapping: { name: 'first' }, questions: [], findings: [], ready: true, outcome: { taken: 3, refused: 0 }, ...changes,
}));
const mapping = (/** @type {string} */ name) => /** @type {any} */ ({ name });

it('shows a change at once and waits for what it makes of the file', () => {
  const edited = reviewMachine(beginReview(inspection()), { type: 'edit', mapping: mapping('second') });
  expect(edited.mapping.name).toBe('second');
  expect([isChecking(edited), isReady(edited)]).toEqual([true, false]);
  const answered = reviewMachine(edited, { type: 'answer', version: 1, inspection: inspection({ mapping: mapping('second') }) });
  expect([isChecking(answered), isReady(answered)]).toEqual([false, true]);
});

it('drops an answer about a mapping that was changed meanwhile', () => {
  let state = reviewMachine(beginReview(inspection()), { type: 'edit', mapping: mapping('second') });
  state = reviewMachine(state, { type: 'ask' });
  state = reviewMachine(state, { type: 'edit', mapping: mapping('third') });
  state = reviewMachine(state, { type: 'answer', version: 1, inspection: inspection({ mapping: mapping('second') }) });
  expect(state.mapping.name).toBe('third');
  expect([state.asking, isChecking(state)]).toEqual([false, true]);
});

it('keeps what was changed when it could not be looked at, and is not ready', () => {
  let state = reviewMachine(beginReview(inspection()), { type: 'edit', mapping: mapping('second') });
  state = reviewMachine(state, { type: 'failed', error: new Error('The server cannot be reached.') });
  expect([state.mapping.name, isChecking(state), isReady(state)]).toEqual(['second', false, false]);
  expect(isChecking(reviewMachine(state, { type: 'retry' }))).toBe(true);
});

it('is not ready before every question is answered here, whatever else was changed', () => {
  const dates = { about: 'date_order', text: 'Which?', choices: ['month_day_year', 'day_month_year'] };
  let state = beginReview(inspection({ questions: [dates], ready: false }));
  state = reviewMachine(state, { type: 'edit', mapping: mapping('second') });
  state = reviewMachine(state, { type: 'answer', version: 1, inspection: inspection() });
  expect(isReady(state)).toBe(false);
  state = reviewMachine(state, { type: 'edit', mapping: mapping('third'), about: 'date_order' });
  state = reviewMachine(state, { type: 'answer', version: 2, inspection: inspection() });
  expect(isReady(state)).toBe(true);
});

it('is not ready with a problem, and not without a row', () => {
  expect(isReady(beginReview(inspection({ findings: [{ level: 'problem', text: 'Two currencies.' }] })))).toBe(false);
  expect(isReady(beginReview(inspection({ findings: [{ level: 'warning', text: 'A formula.' }] })))).toBe(true);
  expect(isReady(beginReview(inspection({ outcome: /** @type {any} */ ({ taken: 0, refused: 3 }) })))).toBe(false);
});
