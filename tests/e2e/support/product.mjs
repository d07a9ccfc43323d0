import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { listen, run } from './process.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const BINARY = process.env.REVOPS_BINARY ?? process.env.REVOPS_PROGRAM ?? path('../../../build/release/revops');
const MOCK = path('../../../frontend/tests/mock-server.mjs');

/** The row of the live test. */
export const NEW_SALE = {
  sale_id: '99', product: 'Sage Intacct', region: 'East', amount: '200000.00', stage: 'Negotiation', customer_name: 'NewClient', status: 'Closed',
};

const INSERT = "INSERT INTO FCT_SALES VALUES (99, 'Sage Intacct', 'East', 200000, 'Negotiation', 'NewClient', CURRENT_DATE, 'Closed')";

/**
 * The product on the eight sample rows, in a folder of its own, on a machine in that time zone.
 * @param {string} [zone]
 * @returns {Promise<{ url: string, insertSale: () => Promise<unknown>, process: () => Promise<unknown>, stop: () => Promise<unknown>, importAsOf: (day: string, csv: string) => Promise<unknown> }>}
 */
export const startProduct = (zone) => (process.env.REVOPS_MOCK ? startMock('sample') : startProgram([['init', '--sample'], ['process']], zone));

/** The sample in a table with owners and segments. */
export const startWithDimensions = () =>
  startProgram([
    ['init', '--sample'],
    ['sql', 'ALTER TABLE FCT_SALES ADD COLUMN OWNER VARCHAR'],
    ['sql', 'ALTER TABLE FCT_SALES ADD COLUMN SEGMENT VARCHAR'],
    ['sql', "UPDATE FCT_SALES SET OWNER = CASE WHEN SALE_ID < 4 THEN 'Ann' WHEN SALE_ID < 6 THEN 'Bo' END, SEGMENT = 'SMB'"],
    ['process'],
  ]);

/** The product on the invented company, with two nights of history. */
export const startDemo = () => startProgram([['demo', '--nights', '2']]);

/** The product on the eight sample rows, whose warehouse may be asked once a minute for live rows. */
export const startWithBudget = () =>
  startProgram([['init', '--sample'], ['process']], undefined, { settings: { REVOPS_LIVE_QUERIES_PER_MINUTE: '1' } });

/** Settings of a Snowflake account that nobody answers for. */
const SILENT_ACCOUNT = {
  SNOWFLAKE_URL: 'https://localhost:1', SNOWFLAKE_USER: 'REVOPS', SNOWFLAKE_DATABASE: 'REVOPS', SNOWFLAKE_SCHEMA: 'PUBLIC',
  SNOWFLAKE_WAREHOUSE: 'REVOPS_WH', SNOWFLAKE_ACCESS_TOKEN: 'nobody-asks-for-it',
};

/** The product on Snowflake, with the eight sample rows as its snapshot and that receipt. @param {string} costs the text of `receipt/costs.txt` */
export const startWithReceipt = (costs) =>
  startProgram([['init', '--sample'], ['process']], undefined, {
    settings: SILENT_ACCOUNT,
    prepare: async (data) => {
      await mkdir(join(data, 'receipt'));
      await writeFile(join(data, 'receipt', 'costs.txt'), costs);
    },
  });

/** Waits for the run that is due when a folder is served: a refresh that is asked for meanwhile joins it. @param {string} url */
async function firstRun(url) {
  const { data: nights } = await (await fetch(`${url}/api/snapshots`)).json();
  if (nights.length > 1) return; // The nights of the demo are up to date.
  for (;;) {
    const { data: job } = await (await fetch(`${url}/api/refresh`)).json();
    if (job?.ended_at) return;
    await setTimeout(50);
  }
}

/**
 * @param {string[][]} commands what fills the folder
 * @param {string} [zone]
 * @param {{ settings?: Record<string, string>, prepare?: (data: string) => Promise<unknown> }} [serving] what only `serve` is told, and what it finds
 */
async function startProgram(commands, zone = process.env.TZ ?? 'UTC', { settings = {}, prepare } = {}) {
  const data = await mkdtemp(join(tmpdir(), 'revops-e2e-'));
  const env = { ...process.env, TZ: zone };
  const revops = (...args) => run(BINARY, [...args, '--data', data], { env });
  for (const command of commands) await revops(...command);
  await prepare?.(data);
  const server = await listen(BINARY, ['serve', '--data', data, '--listen', '127.0.0.1:0'], { ...env, ...settings });
  if (!settings.SNOWFLAKE_URL) await firstRun(server.url);
  return {
    url: server.url,
    insertSale: () => revops('sql', INSERT),
    process: () => revops('process'),
    importAsOf: async (/** @type {string} */ day, /** @type {string} */ csv) => {
      const file = join(data, 'old-export.csv');
      await writeFile(file, csv);
      await revops('import', '--as-of', day, file);
    },
    stop: async () => {
      await server.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The stand-in. @param {'demo' | 'sample'} kind @param {string[]} [args] */
export async function startMock(kind, args = []) {
  const server = await listen(process.execPath, [MOCK, '--port', '0', '--kind', kind, ...args]);
  const post = (route, body = {}) => fetch(server.url + route, { method: 'POST', body: JSON.stringify(body) });
  return {
    url: server.url,
    insertSale: () => post('/mock/sale', { ...NEW_SALE, sale_date: new Date().toISOString().slice(0, 10) }),
    process: () => post('/mock/publish'),
    stop: server.stop,
  };
}
