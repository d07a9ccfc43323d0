import { memo, useState } from 'react';
import { ENDING_MEANINGS, ENDING_TITLES } from '../../lib/ending.js';
import { fraction, parseCents } from '../../lib/money.js';
import { isSelected } from '../../lib/filters.js';
import { dimensionTitle } from '../../lib/labels.js';
import { Button } from '../../ui/Button.jsx';
import { Delta } from '../../ui/Delta.jsx';
import { Money } from '../../ui/Money.jsx';
import { useFormat } from '../../ui/format-context.js';
import './PipelineTable.css';

const TOP = 7;

/**
 * @typedef {import('../../api/types').Totals} Totals
 * @typedef {import('../../lib/ending.js').Ending} Ending
 * @typedef {{ group: Totals, before: Totals | null, name: string | null, label: string }} Row
 */

/** @param {string | null} amount */
const cents = (amount) => (amount === null ? 0n : parseCents(amount));

/** Open, ended and the rest of a total, as shares of the longest bar. @param {{ group: Totals, longest: bigint, ending: Ending }} props */
function Bar({ group, longest, ending }) {
  const open = cents(group.by_status.open.amount);
  const ended = cents(group.by_status[ending].amount);
  const rest = cents(group.amount) - open - ended;
  const width = (/** @type {bigint} */ part) => `${fraction(part, longest) * 100}%`;
  return (
    <span className="pbar" aria-hidden="true">
      <span className="pbar-open" style={{ width: width(open) }} />
      <span className="pbar-closed" style={{ width: width(ended) }} />
      <span className="pbar-rest" style={{ width: width(rest) }} />
    </span>
  );
}

/** @param {{ row: Totals, before: Totals | null, since: string | null, ending: Ending }} props */
function Figures({ row, before, since, ending }) {
  const format = useFormat();
  const { open, [ending]: ended } = row.by_status;
  const change = before ? format.changeMoney(row.amount, before.amount) : { kind: /** @type {const} */ ('new'), text: 'new' };
  return (
    <>
      <td className="pcell pcell-open" data-label="Open" title={format.moneyExact(open.amount)}><Money amount={open.amount} /></td>
      <td className="pcell pcell-closed" data-label={ENDING_TITLES[ending]} title={format.moneyExact(ended.amount)}><Money amount={ended.amount} /></td>
      <td className="pcell pcell-total" title={format.moneyExact(row.amount)}><Money amount={row.amount} /></td>
      <td className="pcell pcell-deals">{format.count(row.deals)}</td>
      {since && <td className="pcell pcell-vs"><Delta change={change} polarity="up" /></td>}
    </>
  );
}

/** @param {{ title: string, since: string | null, ending: Ending }} props */
function Head({ title, since, ending }) {
  return (
    <thead>
      <tr>
        <th scope="col"><span className="visually-hidden">{title}</span></th>
        <th scope="col" className="pcell pcell-open"><span className="pkey pkey-open" aria-hidden="true" />Open</th>
        <th scope="col" className="pcell pcell-closed" title={ENDING_MEANINGS[ending]}>
          <span className="pkey pkey-closed" aria-hidden="true" />{ENDING_TITLES[ending]}
        </th>
        <th scope="col" className="pcell pcell-total" aria-sort="descending">
          Total <span className="pcell-sorted" aria-hidden="true" />
        </th>
        <th scope="col" className="pcell pcell-deals">Deals</th>
        {since && <th scope="col" className="pcell pcell-vs">vs {since}</th>}
      </tr>
    </thead>
  );
}

/**
 * Groups by total, largest first. A row toggles its filter: by its button, or by a click anywhere on it.
 *
 * @param {{
 *   dimension: string, title: string, rows: Row[], totals: Totals, totalsBefore: Totals | null,
 *   since: string | null, ending: Ending, filter: import('../../api/types').Filter,
 *   onToggle: (dimension: string, name: string | null) => void,
 * }} props
 */
function Table({ dimension, title, rows, totals, totalsBefore, since, ending, filter, onToggle }) {
  const [all, setAll] = useState(false);
  const longest = rows.reduce((most, { group }) => (cents(group.amount) > most ? cents(group.amount) : most), 0n);
  const listed = all ? rows : rows.slice(0, TOP);
  return (
    <>
      <table className="ptable" data-ending={ending}>
        <caption className="visually-hidden">
          {title}: open, {ending === 'won' ? 'won' : 'closed with outcome not recorded'}, total and deals, largest total first
        </caption>
        <Head title={dimensionTitle(dimension)} since={since} ending={ending} />
        <tbody>
          {listed.map(({ group, before, name, label }) => (
            <tr key={name ?? '\u0000'} className="prow" data-pressed={isSelected(filter, dimension, name)} onClick={() => onToggle(dimension, name)}>
              <th scope="row" className="pname">
                <button
                  type="button"
                  className="pbutton"
                  aria-pressed={isSelected(filter, dimension, name)}
                  aria-label={`Filter by ${label}`}
                  title={label}
                  onClick={(event) => {
                    event.stopPropagation();
                    onToggle(dimension, name);
                  }}
                >
                  {label}
                </button>
                <Bar group={group} longest={longest} ending={ending} />
              </th>
              <Figures row={group} before={before} since={since} ending={ending} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" className="pname">All</th>
            <Figures row={totals} before={totalsBefore} since={since} ending={ending} />
          </tr>
        </tfoot>
      </table>
      {rows.length > TOP && (
        <div className="pmore">
          <Button look="plain" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? `Show top ${TOP}` : `Show all (${rows.length})`}
          </Button>
        </div>
      )}
    </>
  );
}

/** Drawn again only when what it shows has changed. */
export const PipelineTable = memo(Table);
