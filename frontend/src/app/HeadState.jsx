import { Button } from '../ui/Button.jsx';
import { Notice } from '../ui/Notice.jsx';
import { Panel } from '../ui/Panel.jsx';
import { Empty, ErrorNote } from '../ui/QueryState.jsx';
import { useFormat } from '../ui/format-context.js';
import { degradedText } from '../lib/labels.js';
import { useNow } from '../lib/use-now.js';

/**
 * @typedef {import('./use-screen.js').Screen} Screen
 * @typedef {Error & { code?: string, status?: number, requestId?: string | null }} Failure
 * @typedef {{ screen: Screen, pinned: boolean, onNewest: () => void, onRefresh: () => void }} Props
 */

/** What stands in place of the numbers when there are none; null when there are, or while they load. @param {Props} props */
export function HeadProblem({ screen, pinned, onNewest, onRefresh }) {
  const error = /** @type {Failure | null} */ (screen.head.error);
  if (screen.view !== null || error === null) return null;
  if (error.code === 'no_snapshot') {
    return (
      <Panel title="No numbers yet">
        <Empty title="No snapshot has been made yet" action={<Button look="primary" onClick={onRefresh}>Refresh Data</Button>}>
          The first refresh reads the source table and makes one. Live sales below do not need it.
        </Empty>
      </Panel>
    );
  }
  if (pinned && error.status === 404) {
    return (
      <Panel title="Snapshot not stored">
        <Empty title="The snapshot of this link is no longer stored" action={<Button look="primary" onClick={onNewest}>Show the newest</Button>}>
          Old snapshots are removed after a while. The filters of the link are kept.
        </Empty>
      </Panel>
    );
  }
  return <ErrorNote what="the numbers" error={error} onRetry={screen.head.refetch} busy={screen.head.isFetching} />;
}

/** Notes above numbers that are shown but are not quite what they should be. @param {Props} props */
export function HeadNotes({ screen, pinned, onNewest }) {
  const format = useFormat();
  const now = useNow(60_000);
  const { head, view } = screen;
  if (view === null) return null;
  const { meta } = view.summary;
  const at = format.instant(meta.data_as_of, now);
  return (
    <>
      {head.error && (
        <ErrorNote what="the numbers" error={head.error} onRetry={head.refetch} busy={head.isFetching} held={`data from ${at}`} />
      )}
      {meta.degraded && <Notice tone="warn">{degradedText(meta.degraded)}</Notice>}
      {pinned && (
        <Notice action={<Button onClick={onNewest}>Show the newest</Button>}>
          This is the snapshot of <strong>{format.instant(meta.computed_at, now)}</strong>, as the link asks. It does not follow new data.
        </Notice>
      )}
    </>
  );
}
