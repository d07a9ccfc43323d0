import { DATE_ORDERS, DECIMAL_MARKS } from '../../lib/import-words.js';
import { Panel } from '../../ui/Panel.jsx';
import { Select } from '../../ui/Select.jsx';
import './Review.css';

/** @typedef {import('../../api/types').Mapping} Mapping */

const currencies = Intl.supportedValuesOf('currency');

/** @param {Mapping} mapping */
const currencyValue = (mapping) => (mapping.currency_column === null ? (mapping.currency ?? '') : `column:${mapping.currency_column}`);

/** @param {Mapping} mapping @param {string} value @returns {Mapping} */
const withCurrency = (mapping, value) =>
  value.startsWith('column:') ? { ...mapping, currency: null, currency_column: value.slice(7) } : { ...mapping, currency: value || null, currency_column: null };

/**
 * How dates and amounts are written in the file.
 * @param {{ mapping: Mapping, columns: import('../../api/types').FileColumn[], onEdit: (mapping: Mapping, about?: string) => void }} props
 */
export function WrittenPanel({ mapping, columns, onEdit }) {
  const known = mapping.currency !== null && !currencies.includes(mapping.currency) ? [mapping.currency, ...currencies] : currencies;
  return (
    <Panel title="Dates and amounts">
      <div className="review-fields">
        <label className="review-field">
          Dates are written
          <Select
            value={mapping.date_order} choices={Object.entries(DATE_ORDERS)}
            onChange={(order) => onEdit({ ...mapping, date_order: /** @type {Mapping['date_order']} */ (order) }, 'date_order')}
          />
        </label>
        <label className="review-field">
          Decimal mark
          <Select
            value={mapping.decimal_mark} choices={Object.entries(DECIMAL_MARKS)}
            onChange={(mark) => onEdit({ ...mapping, decimal_mark: /** @type {Mapping['decimal_mark']} */ (mark) }, 'decimal_mark')}
          />
        </label>
        <label className="review-field">
          Currency
          <Select
            value={currencyValue(mapping)}
            choices={[
              ['', 'Not said'], ...known.map((code) => /** @type {const} */ ([code, code])),
              ...columns.map(({ name }) => /** @type {const} */ ([`column:${name}`, `In the column ${name}`])),
            ]}
            onChange={(value) => onEdit(withCurrency(mapping, value), 'currency')}
          />
        </label>
        {mapping.columns.sale_id !== null && (
          <label className="review-choice">
            <input type="checkbox" checked={mapping.text_ids} onChange={(event) => onEdit({ ...mapping, text_ids: event.target.checked })} />
            Ids are texts: letters, or zeros in front
          </label>
        )}
      </div>
    </Panel>
  );
}
