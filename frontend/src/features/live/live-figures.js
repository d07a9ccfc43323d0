import { isFiltered } from '../../lib/filters.js';
import { sumAmounts } from '../../lib/money.js';
import { matches } from '../../lib/normalise.js';
import { badgeState } from './live-badge-state.js';

/**
 * The "Last 30 days" tile: how live it is, and totals when there are any: totals of the rows that match, exact only when all rows of the window are here;
 * else the server's totals of the whole window, marked as not filtered.
 *
 * @param {{
 *   live: import('./use-live.js').Live, filter: import('../../api/types').Filter,
 *   statuses: Record<string, string>, now: number, online: boolean,
 * }} input
 */
export function liveFigures({ live, filter, statuses, now, online }) {
  const { query, rows, paused, pollSeconds } = live;
  const { state } = badgeState({
    readAt: query.dataUpdatedAt, now, pollSeconds, paused, failures: query.failureCount, failed: query.isError, online,
  });
  const answer = rows.shown;
  if (answer === null) return { state, failed: query.isError, totals: null, age: null, filtered: true };
  const shared = { age: new Date(query.dataUpdatedAt).toISOString(), state, failed: query.isError };
  if (!isFiltered(filter)) return { ...shared, totals: answer.totals, filtered: true };
  if (answer.page.more) return { ...shared, totals: answer.totals, filtered: false };
  const found = answer.data.filter((sale) => matches(sale, filter, statuses));
  return { ...shared, filtered: true, totals: { deals: found.length, amount: sumAmounts(found.map((sale) => sale.amount)) } };
}
