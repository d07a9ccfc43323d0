import { Button } from './Button.jsx';
import { Icon } from './Icon.jsx';
import { Notice } from './Notice.jsx';
import './QueryState.css';

/**
 * @typedef {Error & { requestId?: string | null, code?: string }} Failure
 * @typedef {{ data: any, error: Failure | null, refetch: () => unknown, isFetching?: boolean }} QueryLike
 */

/**
 * @param {{ what: string, error: Failure, onRetry: () => unknown, busy?: boolean, held?: string | null }} props
 *   `held` says which old data is still shown, e.g. "data from 14:58"
 */
export function ErrorNote({ what, error, onRetry, busy = false, held = null }) {
  return (
    <Notice
      tone="bad"
      alert
      action={
        <Button onClick={() => onRetry()} disabled={busy}>
          {busy ? 'Retrying…' : 'Retry'}
        </Button>
      }
    >
      <p>
        <strong>Could not {held ? 'update' : 'load'} {what}.</strong> {held && `Showing ${held}. `}
        {error.message}
      </p>
      {error.requestId && (
        <details>
          <summary>Details</summary>
          Request <code>{error.requestId}</code>
        </details>
      )}
    </Notice>
  );
}

/** @param {{ title: string, children?: React.ReactNode, action?: React.ReactNode }} props */
export function Empty({ title, children, action }) {
  return (
    <div className="empty">
      <Icon name="inbox" />
      <p className="empty-title">{title}</p>
      {children && <p className="empty-text">{children}</p>}
      {action}
    </div>
  );
}

/**
 * The four states of every data view. Old data stays whenever there is some: dimmed while the question
 * changed, with a note when the update failed.
 *
 * @template T
 * @param {{
 *   query: QueryLike, what: string, skeleton: React.ReactNode, isEmpty?: (data: T) => boolean,
 *   empty?: React.ReactNode, held?: string | null, dimmed?: boolean, children: (data: T) => React.ReactNode,
 * }} props `what` names the data in a sentence ("regions")
 */
export function QueryState({ query, what, skeleton, isEmpty, empty, held = null, dimmed = false, children }) {
  const { data, error, refetch, isFetching } = query;
  if (data === undefined && error === null) {
    return (
      <div className="loading" aria-busy="true">
        <span className="visually-hidden">Loading {what}</span>
        {skeleton}
      </div>
    );
  }
  const note = error && (
    <ErrorNote what={what} error={error} onRetry={refetch} busy={isFetching} held={data === undefined ? null : (held ?? 'the last good data')} />
  );
  if (data === undefined) return <div className="state">{note}</div>;
  return (
    <>
      {note && <div className="state">{note}</div>}
      <div className={dimmed ? 'dimmed' : undefined} aria-busy={dimmed}>
        {isEmpty?.(data) ? empty : children(data)}
      </div>
    </>
  );
}
