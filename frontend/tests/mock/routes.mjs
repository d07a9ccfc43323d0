import { readFileSync } from 'node:fs';
import { addDays } from './company.mjs';
import { STATUS_OF, filtered, groups, readFilter, summary, totals } from './answers.mjs';
import { imports } from './imports.mjs';
import { dataVersion, end, publish, startJob, tell } from './world.mjs';

/** Each route answers `{ status, body, headers? }`. `state` is the page's `mock=` word. */

const METRICS = parseCatalogue(readFileSync(new URL('../../../contracts/metrics.yaml', import.meta.url), 'utf8'));

/** @param {string} yaml the restricted form of contracts/metrics.yaml */
function parseCatalogue(yaml) {
  const list = [];
  for (const line of yaml.split('\n')) {
    const match = /^ {2}(- | {2})(\w+): "?(.*?)"?$/.exec(line);
    if (!match) continue;
    if (match[1] === '- ') list.push({});
    list.at(-1)[match[2]] = match[3];
  }
  return list;
}

const fail = (status, code, message, retryable = status >= 500) => ({
  status, body: { error: { code, message, request_id: 'req-7f3a91c2', retryable } }, headers: status >= 500 ? { 'Retry-After': '2' } : {},
});

/** @param {any} world @param {string | null} asOf */
function find(world, asOf) {
  if (asOf === null) return world.snapshots.at(-1);
  if (/^\d{4}-\d\d-\d\d$/.test(asOf)) return world.snapshots.findLast(({ day }) => day <= asOf);
  return world.snapshots.find(({ id }) => id === asOf);
}

/** Whose rows all snapshots hold. @param {any} world @param {string} state */
const originOf = (world, state) =>
  state === 'plain' || world.imports.some(({ job }) => job.state === 'done' && job.mode === 'replace') ? 'own' : world.kind;

/** @param {any} world @param {any} snapshot @param {any} filter @param {string} state */
const meta = (world, snapshot, filter, state) => ({
  source: 'snapshot', ...dataVersion(snapshot), origin: originOf(world, state), business_date: snapshot.day, zone: 'UTC', definitions_version: 1, filter,
  rows: filtered(snapshot.rows, filter).length, ...(state === 'degraded' ? { degraded: 'manifest_damaged' } : {}),
});

/** @param {any} world @param {URL} url @param {string} state @param {(snapshot: any, filter: any) => any} answer */
function onSnapshot(world, url, state, answer) {
  if (state === 'error') return fail(503, 'unavailable', 'The store cannot be read at the moment.');
  if (state === 'empty') {
    return fail(503, 'no_snapshot', 'No snapshot has been published yet. Start one with Refresh Data or `revops process`.');
  }
  const snapshot = find(world, url.searchParams.get('as_of'));
  if (!snapshot) return fail(404, 'not_found', 'There is no such snapshot.');
  const filter = readFilter(url.searchParams);
  return { status: 200, body: { ...answer(snapshot, filter), meta: meta(world, snapshot, filter, state) } };
}

/** @param {any} world @param {string} state */
function lastMonth(world, state) {
  if (state === 'live-error') return fail(504, 'timeout', 'The warehouse did not answer in time.');
  if (state === 'budget') return fail(503, 'budget_exhausted', 'The budget of live questions a minute is spent; the nightly figures still hold.');
  const now = world.now();
  const day = now.toISOString().slice(0, 10);
  const [start, stop] = [addDays(day, -29), addDays(day, 1)];
  const rows = state === 'live-empty' ? [] : world.table.filter((row) => row.sale_date >= start && row.sale_date < stop)
    .sort((a, b) => (a.sale_date === b.sale_date ? Number(b.sale_id) - Number(a.sale_id) : a.sale_date < b.sale_date ? 1 : -1));
  return {
    status: 200,
    body: {
      data: rows.slice(0, 1000), totals: totals(rows), page: { limit: 1000, more: rows.length > 1000 },
      meta: {
        source: 'live', data_as_of: now.toISOString(), computed_at: now.toISOString(), business_date: day, zone: 'UTC', definitions_version: 1,
        window: { start, end: stop, zone: 'UTC', partial: true }, rows: rows.length,
      },
    },
  };
}

/** The rows of a window. @param {any} world @param {URL} url @param {string} state */
function sales(world, url, state) {
  if (state === 'live-error') return fail(503, 'unavailable', 'The store cannot be read at the moment.');
  const [from, to] = [url.searchParams.get('from') ?? '', url.searchParams.get('to') ?? '9999'];
  if (state === 'unknown-statuses' && url.searchParams.get('status') === 'unknown') {
    return onSnapshot(world, url, state, (snapshot) => ({
      data: snapshot.rows.slice(0, 1000).map((row, index) => ({ ...row, status: WORDS[index % WORDS.length] })), page: { limit: 1000, offset: 0, more: true },
    }));
  }
  return onSnapshot(world, url, state, (snapshot) => ({
    data: snapshot.rows.filter((row) => row.sale_date >= from && row.sale_date < to)
      .sort((a, b) => (a.sale_date === b.sale_date ? Number(b.sale_id) - Number(a.sale_id) : a.sale_date < b.sale_date ? 1 : -1)).slice(0, 1000),
    page: { limit: 1000, offset: 0, more: false },
  }));
}

/** @param {any} world @param {string} state */
function snapshotList(world, state) {
  const list = world.snapshots.map((snapshot, index) => ({
    id: snapshot.id, current: index === world.snapshots.length - 1, computed_at: snapshot.computedAt, data_as_of: snapshot.dataAsOf,
    business_date: snapshot.day, origin: originOf(world, state), content_hash: snapshot.hash, hash_kind: 'rows', rows: snapshot.rows.length, parts: 24,
    shared_parts: index === 0 ? 0 : 22, bytes: 118_000 + snapshot.rows.length * 6, totals: snapshot.totals,
  })).reverse();
  return { status: 200, body: { data: list, meta: { count: list.length } } };
}

/** @param {any} world @param {string} state */
function metrics(world, state) {
  const failed = { code: 'timeout', message: 'The warehouse did not answer in time.', at: `${world.now().toISOString().slice(0, 10)}T02:00:31.000Z` };
  return {
    status: 200,
    body: {
      data: METRICS,
      definitions: {
        version: 1, zone: 'UTC', currency: null, locale: 'en-GB', stages: ['Prospecting', 'Qualification', 'Proposal', 'Negotiation'], statuses: STATUS_OF,
      },
      dimensions: ['product', 'region', 'stage', 'status'].map((name) => ({
        name, column: name.toUpperCase(), label: name[0].toUpperCase() + name.slice(1), parameters: [name, `not_${name}`], sort: [name, `-${name}`],
        grouping: `/api/pipeline/by-${name}`,
      })),
      deployment: {
        label: originOf(world, state) === 'own' ? null : world.kind, version: '0.1.0', live_poll_seconds: state === 'fast' ? 1 : 15, schedule: '0 2 * * *', schedule_zone: 'UTC',
        next_run_at: `${addDays(world.now().toISOString().slice(0, 10), 1)}T02:00:00.000Z`, last_run_failed: state === 'failed-run' ? failed : null,
        warehouse: state.startsWith('snowflake') ? 'snowflake' : 'duckdb',
      },
    },
  };
}

/** @param {any} world @param {string} state */
function receipt(world, state) {
  if (state === 'snowflake-functions') return { status: 200, body: { data: null } };
  const today = world.now().toISOString().slice(0, 10);
  const days = Array.from({ length: state === 'snowflake-new' ? 0 : 31 }, (_, index) => ({
    day: addDays(today, -index), statements: 9 + ((index * 7) % 40), execution_ms: 800 + index * 7919, rows: index * 1313, bytes: 2_000 + index * 98_765,
    avoided: { live_questions: index % 5, digests: index % 2, months: 23 },
  }));
  const sum = (/** @type {(day: any) => number} */ figure) => days.reduce((total, day) => total + figure(day), 0);
  const avoided = { live_questions: sum((day) => day.avoided.live_questions), digests: sum((day) => day.avoided.digests), months: sum((day) => day.avoided.months) };
  const totals = { statements: sum((day) => day.statements), execution_ms: sum((day) => day.execution_ms), rows: sum((day) => day.rows), bytes: sum((day) => day.bytes), avoided };
  return { status: 200, body: { data: { days, totals } } };
}

/** @param {any} world @param {string} method @param {string} path @param {string} state */
function refresh(world, method, path, state) {
  if (method === 'POST') {
    const job = startJob(world, { tick: state === 'slow-job' ? 1500 : 60, fails: state === 'job-error' });
    return { status: 202, body: { data: job }, headers: { Location: `/api/refresh/${job.id}` } };
  }
  if (path === '/api/refresh') return { status: 200, body: { data: world.job } };
  if (world.job?.id !== path.split('/').at(-1)) return fail(404, 'not_found', 'There is no such job.');
  if (method === 'DELETE') {
    if (world.job.ended_at) return fail(409, 'conflict', 'The job has ended.');
    end(world, world.job, { state: 'cancelled' });
    tell(world, 'refresh', world.job);
    return { status: 202, body: { data: world.job } };
  }
  return { status: 200, body: { data: world.job } };
}

/** Most of the rows have a status that is not known. @param {any} answer */
const withUnknown = (answer) => ({
  ...answer,
  ledger: {
    ...answer.ledger,
    reasons: answer.ledger.reasons.map((entry) => (entry.reason === 'status_unknown' ? { ...entry, rows: Math.ceil(answer.ledger.rows * 0.6) } : entry)),
  },
});

const WORDS = ['In Progress', 'Active', 'in progress', 'Handed over'];

/** Says what words mean; the refresh that follows makes it visible. @param {any} world @param {any} body */
function saveValues(world, body) {
  world.meaning = body;
  return { status: 202, body: { data: startJob(world, { tick: 60, fails: false }) } };
}

/** Changes from outside, as `revops sql` and `revops process` make them. @param {any} world @param {string} path @param {any} body */
function outside(world, path, body) {
  if (path === '/mock/sale') world.table.push(body);
  if (path === '/mock/publish') tell(world, 'data-version', dataVersion(publish(world).snapshot));
  if (path === '/mock/collect') world.snapshots.splice(0, world.snapshots.length - 1);
  return { status: 200, body: { ok: true } };
}

/** @param {any} world @param {{ method: string, url: URL, state: string, body: any, size: number }} question */
export function route(world, { method, url, state, body, size }) {
  const path = url.pathname;
  if (path === '/api/summary') return onSnapshot(world, url, state, (snapshot, filter) => ({ data: state === 'unknown-statuses' ? withUnknown(summary(snapshot, filter)) : summary(snapshot, filter) }));
  const by = /^\/api\/pipeline\/by-(region|product|stage)$/.exec(path);
  if (by) {
    if (state === `${by[1]}-error`) return fail(503, 'unavailable', 'The store cannot be read at the moment.');
    return onSnapshot(world, url, state, (snapshot, filter) => {
      const rows = filtered(snapshot.rows, filter);
      return { data: groups(rows, by[1]), totals: totals(rows) };
    });
  }
  if (path === '/api/sales/last-month') return lastMonth(world, state);
  if (path === '/api/sales') return sales(world, url, state);
  if (path === '/api/snapshots') return snapshotList(world, state);
  if (path === '/api/metrics') return metrics(world, state);
  if (path === '/api/receipt') return receipt(world, state);
  if (path.startsWith('/api/imports')) return imports(world, { method, url, state, body, size });
  if (path === '/api/mappings') return { status: 200, body: { data: [] } };
  if (path === '/api/mappings/values') return saveValues(world, body);
  if (path.startsWith('/api/refresh')) return refresh(world, method, path, state);
  if (path.startsWith('/mock/')) return outside(world, path, body);
  if (path === '/healthz') return { status: 200, body: { status: 'ok' } };
  return fail(404, 'not_found', 'There is nothing at this address.');
}
