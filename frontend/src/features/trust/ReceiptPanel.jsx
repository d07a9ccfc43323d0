import { useState } from 'react';
import { formatBytes, formatElapsed } from '../../lib/format.js';
import { Button } from '../../ui/Button.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { Empty, QueryState } from '../../ui/QueryState.jsx';
import { SkeletonRows } from '../../ui/Skeleton.jsx';
import { useFormat } from '../../ui/format-context.js';
import './data-table.css';

const FIRST = 7;

/** @param {{ costs: import('../../api/types').Costs }} props */
function Figures({ costs }) {
  const format = useFormat();
  const { live_questions: live, digests, months } = costs.avoided;
  return (
    <>
      <td className="dnumber">{format.count(costs.statements)}</td>
      <td className="dnumber" title={`Live questions that shared a statement: ${format.count(live)}; digests that were not needed: ${format.count(digests)}`}>
        {format.count(live + digests)}
      </td>
      <td className="dnumber dwide">{format.count(months)}</td>
      <td className="dnumber">{formatElapsed(costs.execution_ms)}</td>
      <td className="dnumber dwide">{format.count(costs.rows)}</td>
      <td className="dnumber dwide">{formatBytes(costs.bytes)}</td>
    </>
  );
}

/** @param {{ days: import('../../api/types').ReceiptDay[], totals: import('../../api/types').Costs }} props */
function ReceiptTable({ days, totals }) {
  const format = useFormat();
  const [all, setAll] = useState(false);
  return (
    <div className="dscroll" role="region" aria-label="Cost receipt, table" tabIndex={0}>
      <table className="dtable">
        <caption className="visually-hidden">Statements by UTC day, newest first, and their totals</caption>
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            <th scope="col" className="dnumber">Statements</th>
            <th scope="col" className="dnumber">Avoided</th>
            <th scope="col" className="dnumber dwide">Months not re-read</th>
            <th scope="col" className="dnumber">Execution</th>
            <th scope="col" className="dnumber dwide">Rows received</th>
            <th scope="col" className="dnumber dwide">Received</th>
          </tr>
        </thead>
        <tbody>
          {(all ? days : days.slice(0, FIRST)).map((day) => (
            <tr key={day.day}>
              <th scope="row"><time dateTime={day.day} title={format.dayLong(day.day)}>{format.day(day.day)}</time></th>
              <Figures costs={day} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{days.length === 1 ? '1 day' : `${days.length} days`}</th>
            <Figures costs={totals} />
          </tr>
        </tfoot>
      </table>
      {days.length > FIRST && (
        <Button look="plain" className="dmore" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `Show newest ${FIRST}` : `Show all (${days.length})`}
        </Button>
      )}
    </div>
  );
}

/**
 * What the warehouse was asked for where that costs money, and what it did not have to be asked.
 * @param {{ query: import('../../ui/QueryState.jsx').QueryLike, warehouse: string }} props
 */
export function ReceiptPanel({ query, warehouse }) {
  return (
    <Panel
      title="Cost receipt"
      note={`What ${warehouse} was asked for in the last 31 days. Avoided: live questions that shared a statement, and nights on which its change token said that nothing needs to be read.`}
    >
      <QueryState
        query={query}
        what="the cost receipt"
        skeleton={<SkeletonRows rows={FIRST} height="37px" />}
        isEmpty={(/** @type {import('../../api/types').ReceiptAnswer} */ answer) => !answer.data?.days.length}
        empty={query.data?.data ? (
          <Empty title="Nothing was asked yet">The first refresh or live question begins the receipt.</Empty>
        ) : (
          <Empty title="Nobody counts here">
            Each function sees its own statements alone. {warehouse}’s query history has all of them, under the tag <code>revops</code>.
          </Empty>
        )}
      >
        {({ data }) => data && <ReceiptTable {...data} />}
      </QueryState>
    </Panel>
  );
}
