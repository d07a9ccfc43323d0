/**
 * How many rows have a status that is not known, if that is more than half of all; else null.
 * @param {import('../../api/types').Ledger} ledger
 */
export function mostlyUnknown({ rows, reasons }) {
  const unknown = reasons.find(({ reason }) => reason === 'status_unknown')?.rows ?? 0;
  return unknown * 2 > rows ? unknown : null;
}

/**
 * What is saved: what was said before, and the new words.
 * @param {import('../../api/types').Mapping | undefined} before
 * @param {Record<string, import('../../api/types').Status>} said
 * @returns {import('../../api/types').Meaning}
 */
export const meaningOf = (before, said) => ({
  stages: before?.stages ?? [],
  statuses: { ...before?.statuses, ...Object.fromEntries(Object.entries(said).filter(([, status]) => status !== 'unknown')) },
  currency: before?.currency ?? null,
});
