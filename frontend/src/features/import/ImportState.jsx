import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keepImport, refusedUrl, undoImport } from '../../api/imports.js';
import { formatBytes } from '../../lib/format.js';
import { STATE_WORDS, counted } from '../../lib/import-words.js';
import { Button } from '../../ui/Button.jsx';
import { Icon } from '../../ui/Icon.jsx';
import { Meter } from '../../ui/Meter.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { PageLink } from '../../ui/PageLink.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { useFormat } from '../../ui/format-context.js';
import { ShownPipeline } from './ShownPipeline.jsx';
import './ImportState.css';

/** @typedef {import('../../api/types').Import} Import */

/** @param {NonNullable<Import['progress']>} progress @param {import('../../lib/format.js').Format} format */
function progressText({ done, total, unit }, format) {
  if (unit === 'percent') return `${format.count(done)}%`;
  const text = unit === 'bytes' ? formatBytes : format.count;
  return `${text(done)}${total === null ? '' : ` of ${text(total)}`}${unit === 'rows' ? ' rows' : ''}`;
}

/** An import that goes on by itself. @param {{ job: Import }} props */
export function Moving({ job }) {
  const format = useFormat();
  const { progress, state } = job;
  const total = progress?.unit === 'percent' ? 100 : progress?.total;
  return (
    <Panel title={STATE_WORDS[state]}>
      <div className="istate-progress">
        <Meter label={STATE_WORDS[state]} share={progress && total ? progress.done / total : null} />
        <p className="istate-text">{progress ? progressText(progress, format) : 'One moment…'}</p>
      </div>
      {(state === 'importing' || state === 'publishing') && <p className="istate-text">The numbers stay as they are until all of it is in. You can leave this page.</p>}
    </Panel>
  );
}

const ENDINGS = /** @type {Record<string, { title: string, good: boolean }>} */ ({
  done: { title: 'Imported', good: true }, undone: { title: 'Undone', good: true }, failed: { title: 'Not imported', good: false },
  discarded: { title: 'Discarded', good: true },
});

/** @param {Import} job @param {import('../../lib/format.js').Format} format */
function endingText(job, format) {
  if (job.state === 'failed') return job.error?.message ?? 'It failed.';
  if (job.state === 'discarded') return 'The file was thrown away; nothing of it is in the numbers.';
  if (job.state === 'undone') return 'The table and the numbers are as they were before this import.';
  const rows = job.rows?.taken ?? 0;
  if (job.as_of !== null) return `${counted(rows, 'row', format)} of ${job.file.name} ${rows === 1 ? 'is' : 'are'} the snapshot of ${format.dayOfYear(job.as_of)} now.`;
  return `${counted(rows, 'row', format)} of ${job.file.name} ${rows === 1 ? 'is' : 'are'} in the numbers.`;
}

/** @param {{ job: Import }} props */
export function Ended({ job }) {
  const format = useFormat();
  const client = useQueryClient();
  const undo = useMutation({ mutationFn: () => undoImport(job.id), onSuccess: (next) => keepImport(client, next) });
  const { title = '', good = true } = ENDINGS[job.state] ?? {};
  const refused = job.state === 'done' ? (job.rows?.refused ?? 0) : 0;
  return (
    <Panel title={title}>
      <p className={`istate-ending ${good ? 'istate-good' : 'istate-bad'}`} role={good ? undefined : 'alert'}>
        <Icon name={good ? 'check' : 'alert'} /> {endingText(job, format)}
      </p>
      {job.state === 'done' && job.snapshot_id !== null && <ShownPipeline job={job} snapshotId={job.snapshot_id} />}
      {refused > 0 && (
        <div className="state">
          <Notice tone="warn" action={<a className="button button-outline istate-link" href={refusedUrl(job.id)} download>Download them</a>}>
            {counted(refused, 'row', format)} {refused === 1 ? 'was' : 'were'} refused: download, mend, drop again. Each says why.
          </Notice>
        </div>
      )}
      {undo.error && <div className="state"><Notice tone="bad" alert><strong>That did not work.</strong> {undo.error.message}</Notice></div>}
      <p className="istate-actions">
        {job.state === 'done' && (
          <PageLink href={job.as_of === null ? '/' : `/?asof=${job.snapshot_id}`} className="button button-primary istate-link">
            {job.as_of === null ? 'See the Overview' : 'See that day'}
          </PageLink>
        )}
        {job.undo.possible && <Button onClick={() => undo.mutate()} disabled={undo.isPending}>Undo this import</Button>}
        <PageLink href="/data" className={`button istate-link ${job.state === 'done' ? 'button-outline' : 'button-primary'}`}>Import another file</PageLink>
      </p>
      {job.state === 'done' && !job.undo.possible && job.undo.reason && (
        <p className="istate-text">{job.as_of === null && 'It can no longer be undone: '}{job.undo.reason}</p>
      )}
    </Panel>
  );
}
