import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefresh } from '../features/refresh/use-refresh.js';
import { useEvents } from './use-events.js';

/**
 * Questions about the newest state, and whatever failed; the answers of one stored snapshot never change.
 * @param {{ queryKey: readonly unknown[], state: { status: string } }} query
 */
export const isOpen = ({ queryKey: [what, asOf], state }) => state.status === 'error' || (what !== 'pipeline' && !(what === 'summary' && asOf !== null));

/** Refresh Data: everything is read again at once, and the nightly job starts or is joined. */
export function useRefreshData() {
  const client = useQueryClient();
  const [asked, setAsked] = useState(0);
  const [streaming, setStreaming] = useState(true);
  const refresh = useRefresh({ streaming, onEnded: () => client.invalidateQueries({ predicate: isOpen }) });
  const onRefresh = () => {
    setAsked(Date.now());
    void client.invalidateQueries({ predicate: isOpen });
    void refresh.start();
  };
  const connection = useEvents({ onJob: refresh.onJob });
  const open = connection !== 'closed' && connection !== 'lost';
  if (open !== streaming) setStreaming(open);
  return { refresh, onRefresh, asked, streaming };
}
