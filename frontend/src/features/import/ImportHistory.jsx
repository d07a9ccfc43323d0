import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isUnsupported, keepImport, refusedUrl, undoImport, useImports } from '../../api/imports.js';
import { formatBytes } from '../../lib/format.js';
import { REQUESTED_BY, STATE_WORDS } from '../../lib/import-words.js';
import { useNow } from '../../lib/use-now.js';
import { Button } from '../../ui/Button.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { PageLink } from '../../ui/PageLink.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { QueryState } from '../../ui/QueryState.jsx';
import { SkeletonRows } from '../../ui/Skeleton.jsx';
import { useFormat } from '../../ui/format-context.js';
import './ImportHistory.css';

/** @typedef {import('../../api/types').Import} Import */

/** @param {{ job: Import, onUndo: (id: string) => void, busy: boolean }} props */
function Row({ job, onUndo, busy }) {
  const format = useFormat();
  const now = useNow(60_000);
  const why = job.state === 'failed' ? job.error?.message : job.as_of === null && job.undo.reason;
  return (
    <tr>
      <th scope="row">{format.instantOfDay(job.created_at, now)}</th>
      <td className="ihistory-file"><PageLink href={`/data/import/${job.id}`}>{job.file.name}</PageLink></td>
      <td className="dwide">{formatBytes(job.file.size_bytes)}</td>
      <td className="dwide">{REQUESTED_BY[job.requested_by]}</td>
      <td className="dnumber">{format.count(job.rows?.taken ?? null)}</td>
      <td className="dnumber">
        {job.rows && job.rows.refused > 0
          ? <a href={refusedUrl(job.id)} download aria-label={`Download the ${format.count(job.rows.refused)} refused rows of ${job.file.name}`}>{format.count(job.rows.refused)}</a>
          : format.count(job.rows?.refused ?? null)}
      </td>
      <td className="ihistory-state">{STATE_WORDS[job.state]}{job.as_of !== null && ` as of ${format.dayOfYear(job.as_of)}`}{why && <span className="ihistory-why">{why}</span>}</td>
      <td className="dnumber">
        {job.undo.possible && <Button look="plain" disabled={busy} onClick={() => onUndo(job.id)} aria-label={`Undo the import of ${job.file.name}`}>Undo</Button>}
      </td>
    </tr>
  );
}

/** @param {{ jobs: Import[] }} props */
function Table({ jobs }) {
  const client = useQueryClient();
  const undo = useMutation({ mutationFn: undoImport, onSuccess: (job) => keepImport(client, job) });
  return (
    <>
      {undo.error && <div className="state"><Notice tone="bad" alert><strong>It could not be undone.</strong> {undo.error.message}</Notice></div>}
      <div className="dscroll" role="region" aria-label="Imports, table" tabIndex={0}>
        <table className="dtable">
          <caption className="visually-hidden">Files that were handed over, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Handed over</th>
              <th scope="col">File</th>
              <th scope="col" className="dwide">Size</th>
              <th scope="col" className="dwide">By</th>
              <th scope="col" className="dnumber">Taken</th>
              <th scope="col" className="dnumber">Refused</th>
              <th scope="col">State</th>
              <th scope="col"><span className="visually-hidden">Action</span></th>
            </tr>
          </thead>
          <tbody>{jobs.map((job) => <Row key={job.id} job={job} onUndo={undo.mutate} busy={undo.isPending} />)}</tbody>
        </table>
      </div>
    </>
  );
}

/** What was handed over so far; nothing where that is not possible. */
export function ImportHistory() {
  const imports = useImports();
  if (isUnsupported(imports.error)) return null;
  return (
    <Panel title="Imports" note="Newest first. Undo puts the numbers back as they were before.">
      <QueryState
        query={imports}
        what="the imports"
        skeleton={<SkeletonRows rows={2} height="37px" />}
        isEmpty={(jobs) => jobs.length === 0}
        empty={<p className="ihistory-none">Nothing was imported yet.</p>}
      >
        {(/** @type {Import[]} */ jobs) => <Table jobs={jobs} />}
      </QueryState>
    </Panel>
  );
}
