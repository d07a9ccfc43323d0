import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { useMetrics } from './api/metrics.js';
import { shouldRetry } from './api/client.js';
import { AppBar } from './app/AppBar.jsx';
import { Banner } from './app/Banner.jsx';
import { ErrorBoundary } from './app/ErrorBoundary.jsx';
import { NotFoundPage } from './app/NotFoundPage.jsx';
import { OverviewPage } from './app/OverviewPage.jsx';
import { ShortcutsDialog } from './app/ShortcutsDialog.jsx';
import { useClear } from './app/use-clear.js';
import { useFirstPaint } from './app/use-first-paint.js';
import { usePageKeys } from './app/use-page-keys.js';
import { useRefreshData } from './app/use-refresh-data.js';
import { useScreen } from './app/use-screen.js';
import { useUrlState } from './app/use-url-state.js';
import { FilterBar } from './features/filters/FilterBar.jsx';
import { useLive } from './features/live/use-live.js';
import { RefreshButton } from './features/refresh/RefreshButton.jsx';
import { toggleValue } from './lib/filters.js';
import { createFormat } from './lib/format.js';
import { madeUpAs } from './lib/labels.js';
import { useNow } from './lib/use-now.js';
import { DEFAULT_SORT, furtherDimensions } from './lib/url-state.js';
import { Age } from './ui/Age.jsx';
import { Announcer } from './ui/Announcer.jsx';
import { Toast } from './ui/Toast.jsx';
import { FormatContext, useFormat } from './ui/format-context.js';
import './App.css';

const loadDataPages = () => import('./app/data-pages.js');
const DataPage = lazy(() => loadDataPages().then(({ DataPage: page }) => ({ default: page })));
const ImportPage = lazy(() => loadDataPages().then(({ ImportPage: page }) => ({ default: page })));
const Gallery = __GALLERY__ ? lazy(() => import('./app/Gallery.jsx').then(({ Gallery: page }) => ({ default: page }))) : null;

/** What a raw status means, until /api/metrics has answered. */
const STATUSES = { open: 'open', closed: 'closed', 'closed won': 'won', won: 'won', 'closed lost': 'lost', lost: 'lost' };

const LIVE_POLL_SECONDS = 15;

/** @param {{ dataAsOf: string }} props */
function BarStamp({ dataAsOf }) {
  const format = useFormat();
  const now = useNow(60_000);
  return <>data {format.instant(dataAsOf, now)} · <Age instant={dataAsOf} /></>;
}

/** Fetches the other page's code when nothing else is to be done. @param {boolean} ready */
function usePrefetch(ready) {
  useEffect(() => {
    if (ready) (window.requestIdleCallback ?? setTimeout)(() => void loadDataPages().catch(() => {}));
  }, [ready]);
}

/** @param {ReturnType<typeof useMetrics>['data']} metrics */
function useWorkspaceFormat(metrics) {
  const { locale = 'en-GB', currency = null, zone = 'UTC' } = metrics?.definitions ?? {};
  return useMemo(() => createFormat({ locale, currency, zone }), [locale, currency, zone]);
}

function Shell() {
  const catalogue = useMetrics();
  const metrics = catalogue.data;
  const [further, setFurther] = useState(/** @type {string[]} */ ([]));
  const { state: url, change, search } = useUrlState(further);
  const [path] = useLocation();
  const { refresh, onRefresh, asked, streaming } = useRefreshData();
  const screen = useScreen({ filter: url.filter, asof: url.asof, compare: url.compare, polls: !streaming });
  const found = screen.head.data && furtherDimensions(screen.head.data.data.facets);
  if (found && found.join() !== further.join()) setFurther(found);
  const live = useLive({
    pollSeconds: metrics?.deployment.live_poll_seconds ?? LIVE_POLL_SECONDS,
    calm: url.sort === DEFAULT_SORT && url.page === 1,
    asked,
    enabled: path === '/',
  });
  const filterActions = useMemo(() => ({
    onCompare: (/** @type {import('./lib/comparison.js').Compare} */ compare) => change({ compare }),
    onToggle: (/** @type {string} */ key, /** @type {string | null} */ value) => change({ filter: toggleValue(url.filter, key, value) }),
    onNewest: () => change({ asof: null }),
  }), [change, url.filter]);
  const { clear, undo, forget, cleared } = useClear({ url, change });
  const keys = usePageKeys({ search, compare: url.compare, change, live, onRefresh, onClear: clear });
  const origin = screen.view?.summary.meta.origin;
  const label = origin === undefined ? metrics?.deployment.label : madeUpAs(origin);
  const painted = useFirstPaint(!catalogue.isPending && (path !== '/' || !live.query.isPending) && screen.ready);
  usePrefetch(painted);
  const statuses = metrics?.definitions.statuses ?? STATUSES;
  return (
    <>
      <a className="skip" href="#main">Skip to the numbers</a>
      {screen.changing && <div className="progress-line" aria-hidden="true" />}
      <AppBar
        search={search}
        stamp={screen.view && <BarStamp dataAsOf={screen.view.summary.meta.data_as_of} />}
        refresh={<RefreshButton refresh={refresh} onClick={onRefresh} quiet={path.startsWith('/data')} />}
        onHelp={keys.onHelp}
      />
      {path === '/' && (
        <FilterBar
          menus={keys.menus}
          filter={url.filter}
          compare={url.compare}
          shown={screen.view?.summary.meta}
          stored={screen.parts.snapshots.data?.data}
          facets={screen.view?.summary.data.facets}
          asof={url.asof}
          onClear={clear}
          onGone={keys.toFilters}
          {...filterActions}
        />
      )}
      {painted && <Banner label={label} />}
      <ErrorBoundary>
        <Suspense fallback={<main className="page" aria-busy="true" />}>
          {painted && <Switch>
            <Route path="/"><OverviewPage {...{ screen, live, url, change, statuses, onRefresh, onClear: clear, onMeaning: metrics?.deployment.warehouse === 'duckdb' ? refresh.onJob : null }} /></Route>
            <Route path="/data"><DataPage {...{ screen, refresh, url, change, onRefresh }} /></Route>
            <Route path="/data/import/:id">
              {({ id }) => <ImportPage key={id} id={id} screen={screen} label={label || null} />}
            </Route>
            {Gallery && <Route path="/gallery"><Gallery /></Route>}
            <Route><NotFoundPage search={search} /></Route>
          </Switch>}
        </Suspense>
      </ErrorBoundary>
      {cleared && <Toast text="Filters cleared" action="Undo" onAction={undo} onClose={forget} />}
      <ShortcutsDialog {...keys.dialog} />
      <Announcer />
    </>
  );
}

/** Gives everything below the workspace's formats. */
function Workspace() {
  const format = useWorkspaceFormat(useMetrics().data);
  return <FormatContext.Provider value={format}><Shell /></FormatContext.Provider>;
}

export default function App() {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: shouldRetry, networkMode: 'always' } } }));
  return <QueryClientProvider client={client}><Workspace /></QueryClientProvider>;
}
