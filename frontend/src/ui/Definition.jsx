import { Icon } from './Icon.jsx';
import { LevelTag } from './LevelTag.jsx';
import { Popover } from './Popover.jsx';
import './Definition.css';

/** The "?" beside a figure: what it is, how it is computed, where it comes from. @param {{ metric: import('../api/types').Metric | undefined }} props */
export function Definition({ metric }) {
  if (!metric) return null;
  return (
    <Popover
      label={`About ${metric.title}`}
      className="definition"
      button={(attributes) => (
        <button type="button" className="definition-button" aria-label={`About ${metric.title}`} {...attributes}>
          <Icon name="help" />
        </button>
      )}
    >
      <p className="definition-title">
        {metric.title} <LevelTag level={metric.level} />
      </p>
      <p>{metric.definition}</p>
      <p className="definition-formula">
        <span className="visually-hidden">Formula: </span>
        <code>{metric.formula}</code>
      </p>
      <p className="definition-source">
        {metric.source === 'live' ? 'Read from the source table on each update.' : 'From the snapshot shown on this page.'}
      </p>
    </Popover>
  );
}
