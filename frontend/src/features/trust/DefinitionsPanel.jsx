import { Panel } from '../../ui/Panel.jsx';
import { valueLabel } from '../../lib/labels.js';
import './facts.css';

/** @param {Record<string, string>} statuses */
function statusRules(statuses) {
  /** @type {Map<string, string[]>} */
  const rules = new Map();
  for (const [raw, status] of Object.entries(statuses)) rules.set(status, [...(rules.get(status) ?? []), `“${raw}”`]);
  return [...rules].map(([status, raw]) => `${valueLabel('status', status)}: ${raw.join(', ')}`);
}

/** The rules all numbers follow. @param {{ definitions: import('../../api/types').Definitions }} props */
export function DefinitionsPanel({ definitions }) {
  return (
    <Panel title="Definitions" note={`Version ${definitions.version}. The same rules hold for every number, answer and export.`}>
      <dl className="facts">
        <div className="fact"><dt>Report time zone</dt><dd>{definitions.zone}</dd></div>
        <div className="fact"><dt>Currency</dt><dd>{definitions.currency ?? 'None set: plain numbers without a symbol'}</dd></div>
        <div className="fact"><dt>Stages in order</dt><dd>{definitions.stages.join(' → ')}</dd></div>
        <div className="fact"><dt>Statuses</dt><dd>{statusRules(definitions.statuses).join('; ')}; anything else: Unknown</dd></div>
      </dl>
    </Panel>
  );
}
