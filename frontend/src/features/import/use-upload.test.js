import { expect, it } from 'vitest';
import { uploadMachine } from './use-upload.js';

const file = /** @type {File} */ ({ name: 'deals.csv', size: 100 });
const idle = /** @type {const} */ ({ phase: 'idle' });

it('follows a file to its end, and says no more was sent than there is', () => {
  let state = uploadMachine(idle, { type: 'begin', file });
  state = uploadMachine(state, { type: 'sent', bytes: 40 });
  expect(state).toEqual({ phase: 'sending', file, sent: 40 });
  expect(uploadMachine(state, { type: 'sent', bytes: 160 })).toEqual({ phase: 'sending', file, sent: 100 });
  expect(uploadMachine(state, { type: 'over' })).toEqual(idle);
});

it('keeps the file that could not be handed over, to try again', () => {
  const error = new Error('The disk is full.');
  const failed = uploadMachine(uploadMachine(idle, { type: 'begin', file }), { type: 'failed', error });
  expect(failed).toEqual({ phase: 'failed', file, error });
  expect(uploadMachine(failed, { type: 'sent', bytes: 40 })).toBe(failed);
});
