import { useState } from 'react';
import { FIELD_TITLES, HISTORY, MODES, counted } from '../../lib/import-words.js';
import { Button } from '../../ui/Button.jsx';
import { Dialog } from '../../ui/Dialog.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { useFormat } from '../../ui/format-context.js';
import { usualMode } from './mapping-editor.js';
import { formatUnder } from './mapping-format.js';
import { isChecking, isReady } from './review-machine.js';
import './Take.css';

/**
 * @typedef {import('../../api/types').Inspection} Inspection
 * @typedef {import('../../api/types').TakeMode} TakeMode
 * @typedef {TakeMode | 'history'} Way
 */

const COUNTED = /** @type {const} */ (['open', 'won', 'lost', 'closed', 'unknown']);
const COUNTED_WORDS = { open: 'open', won: 'won', lost: 'lost', closed: 'closed without outcome', unknown: 'not known' };

/** @param {{ inspection: Inspection }} props */
function Outcome({ inspection: { outcome, mapping } }) {
  const format = formatUnder(mapping, useFormat());
  const { taken, refused, amount, by_status: by } = outcome;
  const parts = COUNTED.filter((status) => by[status] > 0).map((status) => `${format.count(by[status])} ${COUNTED_WORDS[status]}`);
  return (
    <>
      <p className="take-rows">{format.count(taken)} of {counted(taken + refused, 'row', format)} will be taken</p>
      <p className="take-more">
        <span title={format.moneyExact(amount)}>{format.moneyCompact(amount)} in all</span>{parts.length > 0 && `: ${parts.join(', ')}`}.
        {refused > 0 && ` ${counted(refused, 'row', format)} will be refused; you can download, mend and drop them again.`}
      </p>
    </>
  );
}

/** The day that an old file is of. @param {{ day: string, onDay: (day: string) => void }} props */
const Day = ({ day, onDay }) => (
  <label className="take-day">
    Numbers as of
    <input className="text-field" type="date" value={day} onChange={(event) => onDay(event.target.value)} />
  </label>
);

/**
 * @param {{ way: Way, onWay: (way: Way) => void, hasIds: boolean, dateInName: string | null, children: import('react').ReactNode }} props
 *   `children`: the day, for the last of the ways
 */
function Ways({ way, onWay, hasIds, dateInName, children }) {
  const format = useFormat();
  const textOf = (/** @type {Way} */ key, /** @type {string} */ text) => {
    if (key === 'upsert' && !hasIds) return `Needs a column for ${FIELD_TITLES.sale_id}.`;
    return key === 'history' && dateInName !== null ? `${text} The file’s name says ${format.dayOfYear(dateInName)}.` : text;
  };
  return (
    <fieldset className="take-modes">
      <legend>How they are taken</legend>
      {/** @type {[Way, { title: string, text: string }][]} */ (Object.entries({ ...MODES, history: HISTORY })).map(([key, { title, text }]) => (
        <label key={key} className="take-mode">
          <input type="radio" name="import-mode" checked={way === key} disabled={key === 'upsert' && !hasIds} onChange={() => onWay(key)} />
          <span><strong>{title}</strong> {textOf(key, text)}</span>
        </label>
      ))}
      {way === 'history' && children}
    </fieldset>
  );
}

/** @param {import('./review-machine.js').Review} state @param {boolean} needsDay */
function whyNot(state, needsDay) {
  if (isChecking(state)) return 'Looking at the file again…';
  if (state.error) return 'The last change could not be looked at.';
  if (isReady(state)) return needsDay ? 'Say which day the numbers are of.' : null;
  if (state.inspection.findings.some(({ level }) => level === 'problem')) return 'A problem stands in the way; see above.';
  if (state.inspection.outcome.taken === 0) return 'No row can be taken under this mapping.';
  return 'Answer the questions first.';
}

/**
 * What will come of it, and the buttons that decide.
 * @param {{
 *   review: import('./review-machine.js').Review, dateInName: string | null, hasOwnRows: boolean, hasRows: boolean, busy: boolean, error: Error | null,
 *   onRetry: () => void, onTake: (how: import('../../api/types').Take) => void, onDiscard: () => void,
 * }} props `hasRows`: there is something that replacing would take away
 */
export function TakePanel({ review, dateInName, hasOwnRows, hasRows, busy, error, onRetry, onTake, onDiscard }) {
  const format = useFormat();
  const { inspection, mapping } = review;
  const hasIds = mapping.columns.sale_id !== null;
  const [chosen, setChosen] = useState(/** @type {Way | null} */ (null));
  const [day, setDay] = useState(dateInName ?? '');
  const [asks, setAsks] = useState(false);
  const usual = usualMode({ mapping, hasOwnRows });
  const way = chosen === null || (chosen === 'upsert' && !hasIds) ? usual : chosen;
  const problem = whyNot(review, way === 'history' && day === '');
  const rows = `Import ${counted(inspection.outcome.taken, 'row', format)}`;
  const title = way === 'history' && day !== '' ? `${rows} as of ${format.dayOfYear(day)}` : rows;
  const take = () => {
    setAsks(false);
    const skip_refused = inspection.outcome.refused > 0;
    onTake(way === 'history' ? { mode: 'replace', skip_refused, as_of: day } : { mode: way, skip_refused });
  };
  return (
    <Panel title="What will come of it" className="take">
      <div aria-busy={isChecking(review)} className={isChecking(review) ? 'dimmed' : undefined}><Outcome inspection={inspection} /></div>
      <Ways {...{ way, hasIds, dateInName }} onWay={setChosen}><Day day={day} onDay={setDay} /></Ways>
      {review.error && (
        <div className="state"><Notice tone="bad" alert action={<Button onClick={onRetry}>Retry</Button>}><strong>The change could not be looked at.</strong> {review.error.message}</Notice></div>
      )}
      {error && <div className="state"><Notice tone="bad" alert><strong>That did not work.</strong> {error.message}</Notice></div>}
      <div className="take-buttons">
        <Button look="primary" disabled={problem !== null || busy} onClick={() => (way === 'replace' && hasRows ? setAsks(true) : take())}>{title}</Button>
        <Button disabled={busy} onClick={onDiscard}>Discard</Button>
        {problem && <span className="take-problem">{problem}</span>}
      </div>
      <Dialog title="Replace everything?" open={asks} onClose={() => setAsks(false)}>
        <p className="take-sure">All rows that are in the table now make way for these {format.count(inspection.outcome.taken)}. You can undo this.</p>
        <div className="dialog-foot">
          <Button onClick={() => setAsks(false)}>Keep them</Button>
          <Button look="primary" onClick={take}>Replace</Button>
        </div>
      </Dialog>
    </Panel>
  );
}
