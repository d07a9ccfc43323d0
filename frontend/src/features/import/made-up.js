/**
 * What the installation says of its data; null once an import has replaced the rows that this is about.
 * @param {string | null} given
 * @param {import('../../api/types').Import[] | undefined} imports
 */
export const labelOf = (given, imports) => (imports?.some(({ state, mode }) => state === 'done' && mode === 'replace') ? null : given);
