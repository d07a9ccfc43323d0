import { useImports } from '../api/imports.js';
import { labelOf } from '../features/import/made-up.js';
import { readChoice } from '../lib/storage.js';

/** @param {unknown} value @returns {value is string} */
const isString = (value) => typeof value === 'string';

/**
 * What the installation says of its data, such as "demo": until made-up rows have made way for an import's. What it was last
 * time holds its place while that is asked.
 * @param {import('../api/types').Deployment | undefined} deployment
 * @returns {{ label: string | null | undefined, pending: boolean }} `label` undefined while not known
 */
export function useLabel(deployment) {
  const given = deployment?.label ?? null;
  const imports = useImports({ enabled: given !== null });
  const pending = given !== null && imports.isPending && imports.failureCount === 0;
  const known = pending ? readChoice('label', given ?? '', isString) : labelOf(given, imports.data);
  return { label: deployment === undefined ? undefined : known, pending };
}
