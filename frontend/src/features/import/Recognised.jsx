import { delimiterName, formatName } from '../../lib/import-words.js';
import { formatBytes } from '../../lib/format.js';
import { Notice } from '../../ui/Notice.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { useFormat } from '../../ui/format-context.js';
import './Review.css';

/**
 * What the file is, and what would surprise.
 * @param {{ inspection: import('../../api/types').Inspection, sizeBytes: number }} props
 */
export function Recognised({ inspection, sizeBytes }) {
  const format = useFormat();
  const { encoding, delimiter, sheet, header_line: header, rows, columns, findings } = inspection;
  const facts = /** @type {[string, string][]} */ ([
    ['Format', formatName(inspection)],
    ['Rows', format.count(rows)],
    ['Columns', format.count(columns.length)],
    ['Size', formatBytes(sizeBytes)],
    ...(sheet === null ? [] : [['Sheet', sheet]]),
    ...(encoding === null ? [] : [['Encoding', encoding]]),
    ...(delimiter === null ? [] : [['Separated by', delimiterName(delimiter)]]),
    ...(header === null ? [] : [['Column names in line', format.count(header)]]),
  ]);
  const problems = findings.filter(({ level }) => level === 'problem');
  const warnings = findings.filter(({ level }) => level === 'warning');
  return (
    <Panel title="What was recognised">
      <dl className="review-facts">
        {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      {[...problems, ...warnings].map(({ level, text }) => (
        <div className="state" key={text}><Notice tone={level === 'problem' ? 'bad' : 'warn'}>{text}</Notice></div>
      ))}
    </Panel>
  );
}
