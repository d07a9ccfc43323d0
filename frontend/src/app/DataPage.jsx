import { useLocation } from 'wouter';
import { useMetrics } from '../api/metrics.js';
import { useReceipt } from '../api/receipt.js';
import { ImportHistory } from '../features/import/ImportHistory.jsx';
import { ImportPanel } from '../features/import/ImportPanel.jsx';
import { JobPanel } from '../features/refresh/JobPanel.jsx';
import { CataloguePanel } from '../features/trust/CataloguePanel.jsx';
import { DefinitionsPanel } from '../features/trust/DefinitionsPanel.jsx';
import { FactsSkeleton } from '../features/trust/FactsSkeleton.jsx';
import { HistoryPanel } from '../features/trust/HistoryPanel.jsx';
import { LedgerPanel } from '../features/trust/LedgerPanel.jsx';
import { ReceiptPanel } from '../features/trust/ReceiptPanel.jsx';
import { SchedulePanel } from '../features/trust/SchedulePanel.jsx';
import { SourcePanel } from '../features/trust/SourcePanel.jsx';
import { warehouseLabel } from '../lib/labels.js';
import { Panel } from '../ui/Panel.jsx';
import { ErrorNote } from '../ui/QueryState.jsx';
import { SkeletonRows } from '../ui/Skeleton.jsx';
import { HeadNotes, HeadProblem } from './HeadState.jsx';
import { Page } from './Page.jsx';
import './pages.css';

/** @param {number} count */
const rows = (count) => <SkeletonRows rows={count} height="calc(19px + 2 * var(--row-pad))" />;

/** @param {{ title: string, note?: string, children: React.ReactNode }} props */
const Waiting = ({ title, note = '\u00a0', children }) => (
  <Panel title={title} note={note}>
    <div className="loading" aria-busy="true">{children}</div>
  </Panel>
);

/** The embedded warehouse costs nothing. @param {{ warehouse: string }} props */
const Receipt = ({ warehouse }) => <ReceiptPanel query={useReceipt()} warehouse={warehouseLabel(warehouse)} />;

/**
 * @param {{
 *   screen: import('./use-screen.js').Screen, refresh: import('../features/refresh/use-refresh.js').Refresh,
 *   url: import('../lib/url-state.js').UrlState, change: (changes: Partial<import('../lib/url-state.js').UrlState>) => void,
 *   onRefresh: () => void,
 * }} props
 */
export function DataPage({ screen, refresh, url, change, onRefresh }) {
  const metrics = useMetrics();
  const [, navigate] = useLocation();
  const head = { screen, onRefresh, pinned: url.asof !== null, onNewest: () => change({ asof: null }) };
  const { view, parts } = screen;
  const meta = view?.summary.meta;
  const waiting = view === null && screen.head.error === null;
  const catalogue = metrics.data;
  return (
    <Page title="Data">
      <HeadNotes {...head} />
      <HeadProblem {...head} />
      <ImportPanel onUploaded={({ id }) => navigate(`/data/import/${id}${window.location.search}`)} />
      <div className="pair">
        {waiting && <Waiting title="Source"><FactsSkeleton clocks={2} facts={4} /></Waiting>}
        {view && meta && (
          <SourcePanel meta={meta} rows={view.summary.data.ledger.rows} warehouse={catalogue?.deployment.warehouse} />
        )}
        <div className="stack">
          <JobPanel refresh={refresh} onRefresh={onRefresh} />
          {metrics.isPending && <Waiting title="Schedule" note=""><FactsSkeleton facts={2} /></Waiting>}
          {catalogue && <SchedulePanel deployment={catalogue.deployment} />}
        </div>
      </div>
      <ImportHistory />
      {waiting && <Waiting title="Snapshot history">{rows(12)}</Waiting>}
      {view && meta && (
        <HistoryPanel query={parts.snapshots} shownId={meta.snapshot_id} origin={meta.origin} onPin={(asof) => change({ asof })} />
      )}
      <div className="pair">
        {waiting && <Waiting title="Ledger">{rows(5)}</Waiting>}
        {view && <LedgerPanel ledger={view.summary.data.ledger} />}
        {metrics.isPending && <Waiting title="Definitions"><FactsSkeleton facts={4} /></Waiting>}
        {catalogue && <DefinitionsPanel definitions={catalogue.definitions} />}
      </div>
      {catalogue && catalogue.deployment.warehouse !== 'duckdb' && <Receipt warehouse={catalogue.deployment.warehouse} />}
      {metrics.error && <ErrorNote what="the definitions" held={catalogue ? 'the last ones read' : null} error={metrics.error} onRetry={metrics.refetch} busy={metrics.isFetching} />}
      {metrics.isPending && <Waiting title="Metrics">{rows(20)}</Waiting>}
      {catalogue && <CataloguePanel metrics={catalogue.data} />}
    </Page>
  );
}
