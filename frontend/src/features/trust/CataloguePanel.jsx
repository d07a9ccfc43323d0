import { LevelTag } from '../../ui/LevelTag.jsx';
import { Panel } from '../../ui/Panel.jsx';
import './CataloguePanel.css';

/** Every figure with its definition, formula and level. @param {{ metrics: import('../../api/types').Metric[] }} props */
export function CataloguePanel({ metrics }) {
  return (
    <Panel title="Metrics" note="What each figure means, how it is computed, and how far it can be trusted. What cannot be known is listed with its reason, never shown as 0.">
      <ul className="catalogue">
        {metrics.map((metric) => (
          <li key={metric.id} className="metric">
            <h3 className="metric-title">{metric.title} <LevelTag level={metric.level} /></h3>
            <p>{metric.definition}</p>
            {metric.reason && <p className="metric-reason">{metric.reason}</p>}
            <p className="metric-formula"><code>{metric.formula}</code></p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
