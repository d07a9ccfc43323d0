import { useState } from 'react';
import { ledgerLabel } from '../../lib/labels.js';
import { Button } from '../../ui/Button.jsx';
import { Money } from '../../ui/Money.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { useFormat } from '../../ui/format-context.js';
import './data-table.css';

/** @param {{ entry: import('../../api/types').LedgerReason }} props */
function Row({ entry }) {
  const format = useFormat();
  const none = entry.rows === 0;
  const priceless = none || entry.reason === 'amount_missing';
  return (
    <tr className={none ? 'dzero' : undefined}>
      <th scope="row" className="dtext">{ledgerLabel(entry.reason)}</th>
      <td className="dnumber">{format.count(entry.rows)}</td>
      <td className="dnumber" title={priceless ? undefined : format.moneyExact(entry.amount)}><Money amount={priceless ? null : entry.amount} /></td>
      <td>{entry.excluded ? 'Yes' : 'No'}</td>
    </tr>
  );
}

/** Every row of the source is accounted for: included and excluded add up. @param {{ ledger: import('../../api/types').Ledger }} props */
export function LedgerPanel({ ledger }) {
  const format = useFormat();
  const [all, setAll] = useState(false);
  const found = ledger.reasons.filter(({ rows }) => rows > 0);
  const noted = found.length;
  const listed = all ? ledger.reasons : found;
  return (
    <Panel
      title="Ledger"
      note={`${format.count(ledger.included)} of ${format.count(ledger.rows)} rows are in the numbers, ${format.count(ledger.excluded)} are left out. ${
        noted === 0 ? 'Nothing is odd about any row.' : `${noted} ${noted === 1 ? 'kind of oddity was' : 'kinds of oddities were'} found.`
      } Whole snapshot, without filters.`}
    >
      {listed.length > 0 && <div className="dscroll" role="region" aria-label="Ledger, table" tabIndex={0}>
        <table className="dtable">
          <caption className="visually-hidden">Rows with something odd, by reason</caption>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col" className="dnumber">Rows</th>
              <th scope="col" className="dnumber">Amount</th>
              <th scope="col">Left out</th>
            </tr>
          </thead>
          <tbody>{listed.map((entry) => <Row key={entry.reason} entry={entry} />)}</tbody>
        </table>
      </div>}
      <div className="dmore">
        <Button look="plain" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show only what was found' : `Show all ${ledger.reasons.length} checks`}
        </Button>
      </div>
    </Panel>
  );
}
