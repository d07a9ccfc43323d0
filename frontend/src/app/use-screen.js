import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { usePipeline } from '../api/pipeline.js';
import { useSnapshots } from '../api/snapshots.js';
import { summaryQuery, useSummary } from '../api/summary.js';
import { comparisonTarget } from '../lib/comparison.js';
import { withoutDimension } from '../lib/filters.js';
import { emptyFilter } from '../lib/url-state.js';

/**
 * One screen shows one snapshot. The summary is read first; its snapshot id goes into every other request; and
 * the screen moves from one (snapshot, filter, comparison) to the next only when all parts of the next have answered.
 *
 * @typedef {import('../api/types').Filter} Filter
 * @typedef {import('../api/types').SummaryAnswer} SummaryAnswer
 * @typedef {import('../lib/comparison.js').Compare} Compare
 * @typedef {{ filter: Filter, compare: Compare, summary: SummaryAnswer }} View what a screen is about
 * @typedef {ReturnType<typeof useScreen>} Screen
 */

/** @param {import('@tanstack/react-query').UseQueryResult<any, Error>} query @param {boolean} wanted */
const settled = (query, wanted) => !wanted || !query.isPending;

const UNREAD = 'The earlier snapshot could not be read.';

/** @type {Record<Exclude<Compare, 'off'>, string>} */
const NOT_STORED = {
  snapshot7d: 'No snapshot of these rows from seven days ago is stored yet.',
  prev: 'No earlier snapshot of these rows is stored.',
  year: 'No snapshot of these rows from a year ago is stored yet.',
};

/**
 * Why a snapshot cannot be compared with the one shown; null when it can.
 * @param {View} view
 * @param {import('@tanstack/react-query').UseQueryResult<SummaryAnswer, Error>} previous
 * @param {'known' | 'none' | 'unread'} target whether there is an earlier snapshot to ask for
 */
function comparisonProblem({ compare, summary: now }, previous, target) {
  if (compare === 'off') return null;
  if (target === 'none') return NOT_STORED[compare];
  if (target === 'unread') return UNREAD;
  if (previous.isError && previous.data === undefined) {
    const { status } = /** @type {Error & { status?: number }} */ (previous.error);
    if (status === 400) return 'The earlier snapshot has not every column that is filtered by.';
    return status === 404 ? NOT_STORED[compare] : UNREAD;
  }
  if (!previous.data) return null;
  const then = previous.data.meta;
  if (then.origin !== now.meta.origin) return NOT_STORED[compare];
  if (then.definitions_version !== now.meta.definitions_version || then.zone !== now.meta.zone) {
    return 'The earlier snapshot was computed by other definitions.';
  }
  return null;
}

/** @type {Filter} */
const NO_FILTER = emptyFilter();

/** Everything that belongs to one view, all of it asked by snapshot id. @param {View | null} view */
function useParts(view) {
  const has = view !== null;
  const { snapshot_id: id = '', computed_at: at = '' } = view?.summary.meta ?? {};
  const filter = view?.filter ?? NO_FILTER;
  const snapshots = useSnapshots(has ? `${id} ${at}` : null);
  const target = has ? comparisonTarget(view.compare, view.summary.meta, snapshots.data?.data) : null;
  const previous = useSummary({ filter, asOf: target ?? '', enabled: target !== null });
  const known = target !== null || snapshots.isPending ? 'known' : snapshots.isError ? 'unread' : 'none';
  const problem = has ? comparisonProblem(view, previous, known) : null;
  const compared = target !== null && previous.data !== undefined && problem === null;
  const then = previous.data?.meta.snapshot_id ?? '';

  const regions = { dimension: 'region', filter: withoutDimension(filter, 'region') };
  const products = { dimension: 'product', filter: withoutDimension(filter, 'product') };
  const byRegion = usePipeline({ ...regions, asOf: id, enabled: has });
  const byProduct = usePipeline({ ...products, asOf: id, enabled: has });
  const regionBefore = usePipeline({ ...regions, asOf: then, enabled: compared });
  const productBefore = usePipeline({ ...products, asOf: then, enabled: compared });
  const ready = [
    settled(previous, target !== null), settled(snapshots, has), settled(byRegion, has), settled(byProduct, has),
    settled(regionBefore, compared), settled(productBefore, compared),
  ].every(Boolean);
  const gone = [byRegion, byProduct].some((part) => /** @type {any} */ (part.error)?.code === 'not_found');
  return { previous, problem, compared, snapshots, byRegion, byProduct, regionBefore, productBefore, ready, gone };
}

/**
 * Starts over once for each snapshot that turned out to be collected under the screen.
 * @param {{ gone: boolean, id: string | undefined, pinned: boolean }} state
 */
function useStartOver({ gone, id, pinned }) {
  const client = useQueryClient();
  const done = useRef('');
  useEffect(() => {
    if (!gone || pinned || id === undefined || done.current === id) return;
    done.current = id;
    void client.invalidateQueries({ queryKey: ['summary', null] });
  }, [client, gone, id, pinned]);
}

/** Snapshots come once a night, or when somebody refreshes. */
const POLL_MS = 300_000;

/**
 * @param {{ filter: Filter, asof: string | null, compare: Compare, polls?: boolean }} question `asof` null follows the newest snapshot;
 *   `polls`: nothing tells of a new one
 */
export function useScreen({ filter, asof, compare, polls = false }) {
  const head = useQuery({
    ...summaryQuery({ filter, asOf: asof }),
    gcTime: 0,
    placeholderData: keepPreviousData,
    refetchInterval: polls && asof === null ? POLL_MS : false,
  });
  const [wanted, setWanted] = useState(/** @type {View | null} */ (null));
  const [shown, setShown] = useState(/** @type {View | null} */ (null));

  if (head.data && !head.isPlaceholderData && (wanted?.summary !== head.data || wanted.compare !== compare)) {
    setWanted({ filter, compare, summary: head.data });
  }
  const next = useParts(wanted);
  if (wanted && wanted !== shown && (shown === null || (next.ready && !next.gone))) setShown(wanted);

  const parts = useParts(shown);
  useStartOver({ gone: next.gone, id: wanted?.summary.meta.snapshot_id, pinned: asof !== null });

  return {
    head,
    view: shown,
    parts,
    /** Nothing of the first view is on its way any more. */
    ready: !head.isPending && (shown === null ? head.isError : parts.ready),
    /** The question changed and its answer is not complete yet. */
    changing: shown !== null && (head.isPlaceholderData || (wanted !== shown && (wanted?.filter !== shown.filter || wanted.compare !== shown.compare))),
    updating: head.isFetching || wanted !== shown,
  };
}
