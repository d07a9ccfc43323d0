// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, configure, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyFilter } from '../lib/url-state.js';
import { useScreen } from './use-screen.js';

configure({ asyncUtilTimeout: 20_000 });

/** A server with snapshots that can be published and collected between any two requests; answers wait in `held`. */
function makeServer() {
  const server = {
    /** @type {string[]} */
    snapshots: ['s1'],
    /** @type {{ path: string, go: () => void }[]} */
    held: [],
    /** @type {(path: string) => boolean} */
    hold: () => false,
    /** @type {string[]} */
    asked: [],
  };
  const meta = (/** @type {string} */ id) => ({
    source: 'snapshot', snapshot_id: id, origin: 'own', business_date: '2026-11-22', computed_at: id, data_as_of: id, definitions_version: 1, zone: 'UTC', rows: 1, filter: {},
  });
  const answer = (/** @type {URL} */ url) => {
    const asOf = url.searchParams.get('as_of');
    if (url.pathname === '/api/snapshots') {
      const data = server.snapshots.map((id) => ({ id, business_date: '2026-11-22', origin: 'own' })).reverse();
      return [200, { data, meta: { count: data.length } }];
    }
    const id = asOf === null ? server.snapshots.at(-1) : server.snapshots.find((one) => one === asOf);
    if (id === undefined) return [404, { error: { code: 'not_found', message: 'gone', request_id: 'r', retryable: false } }];
    return [200, { data: url.pathname.endsWith('summary') ? { from: id } : [{ from: id }], totals: {}, meta: meta(id) }];
  };
  vi.stubGlobal('fetch', (/** @type {string} */ path) => {
    const url = new URL(path, 'http://server');
    server.asked.push(path);
    return new Promise((resolve) => {
      const go = () => {
        const [status, body] = answer(url);
        resolve(new Response(JSON.stringify(body), { status: /** @type {number} */ (status) }));
      };
      if (server.hold(path)) server.held.push({ path, go });
      else go();
    });
  });
  return server;
}

/** @param {{ filter?: any, asof?: string | null, compare?: import('../lib/comparison.js').Compare, polls?: boolean }} [initial] */
function render(initial = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  /** Every combination of ids that was ever on the screen. @type {Set<string>[]} */
  const seen = [];
  const hook = renderHook(
    (question) => {
      const screen = useScreen(question);
      const ids = [screen.view?.summary.meta, screen.parts.byRegion.data?.meta, screen.parts.byProduct.data?.meta]
        .flatMap((one) => (one === undefined ? [] : [one.snapshot_id]));
      seen.push(new Set(ids));
      return screen;
    },
    {
      initialProps: /** @type {Parameters<typeof useScreen>[0]} */ (
        { filter: initial.filter ?? emptyFilter(), asof: initial.asof ?? null, compare: initial.compare ?? 'snapshot7d', polls: initial.polls }),
      wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
    },
  );
  return { ...hook, client, seen };
}

/** @param {ReturnType<typeof render>} screen @param {string} id */
const shows = (screen, id) =>
  waitFor(() => {
    expect(screen.result.current.view?.summary.meta.snapshot_id).toBe(id);
    expect(screen.result.current.parts.byRegion.data?.meta.snapshot_id).toBe(id);
    expect(screen.result.current.parts.byProduct.data?.meta.snapshot_id).toBe(id);
  });

describe('one screen shows one snapshot', () => {
  /** @type {ReturnType<typeof makeServer>} */
  let server;
  beforeEach(() => {
    server = makeServer();
  });
  afterEach(cleanup);

  it('asks everything else by the id of the summary', async () => {
    const screen = render();
    await shows(screen, 's1');
    const others = server.asked.filter((path) => path.includes('/pipeline/'));
    expect(others.length).toBeGreaterThan(0);
    expect(others.every((path) => path.includes('as_of=s1'))).toBe(true);
  });

  it('is not torn by a snapshot published between two calls', async () => {
    server.hold = (path) => path.includes('by-product');
    const screen = render();
    await waitFor(() => expect(server.held).toHaveLength(1));
    server.snapshots.push('s2');
    server.hold = () => false;
    await act(async () => server.held[0]?.go());
    await shows(screen, 's1');
    await act(async () => screen.client.invalidateQueries({ queryKey: ['summary', null] }));
    await shows(screen, 's2');
    expect(screen.seen.every((ids) => ids.size <= 1)).toBe(true);
  });

  it('looks for a new one by itself where nothing tells of it', async () => {
    const timers = vi.spyOn(globalThis, 'setInterval');
    const screen = render({ polls: true });
    await shows(screen, 's1');
    server.snapshots.push('s2');
    const tick = timers.mock.calls.filter(([, every]) => every === 300_000).at(-1)?.[0];
    await act(async () => /** @type {() => void} */ (tick)());
    await shows(screen, 's2');
  });

  it('keeps the old numbers until all of the new ones are there', async () => {
    const screen = render();
    await shows(screen, 's1');
    server.snapshots.push('s2');
    server.hold = (path) => path.includes('by-region') && path.includes('as_of=s2');
    await act(async () => screen.client.invalidateQueries({ queryKey: ['summary', null] }));
    await waitFor(() => expect(server.held).toHaveLength(1));
    await shows(screen, 's1');
    expect(screen.result.current.changing).toBe(false);
    await act(async () => server.held[0]?.go());
    await shows(screen, 's2');
    expect(screen.seen.every((ids) => ids.size <= 1)).toBe(true);
  });

  it('starts over when its snapshot was collected', async () => {
    server.hold = (path) => path.includes('/pipeline/') && path.includes('as_of=s1');
    const screen = render();
    await waitFor(() => expect(server.held.length).toBeGreaterThanOrEqual(2));
    server.snapshots = ['s2'];
    await act(async () => server.held.forEach(({ go }) => go()));
    await shows(screen, 's2');
    expect(screen.seen.every((ids) => ids.size <= 1)).toBe(true);
  });

  it('does not start over for ever when an answer stays away', async () => {
    server.hold = () => false;
    const real = globalThis.fetch;
    vi.stubGlobal('fetch', (/** @type {string} */ path) =>
      path.includes('by-region')
        ? Promise.resolve(new Response(JSON.stringify({ error: { code: 'not_found', message: 'gone' } }), { status: 404 }))
        : real(path));
    const screen = render();
    await waitFor(() => expect(screen.result.current.parts.byRegion.error).not.toBeNull());
    const heads = () => server.asked.filter((path) => path === '/api/summary').length;
    await waitFor(() => expect(heads()).toBe(2));
    await waitFor(() => expect(screen.client.isFetching()).toBe(0));
    expect(heads()).toBe(2);
  });

  it('dims the old answer while a filter changes, then shows the new one whole', async () => {
    const screen = render();
    await shows(screen, 's1');
    server.hold = (path) => path.includes('by-product') && path.includes('region=North');
    screen.rerender({ filter: { ...emptyFilter(), region: ['North'] }, asof: null, compare: 'snapshot7d' });
    await waitFor(() => expect(server.held).toHaveLength(1));
    expect(screen.result.current.changing).toBe(true);
    expect(screen.result.current.view?.filter.region).toEqual([]);
    await act(async () => server.held[0]?.go());
    await waitFor(() => expect(screen.result.current.view?.filter.region).toEqual(['North']));
    expect(screen.result.current.changing).toBe(false);
    const region = server.asked.filter((path) => path.includes('by-region'));
    expect(region.some((path) => path.includes('region=North&') || path.includes('?region=North'))).toBe(false);
  });

  it('compares with the snapshot before, with nothing, or says why it cannot', async () => {
    server.snapshots = ['s1', 's2'];
    const screen = render({ compare: 'prev' });
    await shows(screen, 's2');
    await waitFor(() => expect(screen.result.current.parts.regionBefore.data?.meta.snapshot_id).toBe('s1'));
    expect(screen.result.current.parts.problem).toBeNull();

    screen.rerender({ filter: emptyFilter(), asof: 's1', compare: 'prev' });
    await shows(screen, 's1');
    await waitFor(() => expect(screen.result.current.parts.problem).toBe('No earlier snapshot of these rows is stored.'));
    expect(screen.result.current.parts.compared).toBe(false);

    screen.rerender({ filter: emptyFilter(), asof: 's1', compare: 'off' });
    await waitFor(() => expect(screen.result.current.parts.problem).toBeNull());
    expect(screen.result.current.parts.compared).toBe(false);
    expect(server.asked.some((path) => path.includes('as_of=2026-11-15'))).toBe(false);
  });

  it('keeps the old comparison until the new one is whole', async () => {
    server.snapshots = ['s1', 's2'];
    const screen = render({ compare: 'off' });
    await shows(screen, 's2');
    server.hold = (path) => path.includes('by-region') && path.includes('as_of=s1');
    screen.rerender({ filter: emptyFilter(), asof: null, compare: 'prev' });
    await waitFor(() => expect(server.held).toHaveLength(1));
    expect(screen.result.current.changing).toBe(true);
    expect(screen.result.current.parts.compared).toBe(false);
    await act(async () => server.held[0]?.go());
    await waitFor(() => expect(screen.result.current.parts.compared).toBe(true));
    expect(screen.result.current.changing).toBe(false);
  });

  it('stays on a pinned snapshot', async () => {
    server.snapshots = ['s1', 's2'];
    const screen = render({ asof: 's1' });
    await shows(screen, 's1');
    await act(async () => screen.client.invalidateQueries({ queryKey: ['summary', null] }));
    await shows(screen, 's1');
  });
});
