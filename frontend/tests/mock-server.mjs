/**
 * A stand-in for `revops serve`: the built page plus answers of the same shapes, with the same content security
 * policy. The word `mock=` in the page's own address picks a state: slow, empty, error, region-error, live-error,
 * live-empty, degraded, failed-run, slow-job, job-error, plain, fast, snowflake, snowflake-new,
 * snowflake-functions, unknown-statuses, and those of mock/imports.mjs.
 *
 *   node tests/mock-server.mjs [--port 4173] [--kind demo|sample] [--now 2026-11-22T11:00:00Z]
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { route } from './mock/routes.mjs';
import { dataVersion, makeWorld } from './mock/world.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4173' }, kind: { type: 'string', default: 'demo' }, now: { type: 'string' } },
});

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'X-Content-Type-Options': 'nosniff',
};
const fixed = values.now === undefined ? null : new Date(values.now);
const world = makeWorld({ kind: /** @type {'demo' | 'sample'} */ (values.kind), now: () => fixed ?? new Date() });

/** The page's `mock=` word, which same-origin requests carry in their Referer. @param {import('node:http').IncomingMessage} request */
function stateOf(request) {
  try {
    return new URL(request.headers.referer ?? '').searchParams.get('mock') ?? '';
  } catch {
    return '';
  }
}

/** @param {import('node:http').ServerResponse} response @param {string} path */
function sendFile(response, path) {
  const wanted = join(DIST, normalize(path));
  const found = wanted.startsWith(DIST) && existsSync(wanted) && statSync(wanted).isFile();
  const file = found ? wanted : join(DIST, 'index.html');
  const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Cache-Control': cache });
  createReadStream(file).pipe(response);
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
function stream(request, response) {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const send = (event, data, id) => response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.write('retry: 2000\n\n');
  const newest = world.snapshots.at(-1);
  if (newest) send('data-version', dataVersion(newest), world.version);
  if (world.job) send('refresh', world.job, world.version);
  world.listeners.add(send);
  const beat = setInterval(() => send('heartbeat', { now: world.now().toISOString() }, world.version), 15_000);
  request.on('close', () => {
    clearInterval(beat);
    world.listeners.delete(send);
  });
}

/** Fails when the asker goes before the end. @param {import('node:http').IncomingMessage} request */
async function readBody(request) {
  let text = '';
  let size = 0;
  for await (const chunk of request) {
    text += chunk;
    size += chunk.length;
  }
  const isFile = request.headers['content-type'] === 'application/octet-stream';
  return { size, body: text && !isFile ? JSON.parse(text) : null };
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://mock');
  if (!/^\/(api|mock|healthz)/.test(url.pathname)) return sendFile(response, url.pathname);
  const state = stateOf(request);
  if (url.pathname === '/api/events') return stream(request, response);
  const read = await readBody(request).catch(() => null);
  if (read === null) return response.destroy();
  const answer = route(world, { method: request.method ?? 'GET', url, state, ...read });
  const delay = state === 'slow' && request.method === 'GET' ? 1500 : state === 'never' ? 600_000 : 0;
  setTimeout(() => {
    response.writeHead(answer.status, { ...HEADERS, 'Content-Type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }, delay).unref();
  return undefined;
});

server.listen(Number(values.port), '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.stdout.write(`Listening on http://127.0.0.1:${address.port}\n`);
});
