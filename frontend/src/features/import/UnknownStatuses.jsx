import { useState } from 'react';
import { useUnknownSales } from '../../api/sales.js';
import { counted } from '../../lib/import-words.js';
import { Button } from '../../ui/Button.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { useFormat } from '../../ui/format-context.js';
import { MeaningDialog } from './MeaningDialog.jsx';
import { distinctWords } from './mapping-editor.js';
import { mostlyUnknown } from './unknown-statuses.js';

const NAMED = 3;

/** @param {{ words: { word: string }[] }} props */
const Words = ({ words }) => <>{words.slice(0, NAMED).map(({ word }) => `“${word}”`).join(', ')}{words.length > NAMED && ' …'}</>;

/** @param {{ snapshotId: string, unknown: number, rows: number, onSaved: ((job: import('../../api/types').Job) => void) | null }} props */
function Found({ snapshotId, unknown, rows, onSaved }) {
  const format = useFormat();
  const sales = useUnknownSales(snapshotId);
  const [open, setOpen] = useState(false);
  if (sales.data === undefined) return null;
  const words = distinctWords(sales.data.data.flatMap(({ status }) => (status === null ? [] : [{ text: status, rows: 1 }])));
  const can = onSaved !== null && words.length > 0;
  return (
    <>
      <Notice tone="warn" action={can && <Button onClick={() => setOpen(true)}>Say what they mean</Button>}>
        <strong>{format.count(unknown)} of {counted(rows, 'row', format)} have a status that is not known</strong>
        {words.length === 0 ? ': nothing stands there' : <>: <Words words={words} /></>}. Until it is, they count neither as open nor as won or lost.
      </Notice>
      {open && can && (
        <MeaningDialog words={words} whole={!sales.data.page.more} onClose={() => setOpen(false)} onSaved={onSaved} />
      )}
    </>
  );
}

/**
 * Asks what statuses mean when most rows have one that is not known, where zeros would stand without a word.
 * @param {{
 *   snapshotId: string, ledger: import('../../api/types').Ledger, onSaved: ((job: import('../../api/types').Job) => void) | null,
 * }} props `onSaved` null: it cannot be said here
 */
export function UnknownStatuses({ snapshotId, ledger, onSaved }) {
  const unknown = mostlyUnknown(ledger);
  return unknown === null ? null : <Found snapshotId={snapshotId} unknown={unknown} rows={ledger.rows} onSaved={onSaved} />;
}
