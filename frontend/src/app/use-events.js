import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { listen } from '../api/events.js';
import { isMoving, keepImport } from '../api/imports.js';
import { METRICS_KEY } from '../api/metrics.js';
import { SNAPSHOTS_KEY } from '../api/snapshots.js';

/**
 * The event stream of the page: a refresh's progress goes to `onJob`, an import's to the answers held; a new data version makes the newest summary be read
 * again, and the rest follows from that. The version that is shown already: history may have got earlier days.
 *
 * @param {{ onJob: (job: import('../api/types').Job) => void }} handlers
 * @returns {'connecting' | 'open' | 'lost' | 'closed'}
 */
export function useEvents({ onJob }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState(/** @type {'connecting' | 'open' | 'lost' | 'closed'} */ ('connecting'));
  useEffect(
    () =>
      listen({
        onRefresh: onJob,
        onImport: (job) => {
          keepImport(client, job);
          // Made-up rows may have made way for others, or be back.
          if (!isMoving(job)) void client.invalidateQueries({ queryKey: METRICS_KEY });
        },
        onConnection: setConnection,
        onDataVersion: (version) => {
          const known = client.getQueriesData({ queryKey: ['summary', null] }).map(([, data]) => data);
          const newest = /** @type {import('../api/types').SummaryAnswer[]} */ (known.filter(Boolean));
          const same = newest.length > 0 && newest.every(({ meta }) =>
            meta.snapshot_id === version.snapshot_id && meta.computed_at === version.computed_at);
          void client.invalidateQueries({ queryKey: same ? SNAPSHOTS_KEY : ['summary', null] });
        },
      }),
    [client, onJob],
  );
  return connection;
}
