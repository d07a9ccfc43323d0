import { useState } from 'react';
import { formatBytes } from '../../lib/format.js';
import { useNow } from '../../lib/use-now.js';
import { Button } from '../../ui/Button.jsx';
import { Money } from '../../ui/Money.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { Empty, QueryState } from '../../ui/QueryState.jsx';
import { SkeletonRows } from '../../ui/Skeleton.jsx';
import { useFormat } from '../../ui/format-context.js';
import './data-table.css';

const FIRST = 10;

/** @typedef {import('../../api/types').SnapshotEntry} SnapshotEntry */

/** @param {{ entry: SnapshotEntry, shown: boolean, otherRows: boolean, onPin: (id: string) => void }} props */
function Row({ entry, shown, otherRows, onPin }) {
  const format = useFormat();
  const now = useNow(60_000);
  return (
    <tr aria-current={shown ? 'true' : undefined} className={shown ? 'dtable-current' : undefined}>
      <th scope="row" title={entry.id}>
        {format.instantOfDay(entry.computed_at, now)}
        {entry.current && <span className="dtable-tag">newest</span>}
        {otherRows && <span className="dtable-tag dtable-tag-quiet">{entry.origin}</span>}
      </th>
      <td className="dnumber">{format.count(entry.rows)}</td>
      <td className="dnumber" title={format.moneyExact(entry.totals.by_status.open.amount)}><Money amount={entry.totals.by_status.open.amount} /></td>
      <td className="dnumber" title={format.moneyExact(entry.totals.amount)}><Money amount={entry.totals.amount} /></td>
      <td className="dnumber dwide">{format.count(entry.shared_parts)} of {format.count(entry.parts)}</td>
      <td className="dnumber dwide">{formatBytes(entry.bytes)}</td>
      <td className="dwide"><code title={entry.content_hash}>{entry.content_hash.slice(0, 8)}</code></td>
      <td className="dnumber">
        {shown ? <span className="dshown">shown</span> : (
          <Button look="plain" onClick={() => onPin(entry.id)} aria-label={`Show the snapshot of ${format.instant(entry.computed_at, now)}`}>Show</Button>
        )}
      </td>
    </tr>
  );
}

/**
 * @param {{ query: import('../../ui/QueryState.jsx').QueryLike, shownId: string, origin: string, onPin: (id: string) => void }} props `origin`: of
 *   the snapshot shown; those of other rows say whose they are
 */
export function HistoryPanel({ query, shownId, origin, onPin }) {
  const [all, setAll] = useState(false);
  return (
    <Panel title="Snapshot history" note="Each run keeps a whole snapshot; days that did not change are shared with the one before.">
      <QueryState
        query={query}
        what="snapshot history"
        skeleton={<SkeletonRows rows={FIRST} height="37px" />}
        isEmpty={(answer) => answer.data.length === 0}
        empty={<Empty title="No snapshot is stored yet">Refresh Data makes the first one.</Empty>}
      >
        {(/** @type {import('../../api/types').SnapshotsAnswer} */ answer) => (
          <div className="dscroll" role="region" aria-label="Snapshot history, table" tabIndex={0}>
            <table className="dtable">
              <caption className="visually-hidden">Stored snapshots, newest first</caption>
              <thead>
                <tr>
                  <th scope="col">Computed</th>
                  <th scope="col" className="dnumber">Rows</th>
                  <th scope="col" className="dnumber">Open</th>
                  <th scope="col" className="dnumber">Total</th>
                  <th scope="col" className="dnumber dwide">Parts shared</th>
                  <th scope="col" className="dnumber dwide">Size</th>
                  <th scope="col" className="dwide">Hash</th>
                  <th scope="col"><span className="visually-hidden">Action</span></th>
                </tr>
              </thead>
              <tbody>
                {(all ? answer.data : answer.data.slice(0, FIRST)).map((entry) => (
                  <Row key={entry.id} entry={entry} shown={entry.id === shownId} otherRows={entry.origin !== origin} onPin={onPin} />
                ))}
              </tbody>
            </table>
            {answer.data.length > FIRST && (
              <Button look="plain" className="dmore" aria-expanded={all} onClick={() => setAll(!all)}>
                {all ? `Show newest ${FIRST}` : `Show all (${answer.data.length})`}
              </Button>
            )}
          </div>
        )}
      </QueryState>
    </Panel>
  );
}
