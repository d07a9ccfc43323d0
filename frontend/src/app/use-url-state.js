import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { formatUrl, parseUrl } from '../lib/url-state.js';

/** @typedef {import('../lib/url-state.js').UrlState} UrlState */

/** The URL's state and the way to change it: filters, comparison and the pinned snapshot push, sort and page replace. */
export function useUrlState() {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => parseUrl(search), [search]);
  const change = useCallback(
    /** @param {Partial<UrlState>} changes */
    (changes) => {
      const next = formatUrl({ ...parseUrl(window.location.search), page: 1, ...changes });
      const replace = !['filter', 'asof', 'compare'].some((key) => key in changes);
      navigate(path + next, { replace });
    },
    [navigate, path],
  );
  return { state, change, search: formatUrl({ ...state, page: 1 }) };
}
