import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { formatUrl, parseUrl } from '../lib/url-state.js';

/** @typedef {import('../lib/url-state.js').UrlState} UrlState */

/** The URL's state and the way to change it: filters, comparison and the pinned snapshot push, sort and page replace. */
/** @param {readonly string[]} further dimensions of the snapshot besides those of every snapshot; the same list while they are the same */
export function useUrlState(further) {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => parseUrl(search, further), [search, further]);
  const change = useCallback(
    /** @param {Partial<UrlState>} changes */
    (changes) => {
      const next = formatUrl({ ...parseUrl(window.location.search, further), page: 1, ...changes });
      const replace = !['filter', 'asof', 'compare'].some((key) => key in changes);
      navigate(path + next, { replace });
    },
    [navigate, path, further],
  );
  return { state, change, search: formatUrl({ ...state, page: 1 }) };
}
