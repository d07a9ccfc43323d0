import { FIELDS, FIELD_TITLES } from '../../lib/import-words.js';
import { Button } from '../../ui/Button.jsx';
import { Icon } from '../../ui/Icon.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { Select } from '../../ui/Select.jsx';
import { useFormat } from '../../ui/format-context.js';
import { DIMENSIONS_MAX, freeColumns, withColumn, withDimension, withDimensionChanged, withoutDimension } from './mapping-editor.js';
import './Review.css';

/**
 * @typedef {import('../../api/types').Mapping} Mapping
 * @typedef {import('../../api/types').FileColumn} FileColumn
 * @typedef {{ mapping: Mapping, columns: FileColumn[], onEdit: (mapping: Mapping) => void }} Props
 */

/** @param {{ column: FileColumn | undefined }} props */
function Examples({ column }) {
  const format = useFormat();
  if (column === undefined) return <span className="review-quiet">Stays empty</span>;
  if (column.filled === 0) return <span className="review-quiet">Empty in every row</span>;
  return <>{column.samples.join(' · ')} <span className="review-quiet">({format.count(column.filled)} filled)</span></>;
}

/** The name as it is typed; it counts when the field is left. @param {{ name: string, column: string, onName: (name: string) => void }} props */
const DimensionName = ({ name, column, onName }) => (
  <input
    key={name}
    className="text-field"
    defaultValue={name}
    maxLength={63}
    aria-label={`Name of the dimension from ${column}`}
    onBlur={(event) => event.target.value !== name && onName(event.target.value)}
    onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
  />
);

/** @param {Props} props */
function Dimensions({ mapping, columns, onEdit }) {
  const choices = columns.map(({ name }) => /** @type {const} */ ([name, name]));
  return mapping.dimensions.map(({ name, column }, index) => (
    <tr key={index}>
      <th scope="row"><DimensionName name={name} column={column} onName={(next) => onEdit(withDimensionChanged(mapping, index, { name: next }))} /></th>
      <td>
        <div className="review-with-button">
          <Select
            value={column} choices={choices} aria-label={`Column for ${name}`}
            onChange={(next) => onEdit(withDimensionChanged(mapping, index, { column: next }))}
          />
          <Button look="icon" aria-label={`Remove ${name}`} onClick={() => onEdit(withoutDimension(mapping, index))}><Icon name="close" /></Button>
        </div>
      </td>
      <td className="review-examples"><Examples column={columns.find((entry) => entry.name === column)} /></td>
    </tr>
  ));
}

/** Which column of the file goes where. @param {Props} props */
export function ColumnsPanel({ mapping, columns, onEdit }) {
  const choices = /** @type {[string, string][]} */ ([['', '– none –'], ...columns.map(({ name }) => [name, name])]);
  const free = freeColumns(mapping, columns);
  const full = mapping.dimensions.length >= DIMENSIONS_MAX;
  return (
    <Panel title="Columns" note="Which column of your file goes where. Further dimensions, such as owner or segment, can be filtered and grouped by.">
      <table className="review-table">
        <thead><tr><th scope="col">Our field</th><th scope="col">Your column</th><th scope="col" className="review-examples">Examples</th></tr></thead>
        <tbody>
          {FIELDS.map((field) => (
            <tr key={field}>
              <th scope="row">{FIELD_TITLES[field]}</th>
              <td>
                <Select
                  value={mapping.columns[field] ?? ''} choices={choices} aria-label={`Column for ${FIELD_TITLES[field]}`}
                  onChange={(column) => onEdit(withColumn(mapping, field, column || null))}
                />
              </td>
              <td className="review-examples"><Examples column={columns.find(({ name }) => name === mapping.columns[field])} /></td>
            </tr>
          ))}
          <Dimensions {...{ mapping, columns, onEdit }} />
        </tbody>
      </table>
      {!full && free.length > 0 && (
        <Select
          className="review-add" value="" aria-label="Add a dimension"
          choices={[['', 'Add a dimension…'], ...free.map(({ name }) => /** @type {const} */ ([name, name]))]}
          onChange={(column) => column && onEdit(withDimension(mapping, column))}
        />
      )}
      {full && <p className="review-quiet review-foot">Four further dimensions are the most.</p>}
    </Panel>
  );
}
