import { useState } from 'react';
import { FIELD_TITLES, STATUS_TITLES, counted } from '../../lib/import-words.js';
import { dimensionTitle } from '../../lib/labels.js';
import { Button } from '../../ui/Button.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { useFormat } from '../../ui/format-context.js';
import { formatUnder } from './mapping-format.js';
import './Preview.css';

/**
 * @typedef {import('../../api/types').Inspection} Inspection
 * @typedef {import('../../api/types').PreviewRow} PreviewRow
 */

/** @param {string} column of the table: "AMOUNT" */
const columnTitle = (column) => /** @type {Record<string, string>} */ (FIELD_TITLES)[column.toLowerCase()] ?? column;

/** @param {{ row: PreviewRow, cells: import('react').ReactNode[], number: number }} props `number`: the cell that is one, or -1 */
function Row({ row, cells, number }) {
  return (
    <tr className={row.refused ? 'preview-refused' : undefined}>
      <th scope="row" className="dnumber">{row.number}</th>
      <td>
        {row.refused
          ? <span className="preview-why"><strong>Refused</strong> {columnTitle(row.refused.column)} {row.refused.reason}</span>
          : <span className={`preview-tag preview-${row.counts_as}`}>{STATUS_TITLES[row.counts_as]}</span>}
      </td>
      {cells.map((cell, index) => <td key={index} className={index === number ? 'preview-number' : undefined}>{cell ?? <span className="preview-null">–</span>}</td>)}
    </tr>
  );
}

/** @param {Inspection} inspection the columns of the table, with their names for people */
function tableColumns({ mapping, preview }) {
  const first = preview.find(({ becomes }) => becomes !== null)?.becomes ?? {};
  const titles = /** @type {Record<string, string>} */ (FIELD_TITLES);
  const further = mapping.dimensions.map(({ name }) => name.toLowerCase());
  return [...Object.keys(titles), ...further.filter((name) => name in first)].map((key) => ({ key, title: titles[key] ?? dimensionTitle(key) }));
}

/**
 * What a row becomes, as the other pages write it; of a refused one, what stands in its place in the file.
 * @param {PreviewRow} row @param {string} key @param {Inspection} inspection @param {import('../../lib/format.js').Format} format
 */
function tableCell(row, key, { columns, mapping }, format) {
  if (row.becomes !== null) {
    const value = row.becomes[key] ?? null;
    if (value !== null && key === 'amount') return format.moneyExact(value);
    if (value !== null && key === 'sale_date') return <time dateTime={value} title={format.dayLong(value)}>{format.dayOfYear(value)}</time>;
    return value;
  }
  const source = key in mapping.columns
    ? mapping.columns[/** @type {keyof typeof mapping.columns} */ (key)]
    : mapping.dimensions.find(({ name }) => name.toLowerCase() === key)?.column;
  return row.values[columns.findIndex(({ name }) => name === source)];
}

/** The first rows as they stand in the file, and what each would become. @param {{ inspection: Inspection, dimmed: boolean }} props */
export function PreviewPanel({ inspection, dimmed }) {
  const format = useFormat();
  const [asFile, setAsFile] = useState(false);
  const { preview, columns } = inspection;
  const ours = tableColumns(inspection);
  const amounts = formatUnder(inspection.mapping, format);
  const number = asFile ? columns.findIndex(({ name }) => name === inspection.mapping.columns.amount) : ours.findIndex(({ key }) => key === 'amount');
  const heads = asFile ? columns.map(({ name }) => name) : ours.map(({ title }) => title);
  return (
    <Panel
      title="Preview"
      note={`The first ${counted(preview.length, 'row', format)}.`}
      aside={
        <span className="preview-switch" role="group" aria-label="Show the rows">
          <Button aria-pressed={!asFile} onClick={() => setAsFile(false)}>As they become</Button>
          <Button aria-pressed={asFile} onClick={() => setAsFile(true)}>As in the file</Button>
        </span>
      }
    >
      <div className={`dscroll ${dimmed ? 'dimmed' : ''}`} role="region" aria-label="Preview, table" tabIndex={0}>
        <table className="dtable preview">
          <caption className="visually-hidden">{asFile ? 'Rows as they stand in the file' : 'What the rows become'}</caption>
          <thead>
            <tr>
              <th scope="col" className="dnumber">Line</th>
              <th scope="col">Counts as</th>
              {heads.map((name, index) => <th scope="col" key={index} className={index === number ? 'preview-number' : undefined}>{name}</th>)}
            </tr>
          </thead>
          <tbody>
            {preview.map((row) => (
              <Row key={row.number} row={row} number={number} cells={asFile ? row.values : ours.map(({ key }) => tableCell(row, key, inspection, amounts))} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
