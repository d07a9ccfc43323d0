import { folded } from '../../lib/normalise.js';
import { Button } from '../../ui/Button.jsx';
import { Icon } from '../../ui/Icon.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { StatusList } from './StatusList.jsx';
import { distinctWords, statusWords, withStageMoved, withStatus } from './mapping-editor.js';
import './Review.css';

/**
 * @typedef {import('../../api/types').Mapping} Mapping
 * @typedef {import('../../api/types').Inspection} Inspection
 */

/** @param {{ mapping: Mapping, onEdit: (mapping: Mapping) => void }} props */
function Stages({ mapping, onEdit }) {
  const last = mapping.stages.length - 1;
  return (
    <ol className="review-stages">
      {mapping.stages.map((stage, index) => (
        <li key={stage}>
          <span className="review-stage">{stage}</span>
          <Button look="icon" aria-label={`Move ${stage} up`} aria-disabled={index === 0} onClick={() => onEdit(withStageMoved(mapping, index, -1))}><Icon name="arrowUp" /></Button>
          <Button look="icon" aria-label={`Move ${stage} down`} aria-disabled={index === last} onClick={() => onEdit(withStageMoved(mapping, index, 1))}><Icon name="arrowDown" /></Button>
          <Button look="icon" aria-label={`Leave ${stage} out`} onClick={() => onEdit({ ...mapping, stages: mapping.stages.filter((entry) => entry !== stage) })}><Icon name="close" /></Button>
        </li>
      ))}
    </ol>
  );
}

/** Stages that occur and are not in the order. @param {Mapping} mapping @param {Inspection} inspection */
function missingStages(mapping, { columns }) {
  const values = columns.find(({ name }) => name === mapping.columns.stage)?.values ?? [];
  const listed = new Set(mapping.stages.map(folded));
  return distinctWords(values).filter(({ word }) => !listed.has(folded(word)));
}

/** The order of the stages, and what a status means. @param {{ inspection: Inspection, mapping: Mapping, onEdit: (mapping: Mapping) => void }} props */
export function WordsPanel({ inspection, mapping, onEdit }) {
  const words = statusWords({ ...inspection, mapping });
  const missing = missingStages(mapping, inspection);
  return (
    <div className="pair">
      <Panel title="What a status means" note={mapping.columns.status === null ? undefined : `What stands in ${mapping.columns.status} decides whether a deal counts as open.`}>
        {mapping.columns.status === null && <p className="review-quiet review-foot">No column says the status, so every row counts as not known. Choose one under Columns; a stage will do.</p>}
        {mapping.columns.status !== null && words === null && <p className="review-quiet review-foot">There are more than 50 different ones, which does not look like a status. Choose another column.</p>}
        {words !== null && <StatusList words={words} statuses={mapping.statuses} onStatus={(word, status) => onEdit(withStatus(mapping, word, status))} />}
      </Panel>
      <Panel title="Stage order" note="From the first contact to the end.">
        {mapping.stages.length === 0 && missing.length === 0 && <p className="review-quiet review-foot">As configured.</p>}
        <Stages mapping={mapping} onEdit={onEdit} />
        {missing.length > 0 && (
          <p className="review-missing">
            {missing.map(({ word }) => (
              <Button key={word} onClick={() => onEdit({ ...mapping, stages: [...mapping.stages, word] })}>Add {word}</Button>
            ))}
          </p>
        )}
      </Panel>
    </div>
  );
}
