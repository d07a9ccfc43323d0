import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { isMoving, useImport } from '../api/imports.js';
import { Ended, Moving } from '../features/import/ImportState.jsx';
import { Review } from '../features/import/Review.jsx';
import { announce } from '../lib/announce.js';
import { STATE_WORDS } from '../lib/import-words.js';
import { PageLink } from '../ui/PageLink.jsx';
import { Panel } from '../ui/Panel.jsx';
import { Empty, ErrorNote } from '../ui/QueryState.jsx';
import { SkeletonRows } from '../ui/Skeleton.jsx';
import { Page } from './Page.jsx';
import { isOpen } from './use-refresh-data.js';
import './pages.css';

/** @typedef {import('../api/types').Import} Import */

/** Reads the numbers again when the import has changed them, and says how it went. @param {Import | undefined} job */
function useNews(job) {
  const client = useQueryClient();
  const before = useRef(/** @type {Import['state'] | null} */ (null));
  const state = job?.state ?? null;
  useEffect(() => {
    if (state === null || before.current === state) return;
    if (before.current !== null) {
      announce(STATE_WORDS[state]);
      if (state === 'done' || state === 'undone') void client.invalidateQueries({ predicate: isOpen });
    }
    before.current = state;
  }, [client, state]);
}

/** @param {{ query: ReturnType<typeof useImport>, screen: import('./use-screen.js').Screen, label: string | null }} props */
function Body({ query, screen, label }) {
  const { data: job, error } = query;
  const rows = screen.view?.summary.data.ledger.rows ?? 0;
  if (job === undefined && error === null) {
    return <Panel title={'\u00a0'}><div className="loading" aria-busy="true"><SkeletonRows rows={6} height="36px" /></div></Panel>;
  }
  if (job === undefined && error !== null && /** @type {Error & { status?: number }} */ (error).status === 404) {
    return (
      <Panel title="Not there">
        <Empty title="There is no such import" action={<PageLink href="/data" className="button button-primary">To the Data page</PageLink>}>
          It may be one of the oldest, which are forgotten after a while.
        </Empty>
      </Panel>
    );
  }
  return (
    <>
      {error && <ErrorNote what="the import" error={error} onRetry={query.refetch} busy={query.isFetching} held={job ? 'its last known state' : null} />}
      {job && isMoving(job) && <Moving job={job} />}
      {job?.state === 'waiting' && <Review job={job} hasRows={rows > 0} hasOwnRows={rows > 0 && label === null} />}
      {job && !isMoving(job) && job.state !== 'waiting' && <Ended job={job} />}
    </>
  );
}

/**
 * One file on its way in: what it would become, how it goes, and how it ended.
 * @param {{ id: string, screen: import('./use-screen.js').Screen, label: string | null }} props `label`: set for demo and sample data
 */
export function ImportPage({ id, screen, label }) {
  const query = useImport(id);
  useNews(query.data);
  return (
    <Page title={query.data ? `Import ${query.data.file.name}` : 'Import'} aside={<PageLink href="/data">Back to Data</PageLink>}>
      <Body query={query} screen={screen} label={label} />
    </Page>
  );
}
