import { folded } from '../../lib/normalise.js';

/**
 * What a person changes in a mapping, as pure steps from one mapping to the next.
 *
 * @typedef {import('../../api/types').Mapping} Mapping
 * @typedef {import('../../api/types').Inspection} Inspection
 * @typedef {import('../../api/types').FileColumn} FileColumn
 * @typedef {import('../../api/types').Status} Status
 * @typedef {import('../../api/types').Field} Field
 */

export const DIMENSIONS_MAX = 4;

const TABLE_COLUMNS = new Set(['SALE_ID', 'PRODUCT', 'REGION', 'AMOUNT', 'STAGE', 'CUSTOMER_NAME', 'SALE_DATE', 'STATUS']);

/** @param {Mapping} mapping @param {Field} field @param {string | null} column @returns {Mapping} */
export const withColumn = (mapping, field, column) => ({ ...mapping, columns: { ...mapping.columns, [field]: column } });

/** A name that the table takes: "Opportunity Owner" → "OPPORTUNITY_OWNER". @param {string} text */
export const dimensionName = (text) =>
  text.toUpperCase().replace(/[^A-Z0-9]+/g, '_').replace(/^[^A-Z]+/, '').slice(0, 63).replace(/_+$/, '');

/** @param {Mapping} mapping @param {string} wanted @param {number} [except] */
function freeName(mapping, wanted, except = -1) {
  const taken = new Set([...TABLE_COLUMNS, ...mapping.dimensions.filter((_, index) => index !== except).map(({ name }) => name)]);
  const base = wanted || 'DIMENSION';
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}_${number}`)) return `${base}_${number}`;
}

/** Columns of the file that nothing reads yet. @param {Mapping} mapping @param {FileColumn[]} columns */
export function freeColumns(mapping, columns) {
  const used = new Set([...Object.values(mapping.columns), ...mapping.dimensions.map(({ column }) => column)]);
  return columns.filter(({ name }) => !used.has(name));
}

/** @param {Mapping} mapping @param {string} column @returns {Mapping} */
export const withDimension = (mapping, column) => ({
  ...mapping, dimensions: [...mapping.dimensions, { name: freeName(mapping, dimensionName(column)), column }],
});

/** @param {Mapping} mapping @param {number} index @param {Partial<Mapping['dimensions'][number]>} change @returns {Mapping} */
export const withDimensionChanged = (mapping, index, change) => ({
  ...mapping,
  dimensions: mapping.dimensions.map((dimension, at) => {
    if (at !== index) return dimension;
    const next = { ...dimension, ...change };
    return { ...next, name: freeName(mapping, dimensionName(next.name), index) };
  }),
});

/** @param {Mapping} mapping @param {number} index @returns {Mapping} */
export const withoutDimension = (mapping, index) => ({ ...mapping, dimensions: mapping.dimensions.filter((_, at) => at !== index) });

/** @param {Mapping} mapping @param {number} from @param {-1 | 1} step @returns {Mapping} */
export function withStageMoved(mapping, from, step) {
  const to = from + step;
  if (to < 0 || to >= mapping.stages.length) return mapping;
  const stages = [...mapping.stages];
  const [stage = ''] = stages.splice(from, 1);
  stages.splice(to, 0, stage);
  return { ...mapping, stages };
}

/** @param {Mapping} mapping @param {string} word @param {Status} status @returns {Mapping} */
export function withStatus(mapping, word, status) {
  const statuses = { ...mapping.statuses };
  if (status === 'unknown') delete statuses[folded(word)];
  else statuses[folded(word)] = status;
  return { ...mapping, statuses };
}

/**
 * The answer to a question, which names the mapping's key: "date_order", or a column, "columns.amount".
 * @param {Mapping} mapping @param {string} about @param {string} choice @returns {Mapping}
 */
export function withAnswer(mapping, about, choice) {
  const field = about.replace(/^columns\./, '');
  if (field in mapping.columns) return withColumn(mapping, /** @type {Field} */ (field), choice);
  return { ...mapping, [about]: choice };
}

/** @param {Mapping} mapping @param {string} about @returns {string | null} */
export function answerOf(mapping, about) {
  const field = about.replace(/^columns\./, '');
  if (field in mapping.columns) return mapping.columns[/** @type {Field} */ (field)];
  return /** @type {any} */ (mapping)[about] ?? null;
}

/**
 * What stands in the column of the status, most frequent first, each word once however it is written.
 * @param {Inspection} inspection
 * @returns {{ word: string, rows: number }[] | null} null: too many different ones, or none is read
 */
export function statusWords({ columns, mapping }) {
  const values = columns.find(({ name }) => name === mapping.columns.status)?.values;
  return values ? distinctWords(values) : null;
}

/** @param {{ text: string, rows: number }[]} values */
export function distinctWords(values) {
  /** @type {Map<string, { word: string, rows: number }>} */
  const words = new Map();
  for (const { text, rows } of values) {
    const key = folded(text);
    if (key === '') continue;
    const known = words.get(key);
    if (known) known.rows += rows;
    else words.set(key, { word: text.trim(), rows });
  }
  return [...words.values()].sort((a, b) => b.rows - a.rows);
}

/**
 * How the rows should be taken unless somebody says otherwise: whole where nothing of one's own is there or rows
 * cannot be told apart, else by id.
 * @param {{ mapping: Mapping, hasOwnRows: boolean }} state
 * @returns {import('../../api/types').TakeMode}
 */
export const usualMode = ({ mapping, hasOwnRows }) => (hasOwnRows && mapping.columns.sale_id !== null ? 'upsert' : 'replace');

/**
 * Questions that were asked and not answered here. An inspection under a changed mapping does not ask again, so that
 * a change elsewhere would answer them in silence.
 * @param {Inspection['questions']} asked @param {ReadonlySet<string>} answered
 */
export const openQuestions = (asked, answered) => asked.filter(({ about }) => !answered.has(about));

/**
 * All questions so far: those of before, and new ones.
 * @param {Inspection['questions']} before @param {Inspection['questions']} now
 */
export const allQuestions = (before, now) => [...before.filter((old) => !now.some(({ about }) => about === old.about)), ...now];
