import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';
import { run } from './process.mjs';

/** The one user there is. */
export const USER = { email: 'ada@example.com', password: 'correct horse battery' };

export const CLIENT = 'page';

const ACCOUNT = '6f1c2a34-0000-4000-8000-5d2b8c1f9e01';

/** A certificate of its own; browsers are told to bear it. */
async function certificate() {
  const { stdout } = await run('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-keyout', '-', '-out', '-',
  ]);
  return { key: stdout, cert: stdout };
}

/** @param {string} action @param {string} [trouble] */
const loginPage = (action, trouble = '') => `<!doctype html><html lang="en"><title>Sign in</title><h1>Sign in</h1><p role="alert">${trouble}</p>
<form method="post" action="${action}">
<label>Email <input name="email" type="email" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button name="do" value="sign-in">Sign in</button> <button name="do" value="cancel">Cancel</button>
</form></html>`;

/** @param {import('node:http').IncomingMessage} request */
async function readForm(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

/**
 * An OpenID provider under the addresses that Cognito has: oidc-provider, which takes S256 alone, a code once, the exact redirect
 * URI, and a refresh token once. Signing out is Cognito's way, with client_id and logout_uri.
 *
 * @param {string[]} landings where answers and signed-out browsers may go
 */
export async function startProvider(landings) {
  const jwk = { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
  const server = createServer(await certificate());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const url = `https://127.0.0.1:${server.address().port}`;
  const log = /** @type {string[]} */ ([]);
  const settings = { tokenSeconds: 3600 };

  const provider = new Provider(url, {
    clients: [{ client_id: CLIENT, token_endpoint_auth_method: 'none', redirect_uris: landings, grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] }],
    jwks: { keys: [jwk] },
    cookies: { keys: [randomUUID()] },
    routes: { authorization: '/oauth2/authorize', token: '/oauth2/token', revocation: '/oauth2/revoke' },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true, allowedPolicy: async (_context, client, token) => token.clientId === client.clientId }, rpInitiatedLogout: { enabled: false }, userinfo: { enabled: false } },
    pkce: { required: () => true },
    claims: { openid: ['sub', 'jti'], email: ['email'] },
    conformIdTokenClaims: false,
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    clientBasedCORS: () => true,
    ttl: { Interaction: 600, Session: 3600, Grant: 86_400, AuthorizationCode: 60, RefreshToken: 86_400, IdToken: () => settings.tokenSeconds, AccessToken: () => settings.tokenSeconds },
    interactions: { url: (_context, { uid }) => `/login/${uid}` },
    // As Cognito's: two tokens of one second are not alike.
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, jti: randomUUID(), email: USER.email }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  provider.on('grant.success', ({ oidc }) => log.push(oidc.params.grant_type));
  provider.on('grant.error', ({ oidc }, error) => log.push(`${oidc.params?.grant_type}: ${error.error_description}`));

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async function login(request, response) {
    if (request.method === 'GET') {
      await provider.interactionDetails(request, response);
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(loginPage(request.url ?? ''));
    }
    const form = await readForm(request);
    if (form.get('do') === 'cancel') return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'cancelled' });
    if (form.get('email') !== USER.email || form.get('password') !== USER.password) {
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(loginPage(request.url ?? '', 'Wrong email or password'));
    }
    return provider.interactionFinished(request, response, { login: { accountId: ACCOUNT } });
  }

  /** @param {URL} asked @param {import('node:http').ServerResponse} response */
  function logout({ searchParams }, response) {
    const landing = searchParams.get('logout_uri') ?? '';
    if (searchParams.get('client_id') !== CLIENT || !landings.includes(landing)) return void response.writeHead(400).end('No such sign-out');
    log.push('logout');
    const cookies = ['_session', '_session.sig', '_session.legacy', '_session.legacy.sig'].map((name) => `${name}=; Path=/; Max-Age=0`);
    return void response.writeHead(302, { 'Set-Cookie': cookies, Location: landing }).end();
  }

  const answer = provider.callback();
  server.on('request', (request, response) => {
    const asked = new URL(request.url ?? '/', url);
    if (asked.pathname === '/oauth2/revoke') response.on('finish', () => log.push(`revoke: ${response.statusCode}`));
    if (asked.pathname === '/logout') return logout(asked, response);
    if (!asked.pathname.startsWith('/login/')) return answer(request, response);
    return login(request, response).catch((error) => void response.writeHead(400).end(String(error)));
  });

  return {
    url,
    keys: { keys: [{ kty: jwk.kty, n: jwk.n, e: jwk.e, kid: jwk.kid, alg: jwk.alg, use: jwk.use }] },
    /** What the token endpoint was asked for, and sign-outs. */
    log,
    settings,
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve(undefined));
    }),
  };
}
