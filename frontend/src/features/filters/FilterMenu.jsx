import { useState } from 'react';
import { isInData, isSelected, valuesOf } from '../../lib/filters.js';
import { dimensionTitle, valueLabel } from '../../lib/labels.js';
import { Icon } from '../../ui/Icon.jsx';
import { Popover } from '../../ui/Popover.jsx';
import { Bone } from '../../ui/Skeleton.jsx';
import { useFormat } from '../../ui/format-context.js';
import './FilterMenu.css';

const SEARCH_FROM = 8;

/**
 * @typedef {import('../../api/types').Facet} Facet
 * @typedef {import('../../api/types').Filter} Filter
 * @typedef {{ dimension: import('../../api/types').Dimension, filter: Filter, facets: Facet[] | undefined, onToggle: (value: string | null) => void }} Props
 */

/** The data's values, and those of the link that the data does not have. @param {Props} props */
function optionsOf({ dimension, filter, facets }) {
  const missing = valuesOf(filter, dimension).filter((value) => !isInData(facets, dimension, value));
  return [...(facets ?? []).map(({ value, deals }) => ({ value, deals: /** @type {number | null} */ (deals) })),
    ...missing.map((value) => ({ value, deals: null }))];
}

/** @param {Props} props */
function Options(props) {
  const { dimension, filter, facets, onToggle } = props;
  const format = useFormat();
  const [text, setText] = useState('');
  if (facets === undefined) return <p className="fmenu-none"><Bone width="70%" /></p>;
  const options = optionsOf(props);
  const found = options.filter(({ value }) => valueLabel(dimension, value).toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <>
      {options.length >= SEARCH_FROM && (
        <input
          className="fmenu-search"
          type="search"
          value={text}
          placeholder={`Find a ${dimension}`}
          aria-label={`Find a ${dimension}`}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {found.length === 0 && <p className="fmenu-none">{text ? `No match for '${text}'` : 'No values in the data yet'}</p>}
      <ul>
        {found.map(({ value, deals }) => (
          <li key={value ?? '\u0000'}>
            <label className="fmenu-option">
              <input type="checkbox" checked={isSelected(filter, dimension, value)} onChange={() => onToggle(value)} />
              <span className="fmenu-name">{valueLabel(dimension, value)}</span>
              <span className="fmenu-count">{deals === null ? 'not in the data' : format.count(deals)}</span>
            </label>
          </li>
        ))}
      </ul>
    </>
  );
}

/** @param {Props} props */
export function FilterMenu(props) {
  const { dimension, filter } = props;
  const title = dimensionTitle(dimension);
  const active = valuesOf(filter, dimension).length;
  return (
    <Popover
      sheet
      className="fmenu"
      label={`Filter by ${dimension}`}
      button={(attributes) => (
        <button type="button" className={active ? 'fbutton fbutton-active' : 'fbutton'} {...attributes}>
          {title}
          {active > 0 && <span className="fbutton-count">{active}<span className="visually-hidden"> selected</span></span>}
          <Icon name="chevron" />
        </button>
      )}
    >
      <p className="fmenu-title">{title}<span className="fmenu-unit">deals</span></p>
      <Options {...props} />
    </Popover>
  );
}
