import { useCallback, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { DEFAULT_COMPARE } from '../lib/comparison.js';
import { isBoolean, readChoice, writeChoice } from '../lib/storage.js';
import { useShortcuts } from './use-shortcuts.js';

/**
 * The keyboard shortcuts of both pages, the dialog that lists them, and its switch.
 *
 * @param {{
 *   search: string, compare: import('../lib/comparison.js').Compare,
 *   change: (changes: Partial<import('../lib/url-state.js').UrlState>) => void,
 *   live: import('../features/live/use-live.js').Live, onRefresh: () => void, onClear: () => void,
 * }} actions
 */
export function usePageKeys({ search, compare, change, live, onRefresh, onClear }) {
  const [path, navigate] = useLocation();
  const [open, setOpen] = useState(false);
  const [enabled, setEnabled] = useState(() => readChoice('shortcuts', true, isBoolean));
  const menus = useRef(/** @type {HTMLDivElement | null} */ (null));

  const toFilters = useCallback(() => menus.current?.querySelector('button')?.focus(), []);
  /** @type {Record<string, () => void>} */
  const onOverview = {
    '.': live.togglePause,
    n: live.show,
    f: toFilters,
    c: () => change({ compare: compare === 'off' ? DEFAULT_COMPARE : 'off' }),
    x: onClear,
  };
  useShortcuts(
    {
      'g o': () => navigate(`/${search}`),
      'g d': () => navigate(`/data${search}`),
      r: onRefresh,
      '?': () => setOpen(true),
      ...(path === '/' ? onOverview : {}),
    },
    enabled,
  );
  return {
    /** Goes round the buttons of the filters, which a key leads to. */
    menus,
    toFilters,
    onHelp: () => setOpen(true),
    dialog: {
      open,
      onClose: () => setOpen(false),
      enabled,
      onEnabled: (/** @type {boolean} */ on) => {
        writeChoice('shortcuts', on);
        setEnabled(on);
      },
    },
  };
}
