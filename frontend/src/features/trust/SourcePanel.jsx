import { Age } from '../../ui/Age.jsx';
import { CopyButton } from '../../ui/CopyButton.jsx';
import { Definition } from '../../ui/Definition.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { useMetric } from '../../api/metrics.js';
import { useFormat } from '../../ui/format-context.js';
import { warehouseLabel } from '../../lib/labels.js';
import './facts.css';

/**
 * Where the numbers come from, their two clocks, and the identity of the snapshot.
 * @param {{ meta: import('../../api/types').SnapshotMeta, rows: number, warehouse: string | undefined }} props
 */
export function SourcePanel({ meta, rows, warehouse }) {
  const format = useFormat();
  return (
    <Panel
      title="Source"
      aside={<Definition metric={useMetric('data_age')} />}
      note="Two clocks, never one: when the source was read, and when the figures were computed or confirmed."
    >
      <dl className="facts">
        <div className="fact fact-clock">
          <dt>Data as of</dt>
          <dd>
            <strong><Age instant={meta.data_as_of} /></strong>
            <span className="fact-more">{format.instantFull(meta.data_as_of)}</span>
          </dd>
        </div>
        <div className="fact fact-clock">
          <dt>Computed at</dt>
          <dd>
            <strong><Age instant={meta.computed_at} /></strong>
            <span className="fact-more">{format.instantFull(meta.computed_at)}</span>
          </dd>
        </div>
        <div className="fact">
          <dt>Source table</dt>
          <dd>FCT_SALES{warehouse && ` in ${warehouseLabel(warehouse)}`} · {format.count(rows)} rows</dd>
        </div>
        <div className="fact">
          <dt>Business date</dt>
          <dd>{format.dayLong(meta.business_date)} · {meta.zone}</dd>
        </div>
        <div className="fact">
          <dt>Snapshot</dt>
          <dd className="fact-code"><code>{meta.snapshot_id}</code><CopyButton text={meta.snapshot_id} label="Copy snapshot id" /></dd>
        </div>
        <div className="fact">
          <dt>Content hash</dt>
          <dd className="fact-code"><code>{meta.content_hash}</code><CopyButton text={meta.content_hash} label="Copy content hash" /></dd>
        </div>
      </dl>
    </Panel>
  );
}
