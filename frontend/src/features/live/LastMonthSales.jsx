import { memo, useCallback, useMemo } from 'react';
import { useMetric } from '../../api/metrics.js';
import { useSnapshotSales } from '../../api/sales.js';
import { isFiltered } from '../../lib/filters.js';
import { filterWords } from '../../lib/labels.js';
import { matches } from '../../lib/normalise.js';
import { DEFAULT_SORT } from '../../lib/url-state.js';
import { useNow } from '../../lib/use-now.js';
import { Button } from '../../ui/Button.jsx';
import { Definition } from '../../ui/Definition.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { Empty, QueryState } from '../../ui/QueryState.jsx';
import { SkeletonRows } from '../../ui/Skeleton.jsx';
import { useFormat } from '../../ui/format-context.js';
import { LiveBadge } from './LiveBadge.jsx';
import { NotLive } from './NotLive.jsx';
import { SalesTable } from './SalesTable.jsx';
import { sortSales } from './sort-sales.js';
import { useRetryAfter } from './use-retry-after.js';
import './LastMonthSales.css';

const PAGE_ROWS = 12;

/**
 * @typedef {import('../../api/types').LastMonthAnswer | import('../../api/types').SalesAnswer} SalesList
 * @typedef {import('../../api/sales.js').SalesOfSnapshot & { computedAt: string }} Snapshot what is shown when nothing live can be
 */

/** @param {{ page: number, pages: number, count: number, onPage: (page: number) => void }} props */
function Pager({ page, pages, count, onPage }) {
  const format = useFormat();
  const first = (page - 1) * PAGE_ROWS + 1;
  return (
    <div className="pager">
      <span>
        {format.count(first)}–{format.count(Math.min(count, page * PAGE_ROWS))} of {format.count(count)} sales
      </span>
      <Button onClick={() => onPage(page - 1)} disabled={page === 1}>Previous</Button>
      <Button onClick={() => onPage(page + 1)} disabled={page === pages}>Next</Button>
    </div>
  );
}

/** @param {{ filter: import('../../api/types').Filter, onClear: () => void }} props */
function NoSales({ filter, onClear }) {
  return isFiltered(filter) ? (
    <Empty title={`No sales of the last 30 days match ${filterWords(filter)}`} action={<Button onClick={onClear}>Clear filters</Button>} />
  ) : (
    <Empty title="No sales are dated in the last 30 days">Older deals are in the pipeline tables above.</Empty>
  );
}

/**
 * @param {{
 *   live: import('./use-live.js').Live, snapshot: Snapshot | null, filter: import('../../api/types').Filter, statuses: Record<string, string>,
 *   sort: string, page: number, onSort: (sort: string) => void, onPage: (page: number) => void, onClear: () => void,
 * }} props
 */
function Sales({ live, snapshot, filter, statuses, sort: asked, page, onSort, onPage, onClear }) {
  const format = useFormat();
  const metric = useMetric('last_30_days');
  const { query, rows, waiting, paused, togglePause, show, setBusy, pollSeconds } = live;
  const shown = rows.shown;
  useRetryAfter(query);
  const stored = useSnapshotSales(snapshot, { enabled: shown === null && query.isError });
  const notLive = shown === null && query.error !== null && stored.data !== undefined;
  const list = shown ?? (notLive ? stored.data : undefined);
  const window = shown?.meta.window ?? (notLive ? snapshot?.window : undefined);
  const now = useNow(60_000);
  const sort = Object.hasOwn(list?.data[0] ?? {}, asked.replace(/^-/, '')) ? asked : DEFAULT_SORT;
  const sales = useMemo(
    () => sortSales((list?.data ?? []).filter((sale) => matches(sale, filter, statuses)), sort),
    [list, filter, statuses, sort],
  );
  const pages = Math.max(1, Math.ceil(sales.length / PAGE_ROWS));
  const current = Math.min(page, pages);
  const listed = useMemo(() => sales.slice((current - 1) * PAGE_ROWS, current * PAGE_ROWS), [sales, current]);
  const sortBy = useCallback((/** @type {string} */ next) => {
    show();
    onSort(next);
  }, [show, onSort]);
  const turnTo = useCallback((/** @type {number} */ next) => {
    show();
    onPage(next);
  }, [show, onPage]);
  return (
    <Panel
      className="live"
      id="last-month-sales"
      title="Last Month Sales"
      badge={<LiveBadge query={query} pollSeconds={pollSeconds} paused={paused} onPause={togglePause} />}
      aside={<Definition metric={metric} />}
      note={window ? `records dated ${format.range(window)}, today included` : '\u00a0'}
    >
      {waiting > 0 && (
        <Button look="primary" className="live-pill" onClick={show}>
          {waiting} new {waiting === 1 ? 'sale' : 'sales'} – show
        </Button>
      )}
      {shown?.page.more && (
        <p className="live-more">The newest {format.count(shown.page.limit)} of {format.count(shown.totals.deals)} sales are listed.</p>
      )}
      {notLive && query.error && snapshot && (
        <NotLive computedAt={snapshot.computedAt} error={query.error} onRetry={query.refetch} busy={query.isFetching} />
      )}
      <div onFocus={() => setBusy(true)} onBlur={() => setBusy(false)}>
        <QueryState
          query={{ data: list, error: notLive ? null : query.error, refetch: query.refetch, isFetching: query.isFetching }}
          what="live sales"
          held={query.dataUpdatedAt ? `rows read at ${format.instant(new Date(query.dataUpdatedAt).toISOString(), now)}` : null}
          skeleton={<SkeletonRows className="sskeleton" rows={PAGE_ROWS + 2} />}
          isEmpty={() => sales.length === 0}
          empty={<NoSales filter={filter} onClear={onClear} />}
        >
          {(answer) => (
            <>
              <SalesTable
                sales={listed}
                fresh={rows.fresh}
                sort={sort}
                statuses={statuses}
                today={/** @type {SalesList} */ (answer).meta.business_date}
                onSort={sortBy}
              />
              {pages > 1 && <Pager page={current} pages={pages} count={sales.length} onPage={turnTo} />}
            </>
          )}
        </QueryState>
      </div>
    </Panel>
  );
}

/** Drawn again only when what it shows has changed. */
export const LastMonthSales = memo(Sales);
