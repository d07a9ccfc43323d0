import { expect, it } from 'vitest';
import { meaningOf, mostlyUnknown } from './unknown-statuses.js';

const ledger = (/** @type {number} */ rows, /** @type {number} */ unknown) => /** @type {any} */ ({
  rows, reasons: [{ reason: 'status_unknown', rows: unknown }],
});

it('asks when more than half of the rows have an unknown status', () => {
  expect(mostlyUnknown(ledger(10, 6))).toBe(6);
  expect(mostlyUnknown(ledger(10, 5))).toBeNull();
  expect(mostlyUnknown(ledger(0, 0))).toBeNull();
  expect(mostlyUnknown(/** @type {any} */ ({ rows: 4, reasons: [] }))).toBeNull();
});

it('saves the new words beside what was said before', () => {
  const before = /** @type {any} */ ({ stages: ['Lead'], statuses: { lost: 'lost' }, currency: 'EUR' });
  expect(meaningOf(before, { active: 'open', odd: 'unknown' })).toEqual({ stages: ['Lead'], statuses: { lost: 'lost', active: 'open' }, currency: 'EUR' });
  expect(meaningOf(undefined, { active: 'open' })).toEqual({ stages: [], statuses: { active: 'open' }, currency: null });
});
