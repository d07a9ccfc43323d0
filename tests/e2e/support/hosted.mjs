import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { CLIENT, startProvider } from './sign-in-provider.mjs';

const DIST = new URL('../../../frontend/dist/', import.meta.url);
const TERRAFORM = readFileSync(new URL('../../../infrastructure/frontend.tf', import.meta.url), 'utf8');
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

/** Where `npm run dev` shows the page. */
const DEVELOPMENT = 'http://localhost:5173/';

/** The policy that Terraform gives to the distribution. @param {string} loginUrl */
function contentSecurityPolicy(loginUrl) {
  const list = /content_security_policy = join\("; ", \[(.*?)\]\)/s.exec(TERRAFORM)?.[1] ?? '';
  const sources = /connect_sources = local\.has_login \? "(.*?)"/.exec(TERRAFORM)?.[1] ?? '';
  return [...list.matchAll(/"([^"]*)"/g)].map(([, part]) => part).join('; ')
    .replace('${local.connect_sources}', sources.replace('${local.login_url}', loginUrl));
}

/** The page's files as the bucket has them. @param {string} path */
function entryAt(path) {
  const names = /entries +=\s*toset\(\[local\.entry_file, (.*?)\]\)/.exec(TERRAFORM)?.[1] ?? '';
  const entries = ['/', ...[...names.matchAll(/"([^"]+)"/g)].map(([, name]) => `/${name}`)];
  if (!entries.includes(path)) return null;
  return readFileSync(new URL('index.html', DIST), 'utf8').replace('data-sign-in=""', 'data-sign-in="/sign-in.json"');
}

/**
 * The page as it is on AWS with a sign-in: a distribution with its policy, an API that wants an ID token in Authorization, and the
 * provider behind `provider`. What the API answers comes from `api`.
 *
 * @param {string} api the address of a product
 */
export async function startHosted(api) {
  const asked = /** @type {{ path: string, token: string | null, status: number }[]} */ ([]);
  const refused = new Set();
  let verified = (/** @type {string} */ _token) => Promise.reject(new Error('not started'));

  /** @param {string | null} token */
  const isGood = (token) => (token === null || refused.has(token) ? Promise.resolve(false) : verified(token).then(() => true, () => false));

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async function answerApi(request, response) {
    const token = request.headers.authorization ?? null;
    const entry = { path: request.url ?? '', token, status: 0 };
    asked.push(entry);
    if (!(await isGood(token))) {
      entry.status = 401;
      response.writeHead(401, { 'Content-Type': 'application/json' });
      return void response.end('{"error":{"code":"unauthenticated","message":"Unauthorized","request_id":"r","retryable":false}}');
    }
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = 'GET' } = request;
    const answer = await fetch(api + entry.path, { method, headers: { 'Content-Type': 'application/json' }, body: body || undefined });
    entry.status = answer.status;
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    return void response.end(await answer.text());
  }

  /** @param {string} path @param {import('node:http').ServerResponse} response */
  function answerPage(path, response) {
    const headers = { 'Content-Security-Policy': policy, 'Cross-Origin-Opener-Policy': 'same-origin', 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff' };
    const entry = entryAt(path);
    if (path === '/sign-in.json') return void response.writeHead(200, { ...headers, 'Content-Type': 'application/json' }).end(signIn);
    if (entry !== null) return void response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end(entry);
    const file = new URL(`.${path}`, DIST);
    if (!file.href.startsWith(DIST.href) || !existsSync(file)) return void response.writeHead(403, headers).end();
    response.writeHead(200, { ...headers, 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
    return void createReadStream(file).pipe(response);
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    if (!pathname.startsWith('/api/')) return answerPage(pathname, response);
    return answerApi(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const url = `http://127.0.0.1:${server.address().port}`;
  const provider = await startProvider([`${url}/`, DEVELOPMENT]);
  const policy = contentSecurityPolicy(provider.url);
  const signIn = JSON.stringify({ kind: 'cognito', issuer: provider.url, client_id: CLIENT, login_url: provider.url, scope: 'openid email' });
  const keys = createLocalJWKSet(provider.keys);
  verified = (token) => jwtVerify(token, keys, { issuer: provider.url, audience: CLIENT });

  return {
    url, provider,
    /** What the API was asked for, by which token, and how it answered; 0: not yet. */
    asked,
    /** The tokens that the API has seen are good no longer, as after their end. */
    refuse: () => asked.forEach(({ token }) => token !== null && refused.add(token)),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await provider.stop();
    },
  };
}
