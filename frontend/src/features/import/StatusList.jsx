import { STATUSES, STATUS_TITLES, counted } from '../../lib/import-words.js';
import { folded } from '../../lib/normalise.js';
import { Select } from '../../ui/Select.jsx';
import { useFormat } from '../../ui/format-context.js';
import './Review.css';

/** @typedef {import('../../api/types').Status} Status */

/** @type {[string, string][]} */
const CHOICES = STATUSES.map((status) => [status, STATUS_TITLES[status]]);

/**
 * What each word counts as.
 * @param {{
 *   words: { word: string, rows: number }[], statuses: Record<string, Status>, onStatus: (word: string, status: Status) => void,
 * }} props
 */
export function StatusList({ words, statuses, onStatus }) {
  const format = useFormat();
  return (
    <ul className="review-words">
      {words.map(({ word, rows }) => (
        <li key={word}>
          <span className="review-word">{word}<span className="review-quiet">{counted(rows, 'row', format)}</span></span>
          <Select
            value={statuses[folded(word)] ?? 'unknown'} choices={CHOICES} aria-label={`${word} counts as`}
            onChange={(status) => onStatus(word, /** @type {Status} */ (status))}
          />
        </li>
      ))}
    </ul>
  );
}
