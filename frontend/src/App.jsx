import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { useMetrics } from './api/metrics.js';
import { shouldRetry } from './api/client.js';
import { AppBar } from './app/AppBar.jsx';
import { Banner } from './app/Banner.jsx';
import { ErrorBoundary } from './app/ErrorBoundary.jsx';
import { NotFoundPage } from './app/NotFoundPage.jsx';
import { OverviewPage } from './app/OverviewPage.jsx';
import { ShortcutsDialog } from './app/ShortcutsDialog.jsx';
import { useEvents } from './app/use-events.js';
import { useFirstPaint } from './app/use-first-paint.js';
import { useScreen } from './app/use-screen.js';
import { useShortcuts } from './app/use-shortcuts.js';
import { useUrlState } from './app/use-url-state.js';
import { FilterBar } from './features/filters/FilterBar.jsx';
import { useLive } from './features/live/use-live.js';
import { RefreshButton } from './features/refresh/RefreshButton.jsx';
import { useRefresh } from './features/refresh/use-refresh.js';
import { toggleValue } from './lib/filters.js';
import { createFormat } from './lib/format.js';
import { isBoolean, readChoice, writeChoice } from './lib/storage.js';
import { DEFAULT_SORT, emptyFilter } from './lib/url-state.js';
import { Age } from './ui/Age.jsx';
import { Announcer } from './ui/Announcer.jsx';
import { FormatContext } from './ui/format-context.js';
import './App.css';

const DataPage = lazy(() => import('./app/DataPage.jsx').then(({ DataPage: page }) => ({ default: page })));
const Gallery = __GALLERY__ ? lazy(() => import('./app/Gallery.jsx').then(({ Gallery: page }) => ({ default: page }))) : null;

/** What a raw status means, until /api/metrics has answered. */
const STATUSES = { open: 'open', closed: 'closed', 'closed won': 'won', won: 'won', 'closed lost': 'lost', lost: 'lost' };

const LIVE_POLL_SECONDS = 15;

/** @param {{ dataAsOf: string }} props */
function BarStamp({ dataAsOf }) {
  return <>data <Age instant={dataAsOf} /></>;
}

/** Refresh Data: everything is read again at once, and the nightly job starts or is joined. */
function useRefreshData() {
  const client = useQueryClient();
  const [asked, setAsked] = useState(0);
  const [streaming, setStreaming] = useState(true);
  const refresh = useRefresh({ streaming, onEnded: () => client.invalidateQueries({ predicate: isNewest }) });
  const onRefresh = () => {
    setAsked(Date.now());
    void client.invalidateQueries();
    void refresh.start();
  };
  const connection = useEvents({ onJob: refresh.onJob });
  const open = connection !== 'closed' && connection !== 'lost';
  if (open !== streaming) setStreaming(open);
  return { refresh, onRefresh, asked };
}

/** Questions about the newest state, as against those of one stored snapshot. @param {{ queryKey: readonly unknown[] }} query */
const isNewest = ({ queryKey }) => queryKey[0] !== 'pipeline' && !(queryKey[0] === 'summary' && queryKey[1] !== null);

/** @param {ReturnType<typeof useMetrics>['data']} metrics */
function useWorkspaceFormat(metrics) {
  const { locale = 'en-GB', currency = null, zone = 'UTC' } = metrics?.definitions ?? {};
  return useMemo(() => createFormat({ locale, currency, zone }), [locale, currency, zone]);
}

function Shell() {
  const catalogue = useMetrics();
  const metrics = catalogue.data;
  const { state: url, change, search } = useUrlState();
  const [path, navigate] = useLocation();
  const [help, setHelp] = useState(false);
  const [keys, setKeys] = useState(() => readChoice('shortcuts', true, isBoolean));
  const screen = useScreen({ filter: url.filter, asof: url.asof });
  const { refresh, onRefresh, asked } = useRefreshData();
  const live = useLive({
    pollSeconds: metrics?.deployment.live_poll_seconds ?? LIVE_POLL_SECONDS,
    calm: url.sort === DEFAULT_SORT && url.page === 1,
    asked,
    enabled: path === '/',
  });
  const clear = () => change({ filter: emptyFilter() });
  useShortcuts(
    {
      'g o': () => navigate(`/${search}`),
      'g d': () => navigate(`/data${search}`),
      r: onRefresh,
      '.': live.togglePause,
      n: live.show,
      x: clear,
      '?': () => setHelp(true),
    },
    keys,
  );
  const painted = useFirstPaint(!catalogue.isPending && (path !== '/' || !live.query.isPending) && screen.ready);
  const statuses = metrics?.definitions.statuses ?? STATUSES;
  return (
    <>
      <a className="skip" href="#main">Skip to the numbers</a>
      {screen.changing && <div className="progress-line" aria-hidden="true" />}
      <AppBar
        search={search}
        stamp={screen.view && <BarStamp dataAsOf={screen.view.summary.meta.data_as_of} />}
        refresh={<RefreshButton refresh={refresh} onClick={onRefresh} />}
        onHelp={() => setHelp(true)}
      />
      {path === '/' && (
        <FilterBar
          filter={url.filter}
          facets={screen.view?.summary.data.facets}
          asof={url.asof}
          onToggle={(key, value) => change({ filter: toggleValue(url.filter, key, value) })}
          onClear={clear}
          onNewest={() => change({ asof: null })}
        />
      )}
      {painted && <Banner label={metrics?.deployment.label} />}
      <ErrorBoundary>
        <Suspense fallback={<main className="page" aria-busy="true" />}>
          {painted && <Switch>
            <Route path="/"><OverviewPage {...{ screen, live, url, change, statuses, onRefresh }} /></Route>
            <Route path="/data"><DataPage {...{ screen, refresh, url, change, onRefresh }} /></Route>
            {Gallery && <Route path="/gallery"><Gallery /></Route>}
            <Route><NotFoundPage search={search} /></Route>
          </Switch>}
        </Suspense>
      </ErrorBoundary>
      <ShortcutsDialog
        open={help}
        onClose={() => setHelp(false)}
        enabled={keys}
        onEnabled={(enabled) => {
          writeChoice('shortcuts', enabled);
          setKeys(enabled);
        }}
      />
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
