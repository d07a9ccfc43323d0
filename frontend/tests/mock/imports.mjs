import { randomBytes } from 'node:crypto';
import { tell } from './world.mjs';

/**
 * Imports as the server answers about them, of one file: an export of opportunities in the shape of a CRM's. The `mock=` words
 * are import-off, import-question, import-problem, import-failed, import-stuck, import-refused.
 */

const COLUMNS = ['Opportunity ID', 'Opportunity Name', 'Account Name', 'Opportunity Owner', 'Product Family', 'Territory', 'Stage', 'Amount', 'Close Date'];
const STAGES = ['Prospecting', 'Proposal', 'Negotiation', 'Closed Won', 'Closed Lost', 'On Hold'];
const OWNERS = ['Ada Obi', 'Bo Lindqvist', 'Chen Wei'];
const AREAS = ['North', 'South', 'West'];

const ROWS = Array.from({ length: 1204 }, (_, index) => [
  `006${String(index).padStart(12, '0')}AAQ`, `Renewal ${index + 1}`, `Customer ${(index * 7) % 311}`, OWNERS[index % 3], ['Sage Intacct', 'Sage HR'][index % 2],
  AREAS[(index * 5) % 3], STAGES[(index * 7) % 6], index % 301 === 4 ? 'n/a' : `$${(1200 + (index * 937) % 48000).toLocaleString('en-US')}.50`,
  `${(index % 12) + 1}/${(index % 27) + 1}/2026`,
]);

const GUESS = {
  name: 'opportunities', shape: '5f1c0a9e77b3d210',
  columns: {
    sale_id: 'Opportunity ID', product: 'Product Family', region: 'Territory', amount: 'Amount', stage: 'Stage', customer_name: 'Account Name',
    sale_date: 'Close Date', status: 'Stage',
  },
  dimensions: [{ name: 'OWNER', column: 'Opportunity Owner' }], text_ids: true, date_order: 'month_day_year', decimal_mark: 'point',
  currency: 'USD', currency_column: null, stages: STAGES.slice(0, 5),
  statuses: { prospecting: 'open', proposal: 'open', negotiation: 'open', 'closed won': 'won', 'closed lost': 'lost' },
};

const cell = (row, name) => (name === null ? null : (row[COLUMNS.indexOf(name)] ?? null));

function fileColumns() {
  return COLUMNS.map((name, at) => {
    const counts = new Map();
    for (const row of ROWS) counts.set(row[at], (counts.get(row[at]) ?? 0) + 1);
    const values = counts.size > 50 ? null : [...counts].map(([text, rows]) => ({ text, rows })).sort((a, b) => b.rows - a.rows);
    return { name, filled: ROWS.length, samples: [...counts.keys()].slice(0, 3), values };
  });
}

/** What a row becomes. @param {string[]} row @param {any} mapping */
function becomes(row, mapping) {
  const amount = cell(row, mapping.columns.amount);
  const cents = amount === null ? 0 : Math.round(Number(amount.replaceAll(/[$,]/g, '')) * 100);
  if (Number.isNaN(cents)) return { refused: { column: 'AMOUNT', reason: 'is not an amount such as 1,234.50' }, cents: 0, status: 'unknown', becomes: null };
  const fields = Object.fromEntries(Object.entries(mapping.columns).map(([field, name]) => [field, cell(row, name)]));
  const further = Object.fromEntries(mapping.dimensions.map(({ name, column }) => [name.toLowerCase(), cell(row, column)]));
  const [month, day] = (fields.sale_date ?? '1/1').split('/');
  const date = fields.sale_date && `2026-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return {
    refused: null, cents, status: mapping.statuses[(fields.status ?? '').toLowerCase()] ?? 'unknown',
    becomes: { ...fields, ...further, amount: amount && (cents / 100).toFixed(2), sale_date: date },
  };
}

/** @param {any} mapping @param {string} state @param {boolean} answered */
function inspect(mapping, state, answered) {
  const rows = ROWS.map((row) => becomes(row, mapping));
  const by = { open: 0, closed: 0, won: 0, lost: 0, unknown: 0 };
  const taken = rows.filter(({ refused }) => refused === null);
  for (const { status } of taken) by[status] += 1;
  const cents = taken.reduce((sum, row) => sum + row.cents, 0);
  const questions = state === 'import-question' && !answered
    ? [{ about: 'date_order', text: 'Is 3/4/2026 in Close Date the 4th of March or the 3rd of April?', choices: ['month_day_year', 'day_month_year'] }] : [];
  const findings = [
    { level: 'warning', text: 'Opportunity Name is not read by anything.' },
    ...(state === 'import-problem' ? [{ level: 'problem', text: 'Amounts are in two currencies, EUR and USD, and no rates are configured.' }] : []),
  ];
  return {
    format: 'csv', encoding: 'windows-1252', delimiter: ';', sheet: null, header_line: 1, rows: ROWS.length, columns: fileColumns(), mapping, questions, findings,
    ready: questions.length === 0 && !findings.some(({ level }) => level === 'problem'),
    outcome: { taken: taken.length, refused: ROWS.length - taken.length, amount: (cents / 100).toFixed(2), by_status: by },
    preview: ROWS.slice(0, 20).map((values, index) => ({
      number: index + 2, values, becomes: rows[index].becomes, counts_as: rows[index].status, refused: rows[index].refused,
    })),
  };
}

const error = (status, code, message) => ({ status, body: { error: { code, message, request_id: 'req-7f3a91c2', retryable: false } } });
const good = (data, status = 200) => ({ status, body: { data } });

/** @param {any} world @param {any} entry @param {any} changes */
function move(world, entry, changes) {
  Object.assign(entry.job, changes);
  tell(world, 'import', entry.job);
}

/** One after the other, a beat apart. @param {(() => void)[]} steps */
function beats(steps) {
  steps.forEach((step, index) => setTimeout(step, 250 * (index + 1)).unref());
}

/** @param {any} world @param {string} name @param {number} size */
function begin(world, name, size) {
  const job = {
    id: randomBytes(16).toString('hex'), file: { name, size_bytes: size }, requested_by: 'person', state: 'inspecting', created_at: world.now().toISOString(),
    ended_at: null, progress: null, mapping: null, mode: null, as_of: null, date_in_name: /\d{4}-\d{2}-\d{2}/.exec(name)?.[0] ?? null, rows: null, snapshot_id: null, undo: { possible: false, reason: null }, error: null,
  };
  const entry = { job, mapping: GUESS, answered: false };
  world.imports.unshift(entry);
  beats([() => move(world, entry, { state: 'waiting', mapping: 'opportunities' })]);
  return good(job, 201);
}

/** @param {any} world @param {any} entry @param {any} how @param {string} state */
function take(world, entry, how, state) {
  if (entry.job.state !== 'waiting') return error(409, 'already_exists', 'The import is not waiting.');
  const { taken, refused } = inspect(entry.mapping, state, true).outcome;
  const as_of = how.as_of ?? null;
  move(world, entry, { state: 'importing', mode: as_of === null ? how.mode : null, as_of, progress: { done: 400, total: ROWS.length, unit: 'rows' } });
  const ended = { ended_at: world.now().toISOString(), progress: null };
  if (state === 'import-stuck') return good(entry.job, 202);
  if (state === 'import-failed') beats([() => move(world, entry, { ...ended, state: 'failed', error: { code: 'resource_exhausted', message: 'The disk is full: free 2 GB and import it again.' } })]);
  else {
    beats([
      () => move(world, entry, { state: 'publishing', progress: null }),
      () => {
        const snapshot_id = world.snapshots.at(-1)?.id ?? null;
        if (as_of !== null) {
          const reason = 'A day of history is not undone: a mended file of the same day takes its place.';
          return move(world, entry, { ...ended, state: 'done', rows: { taken, refused }, undo: { possible: false, reason }, snapshot_id });
        }
        for (const other of world.imports) if (other !== entry && other.job.undo.possible) other.job.undo = { possible: false, reason: 'A later import changed the table.' };
        move(world, entry, { ...ended, state: 'done', rows: { taken, refused }, undo: { possible: true, reason: null }, snapshot_id });
      },
    ]);
  }
  return good(entry.job, 202);
}

/** @param {any} world @param {any} entry */
function undo(world, entry) {
  if (!entry.job.undo.possible) return error(409, 'already_exists', 'This import can no longer be undone.');
  move(world, entry, { state: 'undoing', undo: { possible: false, reason: null } });
  beats([() => move(world, entry, { state: 'undone' })]);
  return good(entry.job, 202);
}

/** @param {any} world @param {{ method: string, url: URL, state: string, body: any, size: number }} question */
export function imports(world, { method, url, state, body, size }) {
  if (state === 'import-off') return error(501, 'unsupported', 'Files are imported where the embedded warehouse is; with Snowflake, load the table by its own means.');
  const [, , , id, part] = url.pathname.split('/');
  if (url.pathname === '/api/imports') {
    if (method === 'GET') return good(world.imports.map(({ job }) => job));
    if (state === 'import-refused') return error(413, 'resource_exhausted', 'The file is larger than the 1 GB that are allowed (import.bytes_max).');
    return begin(world, url.searchParams.get('name') ?? '', size);
  }
  const entry = world.imports.find(({ job }) => job.id === id);
  if (!entry) return error(404, 'not_found', 'There is no such import.');
  if (part === 'take') return take(world, entry, body, state);
  if (part === 'undo') return undo(world, entry);
  if (part === 'inspection' || part === 'mapping') {
    if (part === 'mapping') Object.assign(entry, { mapping: body, answered: true });
    return good(inspect(entry.mapping, state, entry.answered));
  }
  if (method === 'DELETE') move(world, entry, { state: 'discarded', ended_at: world.now().toISOString() });
  return good(entry.job);
}
