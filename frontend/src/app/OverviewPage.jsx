import { LastMonthSales } from '../features/live/LastMonthSales.jsx';
import { liveFigures } from '../features/live/live-figures.js';
import { PipelinePanel } from '../features/pipeline/PipelinePanel.jsx';
import { SummaryTiles, SummaryTilesSkeleton } from '../features/summary/SummaryTiles.jsx';
import { emptyFilter } from '../lib/url-state.js';
import { isFiltered, toggleValue } from '../lib/filters.js';
import { useNow } from '../lib/use-now.js';
import { useFormat } from '../ui/format-context.js';
import { HeadNotes, HeadProblem } from './HeadState.jsx';
import { Page } from './Page.jsx';
import './pages.css';

/**
 * @typedef {import('./use-screen.js').Screen} Screen
 * @typedef {import('../lib/url-state.js').UrlState} UrlState
 * @typedef {{
 *   screen: Screen, live: import('../features/live/use-live.js').Live, url: UrlState,
 *   change: (changes: Partial<UrlState>) => void, statuses: Record<string, string>, onRefresh: () => void,
 * }} OverviewProps
 */

const LOADING = { data: undefined, error: null, refetch: () => {}, isFetching: true };

/** @param {{ view: NonNullable<Screen['view']> }} props */
function Stamp({ view }) {
  const format = useFormat();
  const { meta } = view.summary;
  return (
    <>
      snapshot <time dateTime={meta.computed_at} title={meta.snapshot_id}>{format.instantFull(meta.computed_at)}</time> ·{' '}
      {format.count(meta.rows)} {meta.rows === 1 ? 'deal' : 'deals'}
      {format.config.currency && ` · ${format.config.currency}`}
    </>
  );
}

/** @param {Pick<OverviewProps, 'screen' | 'live' | 'url' | 'statuses'>} props */
function Tiles({ screen, live, url, statuses }) {
  const format = useFormat();
  const now = useNow();
  const { view, parts, changing } = screen;
  if (view === null) return screen.head.error ? null : <div className="loading" aria-busy="true"><SummaryTilesSkeleton /></div>;
  const then = parts.compared ? parts.previous.data : undefined;
  return (
    <div className={changing ? 'dimmed' : undefined}>
      <SummaryTiles
        now={view.summary.data}
        then={then?.data ?? null}
        since={then ? format.day(then.meta.business_date, view.summary.meta.business_date) : null}
        problem={parts.problem}
        history={isFiltered(view.filter) ? null : (parts.snapshots.data?.data ?? null)}
        live={liveFigures({ live, filter: url.filter, statuses, now })}
      />
    </div>
  );
}

/** @param {Pick<OverviewProps, 'screen' | 'url' | 'change'>} props */
function Pipelines({ screen, url, change }) {
  const format = useFormat();
  const now = useNow(60_000);
  const { view, parts, changing } = screen;
  if (view === null && screen.head.error) return null;
  const then = parts.compared ? parts.previous.data : undefined;
  const since = then && view ? format.day(then.meta.business_date, view.summary.meta.business_date) : null;
  const held = view && `data from ${format.instant(view.summary.meta.data_as_of, now)}`;
  const shared = { since, held, filter: url.filter, dimmed: changing, onClear: () => change({ filter: emptyFilter() }) };
  return (
    <div className="pair">
      <PipelinePanel
        {...shared}
        dimension="region"
        query={view ? parts.byRegion : LOADING}
        then={parts.regionBefore.data ?? null}
        onToggle={(value) => change({ filter: toggleValue(url.filter, 'region', value) })}
      />
      <PipelinePanel
        {...shared}
        dimension="product"
        query={view ? parts.byProduct : LOADING}
        then={parts.productBefore.data ?? null}
        onToggle={(value) => change({ filter: toggleValue(url.filter, 'product', value) })}
      />
    </div>
  );
}

/** @param {OverviewProps} props */
export function OverviewPage({ screen, live, url, change, statuses, onRefresh }) {
  const format = useFormat();
  const head = {
    screen, onRefresh, pinned: url.asof !== null,
    onNewest: () => change({ asof: null }),
  };
  return (
    <Page
      title="Overview"
      headline={screen.view && format.money(screen.view.summary.data.totals.by_status.open.amount)}
      aside={screen.view && <Stamp view={screen.view} />}
    >
      <HeadNotes {...head} />
      <HeadProblem {...head} />
      <Tiles screen={screen} live={live} url={url} statuses={statuses} />
      <Pipelines screen={screen} url={url} change={change} />
      <LastMonthSales
        live={live}
        filter={url.filter}
        statuses={statuses}
        sort={url.sort}
        page={url.page}
        onSort={(sort) => change({ sort })}
        onPage={(page) => change({ page })}
        onClear={() => change({ filter: emptyFilter() })}
      />
    </Page>
  );
}
