import { useState } from 'react';
import { FIELD_TITLES, MODES, counted } from '../../lib/import-words.js';
import { Button } from '../../ui/Button.jsx';
import { Dialog } from '../../ui/Dialog.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { useFormat } from '../../ui/format-context.js';
import { createFormat } from '../../lib/format.js';
import { usualMode } from './mapping-editor.js';
import { isChecking, isReady } from './review-machine.js';
import './Take.css';

/**
 * @typedef {import('../../api/types').Inspection} Inspection
 * @typedef {import('../../api/types').TakeMode} TakeMode
 */

const COUNTED = /** @type {const} */ (['open', 'won', 'lost', 'closed', 'unknown']);
const COUNTED_WORDS = { open: 'open', won: 'won', lost: 'lost', closed: 'closed without outcome', unknown: 'not known' };

/** @param {{ inspection: Inspection }} props */
function Outcome({ inspection: { outcome, mapping } }) {
  const shown = useFormat();
  const format = mapping.currency === null ? shown : createFormat({ ...shown.config, currency: mapping.currency });
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

/** @param {{ mode: TakeMode, onMode: (mode: TakeMode) => void, hasIds: boolean }} props */
function Modes({ mode, onMode, hasIds }) {
  return (
    <fieldset className="take-modes">
      <legend>How they are taken</legend>
      {Object.entries(MODES).map(([key, { title, text }]) => (
        <label key={key} className="take-mode">
          <input type="radio" name="import-mode" checked={mode === key} disabled={key === 'upsert' && !hasIds} onChange={() => onMode(/** @type {TakeMode} */ (key))} />
          <span><strong>{title}</strong> {key === 'upsert' && !hasIds ? `Needs a column for ${FIELD_TITLES.sale_id}.` : text}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** @param {import('./review-machine.js').Review} state */
function whyNot(state) {
  if (isChecking(state)) return 'Looking at the file again…';
  if (state.error) return 'The last change could not be looked at.';
  if (isReady(state)) return null;
  if (state.inspection.findings.some(({ level }) => level === 'problem')) return 'A problem stands in the way; see above.';
  if (state.inspection.outcome.taken === 0) return 'No row can be taken under this mapping.';
  return 'Answer the questions first.';
}

/**
 * What will come of it, and the buttons that decide.
 * @param {{
 *   review: import('./review-machine.js').Review, hasOwnRows: boolean, hasRows: boolean, busy: boolean, error: Error | null, onRetry: () => void,
 *   onTake: (how: { mode: TakeMode, skip_refused: boolean }) => void, onDiscard: () => void,
 * }} props `hasRows`: there is something that replacing would take away
 */
export function TakePanel({ review, hasOwnRows, hasRows, busy, error, onRetry, onTake, onDiscard }) {
  const format = useFormat();
  const { inspection, mapping } = review;
  const hasIds = mapping.columns.sale_id !== null;
  const [chosen, setChosen] = useState(/** @type {TakeMode | null} */ (null));
  const [asks, setAsks] = useState(false);
  const usual = usualMode({ mapping, hasOwnRows });
  const mode = chosen === null || (chosen === 'upsert' && !hasIds) ? usual : chosen;
  const problem = whyNot(review);
  const title = `Import ${counted(inspection.outcome.taken, 'row', format)}`;
  const take = () => {
    setAsks(false);
    onTake({ mode, skip_refused: inspection.outcome.refused > 0 });
  };
  return (
    <Panel title="What will come of it" className="take">
      <div aria-busy={isChecking(review)} className={isChecking(review) ? 'dimmed' : undefined}><Outcome inspection={inspection} /></div>
      <Modes mode={mode} onMode={setChosen} hasIds={hasIds} />
      {review.error && (
        <div className="state"><Notice tone="bad" alert action={<Button onClick={onRetry}>Retry</Button>}><strong>The change could not be looked at.</strong> {review.error.message}</Notice></div>
      )}
      {error && <div className="state"><Notice tone="bad" alert><strong>That did not work.</strong> {error.message}</Notice></div>}
      <div className="take-buttons">
        <Button look="primary" disabled={problem !== null || busy} onClick={() => (mode === 'replace' && hasRows ? setAsks(true) : take())}>{title}</Button>
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
