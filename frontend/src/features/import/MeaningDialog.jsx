import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { VALUES, saveMeaning, useMappings } from '../../api/mappings.js';
import { announce } from '../../lib/announce.js';
import { folded } from '../../lib/normalise.js';
import { Button } from '../../ui/Button.jsx';
import { Dialog } from '../../ui/Dialog.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { ErrorNote } from '../../ui/QueryState.jsx';
import { StatusList } from './StatusList.jsx';
import { meaningOf } from './unknown-statuses.js';

/** @typedef {import('../../api/types').Status} Status */

/**
 * Says what words of the data count as; the numbers are then computed again.
 * @param {{
 *   words: { word: string, rows: number }[], whole: boolean, onClose: () => void, onSaved: (job: import('../../api/types').Job) => void,
 * }} props `whole`: these are all words, not those of the newest rows alone
 */
export function MeaningDialog({ words, whole, onClose, onSaved }) {
  const mappings = useMappings({ enabled: true });
  const [said, setSaid] = useState(/** @type {Record<string, Status>} */ ({}));
  const save = useMutation({
    mutationFn: () => saveMeaning(meaningOf(mappings.data?.find(({ name }) => name === VALUES), said)),
    onSuccess: (job) => {
      announce('Saved. The numbers are being computed again.');
      onSaved(job);
      onClose();
    },
  });
  const none = Object.values(said).every((status) => status === 'unknown');
  return (
    <Dialog title="What these statuses mean" open onClose={onClose}>
      {!whole && <p className="review-quiet">Those of the newest 1,000 rows.</p>}
      {mappings.error && <ErrorNote what="what was said before" error={mappings.error} onRetry={mappings.refetch} busy={mappings.isFetching} />}
      <StatusList words={words} statuses={said} onStatus={(word, status) => setSaid({ ...said, [folded(word)]: status })} />
      {save.error && <div className="state"><Notice tone="bad" alert><strong>It could not be saved.</strong> {save.error.message}</Notice></div>}
      <div className="dialog-foot">
        <Button onClick={onClose}>Not now</Button>
        <Button look="primary" disabled={none || !mappings.data || save.isPending} onClick={() => save.mutate()}>Save and compute again</Button>
      </div>
    </Dialog>
  );
}
