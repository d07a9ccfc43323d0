import { useCallback, useMemo } from 'react';
import { usePipeline } from '../api/pipeline.js';
import { LastMonthSales } from '../features/live/LastMonthSales.jsx';
import { liveFigures } from '../features/live/live-figures.js';
import { useOnline } from '../features/live/use-online.js';
import { UnknownStatuses } from '../features/import/UnknownStatuses.jsx';
import { PipelinePanel } from '../features/pipeline/PipelinePanel.jsx';
import { LiveTile, SummaryTiles, SummaryTilesSkeleton } from '../features/summary/SummaryTiles.jsx';
import { endingOf } from '../lib/ending.js';
import { isFiltered, toggleValue, withoutDimension } from '../lib/filters.js';
import { furtherDimensions } from '../lib/url-state.js';
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
 *   onClear: () => void, onMeaning: ((job: import('../api/types').Job) => void) | null,
 * }} OverviewProps
 */

const LOADING = { data: undefined, error: null, refetch: () => {}, isFetching: true };

/**
 * Names the snapshot compared with: by its day, or by its time when it is of the same day.
 * @param {import('../api/types').SnapshotMeta} then
 * @param {import('../api/types').SnapshotMeta} now
 * @param {import('../lib/format.js').Format} format
 */
const sinceText = (then, now, format) =>
  then.business_date === now.business_date
    ? format.instant(then.computed_at, Date.parse(now.computed_at))
    : format.day(then.business_date, now.business_date);

/** The number of the window's title, with its change where there is one. @param {Screen} screen @param {import('../lib/format.js').Format} format */
function headlineOf({ view, parts }, format) {
  if (view === null) return null;
  const { amount } = view.summary.data.totals.by_status.open;
  const then = parts.compared ? parts.previous.data?.data.totals.by_status.open : undefined;
  const change = then && format.changeMoney(amount, then.amount);
  const arrow = change?.kind === 'up' ? ' \u25b2 ' : change?.kind === 'down' ? ' \u25bc ' : null;
  return format.money(amount) + (change && arrow ? arrow + change.text.replace(/^[+\u2212]/, '') : '');
}

/** @param {{ view: NonNullable<Screen['view']> }} props */
function Stamp({ view }) {
  const format = useFormat();
  const { meta } = view.summary;
  return (
    <>
      snapshot <time dateTime={meta.computed_at} title={`${format.instantFull(meta.computed_at)}, ${meta.snapshot_id}`}>{format.instantMinute(meta.computed_at)}</time> ·{' '}
      {format.count(meta.rows)} {meta.rows === 1 ? 'deal' : 'deals'} ·{' '}
      <span className="page-unit">{format.config.currency ?? 'no currency set'}</span>
    </>
  );
}

/** @param {Pick<OverviewProps, 'live' | 'statuses'> & { filter: import('../api/types').Filter }} props */
function Live({ live, filter, statuses }) {
  const now = useNow();
  const online = useOnline();
  return <LiveTile live={liveFigures({ live, filter, statuses, now, online })} />;
}

/** @param {Pick<OverviewProps, 'screen' | 'live' | 'url' | 'statuses'>} props */
function Tiles({ screen, live, url, statuses }) {
  const format = useFormat();
  const { view, parts, changing } = screen;
  if (view === null) return screen.head.error ? null : <div className="loading" aria-busy="true"><SummaryTilesSkeleton /></div>;
  const then = parts.compared ? parts.previous.data : undefined;
  return (
    <div className={changing ? 'dimmed' : undefined}>
      <SummaryTiles
        now={view.summary.data}
        then={then?.data ?? null}
        since={then ? sinceText(then.meta, view.summary.meta, format) : null}
        problem={parts.problem}
        history={isFiltered(view.filter) ? null : (parts.snapshots.data?.data ?? null)}
        shownId={view.summary.meta.snapshot_id}
        ending={endingOf(view.summary.data.facets)}
        live={<Live live={live} filter={url.filter} statuses={statuses} />}
      />
    </div>
  );
}

/**
 * A dimension that this snapshot has and others need not have: nothing waits for it.
 * @param {Omit<Parameters<typeof PipelinePanel>[0], 'query' | 'then'> & { view: NonNullable<Screen['view']>, thenId: string | null }} props
 */
function FurtherPipeline({ view, thenId, dimension, ...shared }) {
  const question = { dimension, filter: withoutDimension(view.filter, dimension) };
  const query = usePipeline({ ...question, asOf: view.summary.meta.snapshot_id });
  const before = usePipeline({ ...question, asOf: thenId ?? '', enabled: thenId !== null });
  return <PipelinePanel {...shared} dimension={dimension} query={query} then={before.data ?? null} />;
}

const FIRST = ['region', 'product'];

/** Dimensions that no deal has a value of come last. @param {Record<string, { value: string | null }[]>} facets */
function panelsOf(facets) {
  const isKnown = (/** @type {string} */ dimension) => facets[dimension]?.some(({ value }) => value !== null) ?? false;
  const all = [...FIRST, ...furtherDimensions(facets)];
  return [...all.filter(isKnown), ...all.filter((dimension) => !isKnown(dimension))];
}

/** @param {Pick<OverviewProps, 'screen' | 'url' | 'change' | 'onClear'>} props */
function Pipelines({ screen, url, change, onClear }) {
  const format = useFormat();
  const now = useNow(60_000);
  const { view, parts, changing } = screen;
  const then = parts.compared ? parts.previous.data : undefined;
  const since = then && view ? sinceText(then.meta, view.summary.meta, format) : null;
  const held = view && `data from ${format.instant(view.summary.meta.data_as_of, now)}`;
  const onToggle = useCallback(
    (/** @type {string} */ dimension, /** @type {string | null} */ value) =>
      change({ filter: toggleValue(url.filter, dimension, value) }),
    [change, url.filter],
  );
  if (view === null && screen.head.error) return null;
  const ending = view ? endingOf(view.summary.data.facets) : /** @type {const} */ ('closed');
  const shared = { since, held, ending, filter: url.filter, dimmed: changing, onClear, onToggle };
  return (
    <div className="pair">
      {(view ? panelsOf(view.summary.data.facets) : FIRST).map((dimension) => {
        if (dimension === 'region') return <PipelinePanel key={dimension} {...shared} dimension={dimension} query={view ? parts.byRegion : LOADING} then={parts.regionBefore.data ?? null} />;
        if (dimension === 'product') return <PipelinePanel key={dimension} {...shared} dimension={dimension} query={view ? parts.byProduct : LOADING} then={parts.productBefore.data ?? null} />;
        return view && <FurtherPipeline key={dimension} {...shared} dimension={dimension} view={view} thenId={then?.meta.snapshot_id ?? null} />;
      })}
    </div>
  );
}

/** @param {OverviewProps} props */
export function OverviewPage({ screen, live, url, change, statuses, onRefresh, onClear, onMeaning }) {
  const format = useFormat();
  const onSort = useCallback((/** @type {string} */ sort) => change({ sort }), [change]);
  const onPage = useCallback((/** @type {number} */ page) => change({ page }), [change]);
  const summary = screen.view?.summary;
  const snapshot = useMemo(() => summary ? {
    id: summary.meta.snapshot_id, computedAt: summary.meta.computed_at, window: summary.data.last_30_days.window,
  } : null, [summary]);
  const head = {
    screen, onRefresh, pinned: url.asof !== null,
    onNewest: () => change({ asof: null }),
  };
  return (
    <Page
      title="Overview"
      headline={headlineOf(screen, format)}
      aside={screen.view && <Stamp view={screen.view} />}
    >
      <HeadNotes {...head} />
      <HeadProblem {...head} />
      {summary && <UnknownStatuses key={summary.meta.snapshot_id} snapshotId={summary.meta.snapshot_id} ledger={summary.data.ledger} onSaved={onMeaning} />}
      <Tiles screen={screen} live={live} url={url} statuses={statuses} />
      <Pipelines screen={screen} url={url} change={change} onClear={onClear} />
      <LastMonthSales
        live={live}
        snapshot={snapshot}
        filter={url.filter}
        statuses={statuses}
        sort={url.sort}
        page={url.page}
        onSort={onSort}
        onPage={onPage}
        onClear={onClear}
      />
    </Page>
  );
}
