import { parseCents } from './money.js';

/**
 * The sentence above a pipeline table: who leads with what share, how that moved, and one notable fact.
 *
 * @typedef {{ label: string, total: string | null, before: string | null | undefined }} Row
 *   `before` undefined: the group was not there (or nothing is compared)
 */

/** @param {Row} row @param {import('./format.js').Format} format */
const changeOf = (row, format) =>
  row.before === undefined ? null : format.changeMoney(row.total, row.before);

/** @param {Row[]} rows */
function biggestFall(rows) {
  let worst = null;
  let fall = 0n;
  for (const row of rows) {
    if (row.total === null || row.before === null || row.before === undefined) continue;
    const delta = parseCents(row.total) - parseCents(row.before);
    if (delta < fall) {
      fall = delta;
      worst = row;
    }
  }
  return worst;
}

/**
 * @param {{ rows: Row[], whole: string | null, since: string | null, noun: string, format: import('./format.js').Format }} input
 *   rows in the order of the table; `since` names the day compared with, null without a comparison
 */
export function takeaway({ rows, whole, since, noun, format }) {
  const leader = rows[0];
  if (!leader || leader.total === null || parseCents(leader.total) <= 0n) return `No ${noun} has an amount.`;
  if (rows.length === 1) return `${leader.label} is the only ${noun} here, at ${format.moneyCompact(leader.total)}.`;
  const lead = `${leader.label} leads with ${format.share(leader.total, whole)} of the total`;
  if (since === null) return `${lead}.`;
  const change = changeOf(leader, format);
  const moved = change?.kind === 'up' || change?.kind === 'down' ? `, ${change.kind} ${change.text.replace(/^[+\u2212]/, '')} on ${since}` : '';
  const fallen = biggestFall(rows.slice(1));
  const fall = fallen && changeOf(fallen, format);
  if (!fallen || !fall || fall.kind !== 'down') return `${lead}${moved}.`;
  return `${lead}${moved}; ${fallen.label} fell ${fall.text.replace(/^\u2212/, '')}${moved ? '' : ` on ${since}`}.`;
}
