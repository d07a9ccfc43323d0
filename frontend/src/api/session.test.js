import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSession } from './session.js';
import { SignInError } from './sign-in-error.js';

const HOME = 'https://page.example/';
const PENDING = { state: 'st', nonce: 'no', verifier: 'v', returnTo: `${HOME}data?region=North` };

/** @param {string} name @param {number} [seconds] */
const tokensNamed = (name, seconds = 3600) => ({ idToken: name, refreshToken: `${name}-refresh`, expiresAt: Date.now() + seconds * 1000, who: 'ada@example.com' });

/** Tabs of one browser: what one posts, the others hear. */
function makeBrowser() {
  /** @type {import('./session.js').Channel[]} */
  const channels = [];
  return () => {
    const channel = /** @type {import('./session.js').Channel} */ ({
      onmessage: null,
      postMessage: (data) => channels.filter((one) => one !== channel).forEach((one) => one.onmessage?.(/** @type {MessageEvent} */ ({ data }))),
    });
    channels.push(channel);
    return channel;
  };
}

/** @param {{ href?: string, stored?: Record<string, unknown>, settingsUrl?: string | undefined, channel?: import('./session.js').Channel | null }} [start] */
function makeTab({ href = HOME, stored = {}, channel = null, ...rest } = {}) {
  const kept = new Map(Object.entries(stored).map(([key, value]) => [`revops.${key}`, JSON.stringify(value)]));
  vi.stubGlobal('sessionStorage', {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  });
  const place = { at: href, href: () => place.at, go: vi.fn(), show: vi.fn((/** @type {string} */ url) => { place.at = new URL(url, place.at).href; }) };
  const signIn = {
    readSettings: vi.fn(async () => ({ issuer: 'i', client_id: 'page', login_url: 'https://login.example', scope: 'openid' })),
    begin: vi.fn(async (/** @type {unknown} */ _settings, /** @type {{ returnTo: string }} */ { returnTo }) => ({ url: 'https://login.example/authorize', pending: { ...PENDING, returnTo } })),
    finish: vi.fn(async () => tokensNamed('first')),
    renew: vi.fn(async () => tokensNamed('second')),
    revoke: vi.fn(() => true),
    signOutUrl: vi.fn(() => 'https://login.example/logout'),
  };
  const settingsUrl = 'settingsUrl' in rest ? rest.settingsUrl : '/sign-in.json';
  const session = createSession({ settingsUrl, place, channel, load: async () => /** @type {any} */ (signIn) });
  return { session, place, signIn, kept };
}

/** @param {ReturnType<typeof makeTab>} tab */
const problemOf = ({ session }) => {
  const state = session.state();
  return state.phase === 'closed' ? state.error.problem : state.phase;
};

afterEach(() => vi.unstubAllGlobals());

describe('where nobody signs in', () => {
  it('is open, gives no token and touches nothing', async () => {
    const { session, place, signIn } = makeTab({ settingsUrl: undefined, href: `${HOME}?code=a&state=b` });
    await session.begin();
    expect(session.state()).toEqual({ phase: 'open', who: null });
    expect(await session.token()).toBeNull();
    expect(place.show).not.toHaveBeenCalled();
    expect(signIn.readSettings).not.toHaveBeenCalled();
  });
});

describe('signing in', () => {
  it('goes to the sign-in and keeps what was asked for', async () => {
    const { session, place, signIn, kept } = makeTab({ href: `${HOME}data?region=North` });
    await session.begin();
    expect(signIn.begin).toHaveBeenCalledWith(expect.anything(), { landing: HOME, returnTo: `${HOME}data?region=North` });
    expect(place.go).toHaveBeenCalledWith('https://login.example/authorize');
    expect(JSON.parse(kept.get('revops.sign-in') ?? '')).toEqual(PENDING);
    expect(session.state().phase).toBe('starting');
  });

  it('takes the answer once, and shows what was asked for', async () => {
    const tab = makeTab({ href: `${HOME}?code=c&state=st`, stored: { 'sign-in': PENDING } });
    await tab.session.begin();
    expect(tab.session.state()).toEqual({ phase: 'open', who: 'ada@example.com' });
    expect(tab.place.at).toBe(PENDING.returnTo);
    expect(tab.kept.has('revops.sign-in')).toBe(false);
    expect(await tab.session.token()).toBe('first');
  });

  it.each(/** @type {const} */ ([['cancelled', PENDING], ['unknown_state', null]]))('says %s, without the answer in the address', async (problem, pending) => {
    const tab = makeTab({ href: `${HOME}?error=access_denied&state=st`, stored: pending ? { 'sign-in': pending } : {} });
    tab.signIn.finish.mockRejectedValue(new SignInError('cancelled'));
    await tab.session.begin();
    expect(problemOf(tab)).toBe(problem);
    expect(tab.place.at).toBe(pending ? pending.returnTo : HOME);
    expect(tab.place.go).not.toHaveBeenCalled();
  });

  it('is not led astray by an answer that nobody asked for', async () => {
    const tab = makeTab({ href: `${HOME}?code=evil&state=evil`, stored: { session: tokensNamed('held') } });
    await tab.session.begin();
    expect(await tab.session.token()).toBe('held');
    expect(tab.place.at).toBe(HOME);
    expect(tab.signIn.finish).not.toHaveBeenCalled();
  });

  it('leaves addresses of the page alone that look a little like one', async () => {
    const tab = makeTab({ href: `${HOME}data?code=c&state=st`, stored: { session: tokensNamed('held') } });
    await tab.session.begin();
    expect(tab.place.show).not.toHaveBeenCalled();
  });

  it('says so when the browser keeps nothing', async () => {
    const tab = makeTab();
    vi.stubGlobal('sessionStorage', { getItem: () => null, removeItem: () => {}, setItem: () => { throw new DOMException('full', 'QuotaExceededError'); } });
    await tab.session.begin();
    expect(problemOf(tab)).toBe('storage');
    expect(tab.place.go).not.toHaveBeenCalled();
  });
});

describe('tokens', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 27), toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('are renewed a minute before their end, once for all who ask', async () => {
    const { session, signIn, kept } = makeTab({ stored: { session: tokensNamed('first') } });
    vi.advanceTimersByTime(3539_000);
    expect(await session.token()).toBe('first');
    vi.advanceTimersByTime(1000);
    expect(await Promise.all([session.token(), session.token(), session.renewed('first')])).toEqual(['second', 'second', 'second']);
    expect(signIn.renew).toHaveBeenCalledTimes(1);
    expect(signIn.renew).toHaveBeenCalledWith(expect.anything(), 'first-refresh');
    expect(JSON.parse(kept.get('revops.session') ?? '')).toMatchObject({ idToken: 'second', refreshToken: 'second-refresh' });
  });

  it('are not renewed for a refusal of older ones', async () => {
    const { session, signIn } = makeTab({ stored: { session: tokensNamed('first') } });
    expect(await session.renewed('first')).toBe('second');
    expect(await session.renewed('first')).toBe('second');
    expect(signIn.renew).toHaveBeenCalledTimes(1);
  });

  it('hold to their end while the sign-in cannot be reached, and the session longer', async () => {
    const tab = makeTab({ stored: { session: tokensNamed('first') } });
    tab.signIn.renew.mockRejectedValue(new SignInError('unreachable'));
    vi.advanceTimersByTime(3599_000);
    expect(await tab.session.token()).toBe('first');
    vi.advanceTimersByTime(1000);
    await expect(tab.session.token()).rejects.toMatchObject({ problem: 'unreachable' });
    expect(problemOf(tab)).toBe('open');
    tab.signIn.renew.mockResolvedValue(tokensNamed('second'));
    expect(await tab.session.token()).toBe('second');
  });

  it.each(/** @type {const} */ ([['expired', 'ended'], ['clock', 'clock'], ['set_up', 'set_up']]))('that cannot be renewed (%s) end the session: %s', async (problem, said) => {
    const tab = makeTab({ stored: { session: tokensNamed('first', 30) } });
    tab.signIn.renew.mockRejectedValue(new SignInError(problem));
    vi.advanceTimersByTime(30_000);
    await expect(tab.session.token()).rejects.toMatchObject({ problem });
    expect(problemOf(tab)).toBe(said);
    expect(tab.kept.size).toBe(0);
    await expect(tab.session.token()).rejects.toBeInstanceOf(SignInError);
  });
});

describe('signing out', () => {
  it('forgets, tells the other tabs, and leads to where the sign-in forgets too', async () => {
    const open = makeBrowser();
    const other = makeTab({ stored: { session: tokensNamed('other') }, channel: open() });
    const tab = makeTab({ stored: { session: tokensNamed('first') }, channel: open() });
    const left = tab.session.signOut();
    expect(problemOf(tab)).toBe('signed_out');
    expect(problemOf(other)).toBe('signed_out');
    await left;
    expect(tab.kept.has('revops.session')).toBe(false);
    expect(tab.signIn.revoke).toHaveBeenCalledWith(expect.anything(), 'first-refresh');
    expect(tab.place.go).toHaveBeenCalledWith('https://login.example/logout');
  });

  it('is not followed by signing in by itself', async () => {
    const tab = makeTab({ stored: { 'signed-out': true } });
    await tab.session.begin();
    expect(problemOf(tab)).toBe('signed_out');
    await tab.session.signIn();
    expect(tab.place.go).toHaveBeenCalledWith('https://login.example/authorize');
    expect(tab.kept.has('revops.signed-out')).toBe(false);
  });

  it('wins against a renewal that is on its way', async () => {
    const tab = makeTab({ stored: { session: tokensNamed('first') } });
    const renewal = tab.session.renewed('first');
    void tab.session.signOut();
    await expect(renewal).rejects.toMatchObject({ problem: 'signed_out' });
    expect(problemOf(tab)).toBe('signed_out');
    expect(tab.kept.has('revops.session')).toBe(false);
  });

  it('says so when the sign-in does not hear of it', async () => {
    const tab = makeTab({ stored: { session: tokensNamed('first') } });
    tab.signIn.readSettings.mockRejectedValue(new SignInError('unreachable'));
    await tab.session.signOut();
    expect(problemOf(tab)).toBe('signed_out_here');
  });
});
