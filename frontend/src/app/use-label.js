import { useImports } from '../api/imports.js';
import { labelOf } from '../features/import/made-up.js';

/**
 * What the installation says of its data, such as "demo": until made-up rows have made way for an import's.
 * @param {import('../api/types').Deployment | undefined} deployment
 * @returns {{ label: string | null | undefined, pending: boolean }} `label` undefined while not known
 */
export function useLabel(deployment) {
  const given = deployment?.label ?? null;
  const imports = useImports({ enabled: given !== null });
  const pending = given !== null && imports.isPending && imports.failureCount === 0;
  return { label: deployment === undefined || pending ? undefined : labelOf(given, imports.data), pending };
}
