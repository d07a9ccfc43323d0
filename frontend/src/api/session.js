/**
 * Who is signed in, in deployments that have a sign-in; everywhere else the session is open to anybody and costs nothing.
 * public/start.js hears from index.html which it is. Tokens lie in this tab's sessionStorage, whose keys and reading it shares;
 * docs/adr/0012 says why there. They are renewed when a request needs them, so that no timer has to outlive a sleeping laptop.
 */
import { SignInError } from './sign-in-error.js';

/**
 * @typedef {import('./sign-in.js').Tokens} Tokens
 * @typedef {{ phase: 'open', who: string | null } | { phase: 'starting' } | { phase: 'closed', error: SignInError }} State `who` is null where nobody signs in
 * @typedef {{ href: () => string, go: (url: string) => void, show: (url: string) => void }} Place the address bar: `go` leaves the page, `show` does not
 * @typedef {{ postMessage: (message: string) => void, onmessage: ((event: MessageEvent) => void) | null }} Channel to the other tabs
 */

const TOKENS = 'revops.session';
const PENDING = 'revops.sign-in';
const OUT = 'revops.signed-out';

/** Tokens are renewed that long before their end. */
const EARLY_MS = 60_000;

/** @type {State} */
const ANYBODY = { phase: 'open', who: null };
/** @type {State} */
const STARTING = { phase: 'starting' };

/** Storage can be off: nothing is found then, and signing in says so. @param {string} key */
function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value */
function keep(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch (error) {
    throw new SignInError('storage', String(error));
  }
}

/** @param {string} key */
function drop(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

/** @param {unknown} error */
const asSignInError = (error) => (error instanceof SignInError ? error : new SignInError('unreachable', String(error)));

/**
 * @param {{ settingsUrl: string | undefined, place: Place, channel: Channel | null, load?: () => Promise<typeof import('./sign-in.js')> }} parts
 *   `settingsUrl` undefined: nobody signs in here
 */
export function createSession({ settingsUrl, place, channel, load = () => import('./sign-in.js') }) {
  let tokens = /** @type {Tokens | null} */ (settingsUrl === undefined ? null : read(TOKENS));
  let state = settingsUrl === undefined ? ANYBODY : tokens ? /** @type {State} */ ({ phase: 'open', who: tokens.who }) : STARTING;
  let renewal = /** @type {Promise<string> | null} */ (null);
  const listeners = /** @type {Set<() => void>} */ (new Set());
  const landing = () => new URL('/', place.href()).href;

  /** @param {State} next */
  function set(next) {
    state = next;
    for (const listener of listeners) listener();
  }

  /** @param {Tokens} next */
  function open(next) {
    keep(TOKENS, next);
    tokens = next;
    set({ phase: 'open', who: next.who });
  }

  /** @param {SignInError} error */
  function close(error) {
    tokens = null;
    drop(TOKENS);
    drop(PENDING);
    set({ phase: 'closed', error });
  }

  async function tools() {
    const signIn = await load();
    return { signIn, settings: await signIn.readSettings(/** @type {string} */ (settingsUrl)) };
  }

  /** Leaves the page for the sign-in, which comes back to the address that was asked for. */
  async function signIn() {
    set(STARTING);
    try {
      const { signIn: code, settings } = await tools();
      const { url, pending } = await code.begin(settings, { landing: landing(), returnTo: place.href() });
      keep(PENDING, pending);
      drop(OUT);
      place.go(url);
    } catch (error) {
      set({ phase: 'closed', error: asSignInError(error) });
    }
  }

  /** @param {URLSearchParams} answer */
  async function finish(answer) {
    const pending = read(PENDING);
    try {
      drop(PENDING); // A code is good for once.
      if (pending === null) throw new SignInError('unknown_state');
      const { signIn: code, settings } = await tools();
      const next = await code.finish(settings, { pending, landing: landing(), answer });
      place.show(pending.returnTo);
      open(next);
    } catch (error) {
      place.show(pending?.returnTo ?? '/');
      close(asSignInError(error));
    }
  }

  /** Before the first view: takes the sign-in's answer, or goes there where nobody is signed in. */
  async function begin() {
    if (settingsUrl === undefined) return;
    const { pathname, searchParams } = new URL(place.href());
    const isAnswer = pathname === '/' && searchParams.has('state') && (searchParams.has('code') || searchParams.has('error'));
    if (isAnswer && tokens === null) return finish(searchParams);
    if (isAnswer) place.show('/');
    if (tokens !== null) return;
    if (read(OUT)) close(new SignInError('signed_out'));
    else await signIn();
  }

  async function renewOnce() {
    const held = tokens;
    try {
      if (!held?.refreshToken) throw new SignInError('expired', 'no refresh token');
      const { signIn: code, settings } = await tools();
      const next = await code.renew(settings, held.refreshToken);
      if (tokens === null) throw new SignInError('signed_out'); // Meanwhile.
      open(next);
      return next.idToken;
    } catch (error) {
      const reason = asSignInError(error);
      if (tokens !== null && reason.problem !== 'unreachable') close(reason.problem === 'expired' ? new SignInError('ended', reason.detail) : reason);
      throw reason;
    }
  }

  /** All who need new tokens at a time get the same. */
  const renew = () => (renewal ??= renewOnce().finally(() => {
    renewal = null;
  }));

  /** What goes into Authorization; null where nobody signs in. @returns {Promise<string | null>} */
  async function token() {
    if (settingsUrl === undefined) return null;
    if (tokens === null) throw new SignInError('ended');
    const { idToken, expiresAt } = tokens;
    if (Date.now() < expiresAt - EARLY_MS) return idToken;
    return renew().catch((error) => {
      if (tokens !== null && Date.now() < expiresAt) return idToken;
      throw error;
    });
  }

  /** Another token than the one that the API did not take. @param {string} refused @returns {Promise<string>} */
  const renewed = async (refused) => (tokens !== null && tokens.idToken !== refused ? tokens.idToken : renew());

  /** Here, in the other tabs, and at the sign-in. */
  async function signOut() {
    const refreshToken = tokens?.refreshToken;
    leave();
    channel?.postMessage(OUT);
    try {
      const { signIn: code, settings } = await tools();
      if (refreshToken) code.revoke(settings, refreshToken);
      place.go(code.signOutUrl(settings, landing()));
    } catch (error) {
      close(new SignInError('signed_out_here', asSignInError(error).detail));
    }
  }

  function leave() {
    keep(OUT, true);
    close(new SignInError('signed_out'));
  }

  if (channel) channel.onmessage = ({ data }) => data === OUT && tokens !== null && leave();

  return {
    isNeeded: settingsUrl !== undefined,
    state: () => state,
    /** @param {() => void} listener */
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    begin, signIn, signOut, token, renewed,
    /** The API does not take even new tokens. */
    refuse: () => close(new SignInError('not_accepted')),
  };
}

const settingsUrl = globalThis.revopsSignIn;

export const session = createSession({
  settingsUrl,
  place: {
    href: () => location.href,
    go: (url) => location.replace(url), // Back then leads past the sign-in.
    show: (url) => history.replaceState(null, '', url),
  },
  channel: settingsUrl === undefined ? null : new BroadcastChannel('revops.session'),
});
