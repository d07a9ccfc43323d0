import { memo } from 'react';
import { dimensionsOf } from '../../lib/url-state.js';
import { filterEntries, isFiltered, isInData } from '../../lib/filters.js';
import { dimensionTitle, valueLabel } from '../../lib/labels.js';
import { Icon } from '../../ui/Icon.jsx';
import { Button } from '../../ui/Button.jsx';
import { CompareMenu } from './CompareMenu.jsx';
import { FilterMenu } from './FilterMenu.jsx';
import './FilterBar.css';

/**
 * @typedef {import('../../api/types').Filter} Filter
 * @typedef {import('../../lib/filters.js').FilterEntry} FilterEntry
 * @typedef {Record<string, import('../../api/types').Facet[]>} Facets
 */

/** @param {{ entry: FilterEntry, known: boolean, onRemove: () => void }} props */
function FilterChip({ entry, known, onRemove }) {
  const label = valueLabel(entry.dimension, entry.value);
  return (
    <button
      type="button"
      className={known ? 'chip' : 'chip chip-unknown'}
      onClick={onRemove}
      aria-label={`Remove filter: ${dimensionTitle(entry.dimension)} ${entry.excluded ? 'is not ' : ''}${label}${known ? '' : ', not in the data'}`}
    >
      <span className="chip-text">
        {entry.excluded && 'not '}
        {label}
        {!known && <span className="chip-note"> not in the data</span>}
      </span>
      <Icon name="close" />
    </button>
  );
}

/**
 * @param {{
 *   filter: Filter, facets: Facets | undefined, asof: string | null,
 *   menus: React.Ref<HTMLDivElement>,
 *   onToggle: (key: string, value: string | null) => void, onClear: () => void, onNewest: () => void,
 *   onGone: () => void,
 * } & import('./CompareMenu.jsx').Props} props `facets` undefined while they are not there; `menus` holds the buttons of the dimensions;
 *   `onGone` is called before the button that was used goes away, and with it the focus
 */
function Bar({ filter, facets, asof, compare, shown, stored, onCompare, menus, onToggle, onClear, onNewest, onGone }) {
  const leaving = (/** @type {() => void} */ act) => () => {
    onGone();
    act();
  };
  const entries = filterEntries(filter);
  return (
    <search className="filters" aria-label="Filters">
      <div className="filters-line">
        <CompareMenu {...{ compare, shown, stored, onCompare }} />
        <div className="filters-menus" ref={menus}>
          {dimensionsOf(filter).map((dimension) => (
            <FilterMenu
              key={dimension}
              dimension={dimension}
              filter={filter}
              facets={facets?.[dimension]}
              onToggle={(value) => onToggle(dimension, value)}
            />
          ))}
        </div>
        {(entries.length > 0 || asof !== null) && <span className="filters-rule" aria-hidden="true" />}
        {asof !== null && (
          <button type="button" className="chip" onClick={leaving(onNewest)} aria-label="Remove pinned snapshot, show the newest">
            <span className="chip-text">Pinned snapshot</span>
            <Icon name="close" />
          </button>
        )}
        {entries.map((entry) => (
          <FilterChip
            key={`${entry.key} ${entry.value ?? '\u0000'}`}
            entry={entry}
            known={isInData(facets?.[entry.dimension], entry.dimension, entry.value)}
            onRemove={leaving(() => onToggle(entry.key, entry.value))}
          />
        ))}
        {isFiltered(filter) && <Button look="plain" onClick={leaving(onClear)}>Clear filters</Button>}
      </div>
    </search>
  );
}

/** Drawn again only when what it shows has changed. */
export const FilterBar = memo(Bar);
