import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
 * @returns {Promise<{ url: string, insertSale: () => Promise<unknown>, process: () => Promise<unknown>, stop: () => Promise<unknown> }>}
 */
export const startProduct = (zone) => (process.env.REVOPS_MOCK ? startMock('sample') : startProgram([['init', '--sample'], ['process']], zone));

/** The product on the invented company, with two nights of history. */
export const startDemo = () => startProgram([['demo', '--nights', '2']]);

/** @param {string[][]} commands what fills the folder @param {string} [zone] */
async function startProgram(commands, zone = process.env.TZ ?? 'UTC') {
  const data = await mkdtemp(join(tmpdir(), 'revops-e2e-'));
  const env = { ...process.env, TZ: zone };
  const revops = (...args) => run(BINARY, [...args, '--data', data], { env });
  for (const command of commands) await revops(...command);
  const server = await listen(BINARY, ['serve', '--data', data, '--listen', '127.0.0.1:0'], env);
  return {
    url: server.url,
    insertSale: () => revops('sql', INSERT),
    process: () => revops('process'),
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
