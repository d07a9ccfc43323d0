import { useCallback, useState } from 'react';
import { announce } from '../lib/announce.js';
import { isFiltered } from '../lib/filters.js';
import { emptyFilter } from '../lib/url-state.js';

/**
 * Clears the filters and keeps the way back.
 * @param {{ url: import('../lib/url-state.js').UrlState, change: (changes: Partial<import('../lib/url-state.js').UrlState>) => void }} input
 */
export function useClear({ url, change }) {
  const [cleared, setCleared] = useState(/** @type {import('../api/types').Filter | null} */ (null));
  const { filter } = url;
  const clear = useCallback(() => {
    if (!isFiltered(filter)) return;
    setCleared(filter);
    change({ filter: emptyFilter() });
    announce('Filters cleared');
  }, [filter, change]);
  const forget = () => setCleared(null);
  const undo = () => {
    if (cleared) change({ filter: cleared });
    forget();
  };
  return { clear, undo, forget, cleared };
}
