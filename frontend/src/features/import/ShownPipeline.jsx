import { useMetric } from '../../api/metrics.js';
import { useSnapshots } from '../../api/snapshots.js';
import { comparedEntry } from '../../lib/comparison.js';
import { Delta } from '../../ui/Delta.jsx';
import { Bone } from '../../ui/Skeleton.jsx';
import { useFormat } from '../../ui/format-context.js';

/**
 * @typedef {import('../../api/types').Import} Import
 * @typedef {import('../../api/types').SnapshotEntry} SnapshotEntry
 */

const amountOf = (/** @type {SnapshotEntry} */ entry) => entry.totals.by_status.open.amount;

/** @param {{ job: Import, entry: SnapshotEntry, stored: SnapshotEntry[] }} props */
function Change({ job, entry, stored }) {
  const format = useFormat();
  const metric = useMetric('open_pipeline');
  // Rows that were there already make no new snapshot.
  if (entry.computed_at < job.created_at) return 'as before';
  const before = comparedEntry('prev', { ...entry, snapshot_id: entry.id }, stored);
  if (before === undefined) return 'no earlier snapshot of these rows';
  return <Delta change={format.changeMoney(amountOf(entry), amountOf(before))} polarity={metric?.polarity} since={`${format.moneyCompact(amountOf(before))} before`} />;
}

/**
 * The open pipeline of the snapshot that shows an import, and what it was before.
 * @param {{ job: Import, snapshotId: string }} props
 */
export function ShownPipeline({ job, snapshotId }) {
  const format = useFormat();
  const { data, isPending } = useSnapshots(snapshotId);
  const entry = data?.data.find(({ id }) => id === snapshotId);
  if (!isPending && entry === undefined) return null;
  return (
    <p className="istate-pipeline">
      Open pipeline{' '}
      {entry === undefined ? <Bone width="160px" height="22px" /> : (
        <>
          <strong title={format.moneyExact(amountOf(entry))}>{format.moneyCompact(amountOf(entry))}</strong>{' '}
          {job.as_of === null && <span><Change job={job} entry={entry} stored={data?.data ?? []} /></span>}
        </>
      )}
    </p>
  );
}
