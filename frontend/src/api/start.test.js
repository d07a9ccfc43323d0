import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyFilter, parseUrl } from '../lib/url-state.js';
import { summaryPath } from './summary.js';

/** public/start.js runs before any module, so it has its own way to the paths that the page asks for. */

const source = readFileSync(new URL('../../public/start.js', import.meta.url), 'utf8');

/**
 * What the script does in a page at that address.
 * @param {string} pathname @param {string} search @param {Record<string, string>} [stored] @param {{ api?: string, signIn?: string }} [given]
 */
function start(pathname, search, stored = {}, { api = '', signIn = '' } = {}) {
  const storage = { getItem: (/** @type {string} */ key) => stored[key] ?? null };
  const window = /** @type {{ revopsStarted?: Record<string, Promise<unknown>>, revopsSignIn?: string } & Record<string, unknown>} */ (
    { localStorage: storage, sessionStorage: storage });
  const dataset = /** @type {Record<string, string>} */ ({});
  /** @type {string[]} */
  const asked = [];
  const tokens = /** @type {(string | undefined)[]} */ ([]);
  const document = { documentElement: { dataset }, currentScript: { dataset: { api, signIn } } };
  const fetch = (/** @type {string} */ url, /** @type {{ headers: Record<string, string> }} */ { headers }) => {
    asked.push(url);
    tokens.push(headers.Authorization);
    return Promise.reject(new TypeError('nobody takes this answer'));
  };
  new Function('window', 'document', 'location', 'fetch', source)(window, document, { pathname, search }, fetch);
  return { asked, tokens, dataset, started: Object.keys(window.revopsStarted ?? {}), signIn: window.revopsSignIn };
}

const searches = fc.array(fc.tuple(fc.constantFrom(...Object.keys(emptyFilter()), 'asof', 'sort', 'compare'), fc.constantFrom('', 'North', 'a&b=c', 'Ünï ço+de', '%41')), { maxLength: 8 });

describe('the script that runs first', () => {
  it('asks for the summary by the path of the page', () => {
    fc.assert(fc.property(searches, (pairs) => {
      const search = `?${new URLSearchParams(pairs)}`;
      const { filter, asof } = parseUrl(search);
      expect(start('/data', search).asked).toEqual(['/api/metrics', summaryPath({ filter, asOf: asof })]);
    }));
  });

  it('asks for the live rows where they are shown, and for nothing elsewhere', () => {
    expect(start('/', '').started).toEqual(['/api/metrics', '/api/summary', '/api/sales/last-month?limit=1000']);
    expect(start('/gallery', '').asked).toEqual([]);
  });

  it('asks an API elsewhere', () => {
    const { asked, started } = start('/data', '', {}, { api: 'https://api.example.com/' });
    expect(asked[1]).toBe('https://api.example.com/api/summary');
    expect(started[1]).toBe('/api/summary');
  });

  it('asks with the token of whoever is signed in, and for nothing without one that holds', () => {
    const signIn = '/sign-in.json';
    const held = (/** @type {number} */ seconds) => ({ 'revops.session': JSON.stringify({ idToken: 'a.b.c', expiresAt: Date.now() + seconds * 1000 }) });
    expect(start('/data', '', held(600), { signIn })).toMatchObject({ tokens: ['a.b.c', 'a.b.c'], signIn });
    expect(start('/data', '', held(30), { signIn }).asked).toEqual([]);
    expect(start('/data', '', {}, { signIn }).asked).toEqual([]);
    expect(start('/data', '', held(600))).toMatchObject({ tokens: [undefined, undefined], signIn: undefined });
  });

  it('applies what was chosen, and nothing else', () => {
    expect(start('/', '', { 'revops.theme': '"dark"', 'revops.density': '"compact"' }).dataset).toEqual({ theme: 'dark', density: 'compact' });
    expect(start('/', '', { 'revops.theme': '"system"', 'revops.density': '"huge"' }).dataset).toEqual({});
    expect(start('/', '', { 'revops.theme': 'no JSON' }).dataset).toEqual({});
  });
});
