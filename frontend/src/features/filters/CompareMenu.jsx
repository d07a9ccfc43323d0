import { COMPARISONS, comparedEntry } from '../../lib/comparison.js';
import { useNow } from '../../lib/use-now.js';
import { Icon } from '../../ui/Icon.jsx';
import { Popover } from '../../ui/Popover.jsx';
import { useFormat } from '../../ui/format-context.js';
import './CompareMenu.css';

/** @type {Record<import('../../lib/comparison.js').Compare, string>} */
const TITLES = { snapshot7d: '7 days ago', prev: 'Previous snapshot', year: 'A year ago', off: 'No comparison' };

/** @type {Record<import('../../lib/comparison.js').Compare, string>} */
const ON_BUTTON = { snapshot7d: 'vs 7 days ago', prev: 'vs previous', year: 'vs a year ago', off: 'No comparison' };

/**
 * @typedef {{
 *   compare: import('../../lib/comparison.js').Compare, shown: import('../../lib/comparison.js').Shown | undefined,
 *   stored: import('../../api/types').SnapshotEntry[] | undefined,
 *   onCompare: (compare: import('../../lib/comparison.js').Compare) => void,
 * }} Props `shown` and `stored` undefined while they are not there
 */

/** Each choice with the snapshot that it would take. @param {Props} props */
function Options({ compare, shown, stored, onCompare }) {
  const format = useFormat();
  const now = useNow(60_000);
  return COMPARISONS.map((choice) => {
    const entry = shown && stored && comparedEntry(choice, shown, stored);
    return (
      <label key={choice} className="cmenu-option">
        <input type="radio" name="compare" checked={choice === compare} onChange={() => onCompare(choice)} />
        <span>{TITLES[choice]}</span>
        {choice !== 'off' && stored && (
          <span className="cmenu-day">{entry ? format.instantOfDay(entry.computed_at, now) : 'not stored'}</span>
        )}
      </label>
    );
  });
}

/** What the figures are compared with. @param {Props} props */
export function CompareMenu(props) {
  return (
    <Popover
      sheet
      className="cmenu"
      label="Compare with"
      button={(attributes) => (
        <button type="button" className="fbutton" {...attributes}>
          {ON_BUTTON[props.compare]}
          <Icon name="chevron" />
        </button>
      )}
    >
      <p className="cmenu-title">Compare with</p>
      <Options {...props} />
    </Popover>
  );
}
