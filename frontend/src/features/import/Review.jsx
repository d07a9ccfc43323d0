import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { discardImport, fetchInspection, keepImport, takeImport } from '../../api/imports.js';
import { ErrorNote } from '../../ui/QueryState.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { SkeletonRows } from '../../ui/Skeleton.jsx';
import { ColumnsPanel } from './ColumnsPanel.jsx';
import { PreviewPanel } from './PreviewPanel.jsx';
import { Questions } from './Questions.jsx';
import { Recognised } from './Recognised.jsx';
import { TakePanel } from './TakePanel.jsx';
import { WordsPanel } from './WordsPanel.jsx';
import { WrittenPanel } from './WrittenPanel.jsx';
import { answerOf, withAnswer } from './mapping-editor.js';
import { isChecking } from './review-machine.js';
import { useReview } from './use-review.js';

/**
 * @typedef {import('../../api/types').Import} Import
 * @typedef {{ job: Import, hasOwnRows: boolean, hasRows: boolean }} Props `hasOwnRows`: rows that are no demo
 */

/** @param {Props & { first: import('../../api/types').Inspection }} props */
function Loaded({ job, first, hasOwnRows, hasRows }) {
  const client = useQueryClient();
  const { state, edit, retry } = useReview(job.id, first);
  const onSuccess = (/** @type {Import} */ next) => keepImport(client, next);
  const take = useMutation({ mutationFn: (/** @type {Parameters<typeof takeImport>[1]} */ how) => takeImport(job.id, how), onSuccess });
  const discard = useMutation({ mutationFn: () => discardImport(job.id), onSuccess });
  const { inspection, mapping, asked, answered } = state;
  const { columns } = inspection;
  return (
    <>
      {asked.length > 0 && (
        <Questions
          asked={asked} answered={answered} answerOf={(about) => answerOf(mapping, about)}
          onAnswer={(about, choice) => edit(withAnswer(mapping, about, choice), about)}
          dates={columns.find(({ name }) => name === mapping.columns.sale_date)?.samples ?? []}
        />
      )}
      <div className="pair">
        <TakePanel
          review={state} dateInName={job.date_in_name} hasOwnRows={hasOwnRows} hasRows={hasRows} busy={take.isPending || discard.isPending} error={take.error ?? discard.error}
          onRetry={retry} onTake={take.mutate} onDiscard={() => discard.mutate()}
        />
        <Recognised inspection={inspection} sizeBytes={job.file.size_bytes} />
      </div>
      <PreviewPanel inspection={inspection} dimmed={isChecking(state)} />
      <ColumnsPanel mapping={mapping} columns={columns} onEdit={(next) => edit(next)} />
      <WordsPanel inspection={inspection} mapping={mapping} onEdit={(next) => edit(next)} />
      <WrittenPanel mapping={mapping} columns={columns} onEdit={edit} />
    </>
  );
}

/** A file that waits: what it would become, and what can be corrected. @param {Props} props */
export function Review(props) {
  const { id } = props.job;
  const first = useQuery({ queryKey: ['inspection', id], queryFn: ({ signal }) => fetchInspection(id, { signal }), staleTime: Infinity, gcTime: 0 });
  if (first.data) return <Loaded {...props} first={first.data} />;
  if (first.error) return <ErrorNote what="what the file would become" error={first.error} onRetry={first.refetch} busy={first.isFetching} />;
  return <Panel title="What was recognised"><div className="loading" aria-busy="true"><SkeletonRows rows={8} height="36px" /></div></Panel>;
}
