import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefresh } from '../features/refresh/use-refresh.js';
import { useEvents } from './use-events.js';

/** Questions about the newest state, as against those of one stored snapshot. @param {{ queryKey: readonly unknown[] }} query */
const isNewest = ({ queryKey }) => queryKey[0] !== 'pipeline' && !(queryKey[0] === 'summary' && queryKey[1] !== null);

/** Refresh Data: everything is read again at once, and the nightly job starts or is joined. */
export function useRefreshData() {
  const client = useQueryClient();
  const [asked, setAsked] = useState(0);
  const [streaming, setStreaming] = useState(true);
  const refresh = useRefresh({ streaming, onEnded: () => client.invalidateQueries({ predicate: isNewest }) });
  const onRefresh = () => {
    setAsked(Date.now());
    void client.invalidateQueries();
    void refresh.start();
  };
  const connection = useEvents({ onJob: refresh.onJob });
  const open = connection !== 'closed' && connection !== 'lost';
  if (open !== streaming) setStreaming(open);
  return { refresh, onRefresh, asked };
}
