import { createHash, randomBytes } from 'node:crypto';
import { addDays, makeDeals, rowsOn, sampleRows } from './company.mjs';
import { totals } from './answers.mjs';

/** The mock's state: a live table, the snapshots made of it, and at most one running job. */

const sha = (value) => createHash('sha256').update(value).digest('hex');
const STEPS = [['check', 1, 'objects'], ['digest', 730, 'days'], ['read', 3, 'days'], ['build', 24, 'parts'], ['publish', 2, 'objects']];

/** @param {Date} at */
const stamp = (at) => at.toISOString().replace(/[-:]|\.\d+/g, '');

/** @param {any[]} rows @param {Date} at @param {Date} readAt */
function snapshotOf(rows, at, readAt = new Date(at.getTime() - 4000)) {
  const hash = sha(JSON.stringify(rows));
  return {
    id: `${stamp(at)}-${hash.slice(0, 8)}`, rows, hash, day: at.toISOString().slice(0, 10), computedAt: at.toISOString(),
    dataAsOf: readAt.toISOString(), totals: totals(rows),
  };
}

/** @param {{ kind: 'demo' | 'sample', now: () => Date }} options */
export function makeWorld({ kind, now }) {
  const today = now().toISOString().slice(0, 10);
  const nightAt = (day) => new Date(`${day}T02:00:04.000Z`);
  const deals = kind === 'demo' ? makeDeals(today) : [];
  const table = kind === 'demo' ? rowsOn(deals, today) : sampleRows(today);
  const nights = kind === 'demo' ? 30 : 0;
  const snapshots = Array.from({ length: nights }, (_, index) => {
    const day = addDays(today, index - nights + 1);
    return snapshotOf(rowsOn(deals, addDays(day, -1)), nightAt(day));
  }).filter(({ computedAt }) => computedAt <= now().toISOString());
  if (kind === 'sample') snapshots.push(snapshotOf(table, new Date(now().getTime() - 120_000)));
  return { kind, now, table: [...table], snapshots, job: null, imports: [], meaning: null, version: 0, listeners: new Set() };
}

/** @param {ReturnType<typeof makeWorld>} world */
export function publish(world) {
  const snapshot = snapshotOf([...world.table], world.now(), world.now());
  const newest = world.snapshots.at(-1);
  if (newest?.hash === snapshot.hash) {
    Object.assign(newest, { computedAt: snapshot.computedAt, dataAsOf: snapshot.dataAsOf });
    return { outcome: 'unchanged', snapshot: newest };
  }
  world.snapshots.push(snapshot);
  return { outcome: 'published', snapshot };
}

/** @param {ReturnType<typeof makeWorld>} world @param {string} event @param {any} data */
export function tell(world, event, data) {
  world.version += 1;
  for (const listener of world.listeners) listener(event, data, world.version);
}

/** @param {any} snapshot */
export const dataVersion = (snapshot) => ({
  snapshot_id: snapshot.id, content_hash: snapshot.hash, data_as_of: snapshot.dataAsOf, computed_at: snapshot.computedAt,
});

/** @param {ReturnType<typeof makeWorld>} world @param {{ tick: number, fails?: boolean }} options */
export function startJob(world, { tick, fails = false }) {
  if (world.job && ['queued', 'running'].includes(world.job.state)) return { ...world.job, joined: true };
  const steps = STEPS.map(([name, , unit]) => ({ name, state: 'pending', done: 0, total: null, unit }));
  const job = {
    id: randomBytes(16).toString('hex'), state: 'running', requested_by: 'person', joined: false, started_at: world.now().toISOString(),
    ended_at: null, progress: 0, steps, outcome: null, snapshot_id: null, rows: null, changed_days: null, error: null,
  };
  world.job = job;
  const parts = 4;
  let count = 0;
  const timer = setInterval(() => {
    if (job.state !== 'running') return clearInterval(timer);
    count += 1;
    advance(job, count, parts);
    if (fails && count === 7) end(world, job, { state: 'failed', error: { code: 'unavailable', message: 'The warehouse did not answer in time.' } });
    else if (count >= steps.length * parts) finish(world, job);
    tell(world, 'refresh', job);
    return undefined;
  }, tick);
  tell(world, 'refresh', job);
  return { ...job };
}

/** @param {any} job @param {number} count @param {number} parts */
function advance(job, count, parts) {
  job.progress = Math.min(99, Math.round((count * 100) / (job.steps.length * parts)));
  for (const [index, step] of job.steps.entries()) {
    const total = STEPS[index][1];
    const share = Math.max(0, Math.min(1, (count - index * parts) / parts));
    step.total = total;
    step.done = Math.floor(total * share);
    step.state = share >= 1 ? 'done' : share > 0 || count === index * parts ? 'running' : 'pending';
  }
}

/** @param {any} world @param {any} job @param {any} changes */
export function end(world, job, changes) {
  const running = job.steps.find((step) => step.state === 'running');
  if (running && changes.state === 'failed') running.state = 'failed';
  Object.assign(job, { ended_at: world.now().toISOString() }, changes);
}

/** @param {any} world @param {any} job */
function finish(world, job) {
  const { outcome, snapshot } = publish(world);
  end(world, job, {
    state: 'succeeded', progress: 100, outcome, snapshot_id: snapshot.id, rows: snapshot.rows.length, changed_days: outcome === 'unchanged' ? 0 : 3,
  });
  tell(world, 'data-version', dataVersion(snapshot));
}
