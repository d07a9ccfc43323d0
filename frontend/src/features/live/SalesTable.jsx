import { memo } from 'react';
import { statusOf } from '../../lib/normalise.js';
import { dimensionTitle, valueLabel } from '../../lib/labels.js';
import { useFormat } from '../../ui/format-context.js';
import { rowKey } from './live-rows.js';
import './SalesTable.css';

/**
 * @typedef {import('../../api/types').Sale} Sale
 */

const COLUMNS = /** @type {const} */ ([
  ['sale_date', 'Date'],
  ['customer_name', 'Customer'],
  ['region', 'Region'],
  ['product', 'Product'],
  ['stage', 'Stage'],
  ['status', 'Status'],
  ['amount', 'Amount'],
]);

const KNOWN = new Set(['sale_id', ...COLUMNS.map(([key]) => key)]);

/** The further columns of the table that was read, alike in every row. @param {Sale[]} sales */
const furtherColumns = (sales) => Object.keys(sales[0] ?? {}).filter((key) => !KNOWN.has(key));

/** The first direction of a column: newest and largest first, names from A. @param {string} key */
const firstSort = (key) => (key === 'sale_date' || key === 'amount' ? `-${key}` : key);

/** @param {string} sort @param {string} key */
function nextSort(sort, key) {
  if (sort === key) return `-${key}`;
  return sort === `-${key}` ? key : firstSort(key);
}

/** @param {{ id: string, title: string, place?: string, sort: string, onSort: (sort: string) => void }} props `place`: what it looks like */
function SortHeader({ id, title, place = id, sort, onSort }) {
  const direction = sort === id ? 'ascending' : sort === `-${id}` ? 'descending' : undefined;
  return (
    <th scope="col" className={`scell scell-${place}`} aria-sort={direction}>
      <button type="button" className="ssort" onClick={() => onSort(nextSort(sort, id))}>
        {title}
        <span className={`ssort-mark ssort-${direction ?? 'none'}`} aria-hidden="true" />
      </button>
    </th>
  );
}

/** @param {{ value: string | null }} props */
function Text({ value }) {
  if (value !== null && value.trim() !== '') return value;
  return (
    <span className="smissing">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">no value</span>
    </span>
  );
}

/** @param {{ value: string | null, statuses: Record<string, string> }} props */
function Status({ value, statuses }) {
  const status = statusOf(value, statuses);
  return (
    <span className={`sstatus sstatus-${status}`}>
      <span className="sstatus-mark" aria-hidden="true" />
      {status === 'unknown' && value?.trim() ? value : valueLabel('status', status)}
    </span>
  );
}

/**
 * @param {{ sale: Sale, further: string[], fresh: boolean, statuses: Record<string, string>, today: string }} props
 */
function Row({ sale, further, fresh, statuses, today }) {
  const format = useFormat();
  return (
    <tr className={fresh ? 'srow srow-fresh' : 'srow'}>
      <td className="scell scell-sale_date" data-label="Date">
        {sale.sale_date === null ? <Text value={null} /> : (
          <time dateTime={sale.sale_date} title={format.dayLong(sale.sale_date)}>
            {sale.sale_date === today ? 'Today' : format.day(sale.sale_date, today)}
          </time>
        )}
      </td>
      <th scope="row" className="scell scell-customer_name" title={sale.customer_name ?? undefined}><Text value={sale.customer_name} /></th>
      <td className="scell scell-region"><Text value={sale.region} /></td>
      <td className="scell scell-product"><Text value={sale.product} /></td>
      <td className="scell scell-stage"><Text value={sale.stage} /></td>
      <td className="scell scell-status"><Status value={sale.status} statuses={statuses} /></td>
      {further.map((key) => <td key={key} className="scell scell-further" data-label={dimensionTitle(key)}><Text value={sale[key] ?? null} /></td>)}
      <td className="scell scell-amount" title={sale.amount === null ? undefined : format.moneyExact(sale.amount)}>
        {sale.amount === null ? <Text value={null} /> : format.money(sale.amount)}
      </td>
    </tr>
  );
}

/**
 * @param {{
 *   sales: Sale[], fresh: ReadonlySet<string>, sort: string, onSort: (sort: string) => void,
 *   statuses: Record<string, string>, today: string,
 * }} props
 */
function Table({ sales, fresh, sort, onSort, statuses, today }) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const further = furtherColumns(sales);
  const header = (/** @type {typeof COLUMNS[number]} */ [id, title]) => <SortHeader key={id} {...{ id, title, sort, onSort }} />;
  return (
    <div className="sscroll" role="region" aria-label="Last month sales, table" tabIndex={0}>
      <table className="stable">
        <caption className="visually-hidden">Sales of the last 30 days, read live; sortable by column</caption>
        <thead>
          <tr>
            {COLUMNS.slice(0, -1).map(header)}
            {further.map((key) => <SortHeader key={key} id={key} title={dimensionTitle(key)} place="further" {...{ sort, onSort }} />)}
            {COLUMNS.slice(-1).map(header)}
          </tr>
        </thead>
        <tbody>
          {sales.map((sale) => {
            const key = rowKey(sale);
            const copy = seen.get(key) ?? 0;
            seen.set(key, copy + 1);
            return <Row key={`${key} ${copy}`} sale={sale} further={further} fresh={fresh.has(key)} statuses={statuses} today={today} />;
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Drawn again only when what it shows has changed. */
export const SalesTable = memo(Table);
