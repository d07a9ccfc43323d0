import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { begin, finish, readSettings, renew, revoke, signOutUrl } from './sign-in.js';

const SETTINGS = { issuer: 'https://idp.example/pool', client_id: 'page', login_url: 'https://login.example', scope: 'openid email' };
const LANDING = 'https://page.example/';

/** @param {object} part */
const encoded = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');

const now = () => Math.floor(Date.now() / 1000);

/** An ID token; who signs it is the API's business. @param {object} [claims] */
const idToken = (claims) =>
  `${encoded({ alg: 'RS256' })}.${encoded({ iss: SETTINGS.issuer, aud: 'page', sub: 's-1', email: 'ada@example.com', iat: now(), exp: now() + 3600, ...claims })}.c2ln`;

/** @param {unknown} body @param {number} [status] */
const json = (body, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

/** @param {Response | Error} answer */
function answerWith(answer) {
  const fetch = vi.fn(async (/** @type {string | URL} */ _url, /** @type {RequestInit} */ _init) => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

/** @param {object} [claims] @param {object} [rest] */
const tokens = (claims, rest) => json({ access_token: 'at', token_type: 'Bearer', expires_in: 3600, refresh_token: 'rt', id_token: idToken(claims), ...rest });

afterEach(() => vi.unstubAllGlobals());

describe('the question to the sign-in', () => {
  it('asks for a code by PKCE, with a state and a nonce that nobody can guess', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => begin(SETTINGS, { landing: LANDING, returnTo: `${LANDING}data?region=North` })));
    const { searchParams: asked, origin, pathname } = new URL(first?.url ?? '');
    expect(origin + pathname).toBe('https://login.example/oauth2/authorize');
    expect(Object.fromEntries(asked)).toEqual({
      response_type: 'code', client_id: 'page', redirect_uri: LANDING, scope: 'openid email', code_challenge_method: 'S256',
      state: first?.pending.state, nonce: first?.pending.nonce,
      code_challenge: createHash('sha256').update(first?.pending.verifier ?? '').digest('base64url'),
    });
    expect(first?.pending.returnTo).toBe(`${LANDING}data?region=North`);
    for (const key of /** @type {const} */ (['state', 'nonce', 'verifier'])) {
      expect(first?.pending[key]).toMatch(/^[\w-]{43}$/);
      expect(first?.pending[key]).not.toBe(second?.pending[key]);
    }
  });
});

describe('the answer of the sign-in', () => {
  const pending = { state: 'st', nonce: 'no', verifier: 'v'.repeat(43), returnTo: LANDING };
  const take = (/** @type {string} */ query) => finish(SETTINGS, { pending, landing: LANDING, answer: new URLSearchParams(query) });

  it('is exchanged for tokens', async () => {
    const fetch = answerWith(tokens({ nonce: 'no' }));
    const before = Date.now();
    const taken = await take('code=c&state=st');
    expect(taken).toMatchObject({ refreshToken: 'rt', who: 'ada@example.com' });
    expect(taken.expiresAt - before).toBeGreaterThanOrEqual(3600_000);
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(String(url)).toBe('https://login.example/oauth2/token');
    expect(Object.fromEntries(/** @type {URLSearchParams} */ (init?.body))).toEqual({
      grant_type: 'authorization_code', code: 'c', redirect_uri: LANDING, code_verifier: pending.verifier, client_id: 'page',
    });
  });

  it.each(/** @type {[string, string, string][]} */ ([
    ['another state', 'code=c&state=other', 'unknown_state'],
    ['an error under another state', 'error=access_denied&state=other', 'unknown_state'],
    ['a cancelled sign-in', 'error=access_denied&state=st', 'cancelled'],
    ['a client that may not', 'error=unauthorized_client&error_description=no&state=st', 'set_up'],
  ]))('is not exchanged when it is %s', async (_what, query, problem) => {
    const fetch = answerWith(new Error('nobody asks'));
    await expect(take(query)).rejects.toMatchObject({ problem });
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each(/** @type {[string, () => Response | Error, string][]} */ ([
    ['another nonce', () => tokens({ nonce: 'other' }), 'set_up'],
    ['no nonce', () => tokens(), 'set_up'],
    ['another audience', () => tokens({ nonce: 'no', aud: 'other' }), 'set_up'],
    ['another issuer', () => tokens({ nonce: 'no', iss: 'https://evil.example' }), 'set_up'],
    ['an end that is past by this clock', () => tokens({ nonce: 'no', exp: now() - 301 }), 'clock'],
    ['no ID token', () => tokens({}, { id_token: undefined }), 'set_up'],
    ['a code that is spent', () => json({ error: 'invalid_grant' }, 400), 'expired'],
    ['a redirect that is not registered', () => json({ error: 'redirect_mismatch' }, 400), 'set_up'],
    ['no connection', () => new TypeError('Failed to fetch'), 'unreachable'],
    ['no answer in time', () => new DOMException('late', 'TimeoutError'), 'unreachable'],
  ]))('is refused with %s', async (_what, answer, problem) => {
    answerWith(answer());
    await expect(take('code=c&state=st')).rejects.toMatchObject({ name: 'SignInError', problem });
  });

  it('bears a clock that is a little ahead', async () => {
    answerWith(tokens({ nonce: 'no', exp: now() - 290 }));
    await expect(take('code=c&state=st')).resolves.toMatchObject({ who: 'ada@example.com' });
  });
});

describe('new tokens', () => {
  it('come for a refresh token, which stays or is replaced', async () => {
    const fetch = answerWith(tokens({}, { refresh_token: undefined }));
    expect(await renew(SETTINGS, 'held')).toMatchObject({ refreshToken: 'held' });
    expect(Object.fromEntries(/** @type {URLSearchParams} */ (fetch.mock.calls[0]?.[1].body))).toEqual({ grant_type: 'refresh_token', refresh_token: 'held', client_id: 'page' });
    answerWith(tokens());
    expect(await renew(SETTINGS, 'held')).toMatchObject({ refreshToken: 'rt' });
  });

  it('do not come for one that was taken back', async () => {
    answerWith(json({ error: 'invalid_grant', error_description: 'revoked' }, 400));
    await expect(renew(SETTINGS, 'held')).rejects.toMatchObject({ problem: 'expired', detail: 'invalid_grant: revoked' });
  });
});

describe('what the page is told', () => {
  it('is read, and refused when a part of it is missing', async () => {
    answerWith(json({ kind: 'cognito', ...SETTINGS }));
    expect(await readSettings('/sign-in.json')).toMatchObject(SETTINGS);
    for (const answer of [json({ ...SETTINGS, login_url: null }), new Response('<html>'), new Response('', { status: 403 })]) {
      answerWith(answer);
      await expect(readSettings('/sign-in.json')).rejects.toMatchObject({ problem: 'set_up' });
    }
  });
});

describe('signing out', () => {
  /** @type {import('vitest').Mock} */
  let sendBeacon;
  beforeEach(() => {
    sendBeacon = vi.fn(() => true);
    vi.stubGlobal('navigator', { sendBeacon });
  });

  it('takes the refresh token back and leads to where the sign-in forgets the user', () => {
    revoke(SETTINGS, 'rt');
    const [url, body] = sendBeacon.mock.calls[0] ?? [];
    expect([url, String(body)]).toEqual(['https://login.example/oauth2/revoke', 'token=rt&client_id=page']);
    expect(signOutUrl(SETTINGS, LANDING)).toBe('https://login.example/logout?client_id=page&logout_uri=https%3A%2F%2Fpage.example%2F');
  });
});
