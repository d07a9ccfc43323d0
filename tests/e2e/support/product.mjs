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
 * The product on the eight sample rows, in a folder of its own.
 * @returns {Promise<{ url: string, insertSale: () => Promise<unknown>, process: () => Promise<unknown>, stop: () => Promise<unknown> }>}
 */
export const startProduct = () => (process.env.REVOPS_MOCK ? startMock('sample') : startProgram());

async function startProgram() {
  const data = await mkdtemp(join(tmpdir(), 'revops-e2e-'));
  const revops = (...args) => run(BINARY, [...args, '--data', data]);
  await revops('init', '--sample');
  await revops('process');
  const server = await listen(BINARY, ['serve', '--data', data, '--listen', '127.0.0.1:0']);
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
