import { createFormat } from '../../lib/format.js';

/**
 * The page's formats, with amounts in the currency that the file's are in.
 * @param {import('../../api/types').Mapping} mapping
 * @param {import('../../lib/format.js').Format} shown
 */
export const formatUnder = ({ currency }, shown) => (currency === null ? shown : createFormat({ ...shown.config, currency }));
