import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, request, shouldRetry } from './client.js';
import { fetchPipeline } from './pipeline.js';
import { startRefresh } from './refresh.js';
import { session } from './session.js';
import { SignInError } from './sign-in-error.js';
import { parseUrl } from '../lib/url-state.js';

/** @param {Response | Error} answer */
function answerWith(answer) {
  const fetch = vi.fn(async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

describe('the client', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('passes errors of the API on with their request id', async () => {
    const body = { error: { code: 'unavailable', message: 'Busy.', request_id: 'r-1', retryable: true } };
    answerWith(new Response(JSON.stringify(body), { status: 503, headers: { 'Retry-After': '2' } }));
    await expect(request('/api/summary')).rejects.toMatchObject({ status: 503, code: 'unavailable', message: 'Busy.', requestId: 'r-1', retryAfter: 2 });
  });

  it.each([
    [new Response('<h1>Bad gateway</h1>', { status: 502 }), { status: 502, code: 'unexpected', retryable: true }],
    [new Response('{"data":', { status: 200 }), { code: 'unexpected', retryable: true }],
    [new TypeError('Failed to fetch'), { status: 0, code: 'unreachable', retryable: true }],
  ])('makes something of every failure', async (answer, expected) => {
    answerWith(answer);
    await expect(request('/api/summary')).rejects.toMatchObject(expected);
  });

  it('lets a cancelled request be cancelled', async () => {
    answerWith(new DOMException('stopped', 'AbortError'));
    await expect(request('/api/summary')).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('takes an answer that was asked for before it came, once, and only for reading', async () => {
    vi.resetModules();
    vi.stubGlobal('revopsStarted', { '/api/summary': Promise.resolve(new Response('{"data":1}')), '/api/refresh': Promise.resolve(new Response('{}')) });
    const fetch = vi.fn(async () => new Response('{"data":2}'));
    vi.stubGlobal('fetch', fetch);
    const { request: ask } = await import('./client.js');
    expect(await ask('/api/summary')).toEqual({ data: 1 });
    expect(fetch).not.toHaveBeenCalled();
    expect(await ask('/api/summary')).toEqual({ data: 2 });
    expect(await ask('/api/refresh', { method: 'POST' })).toEqual({ data: 2 });
  });

  it('asks again only where that may help', () => {
    const busy = new ApiError({ status: 503, code: 'unavailable', message: '', retryable: true });
    expect(shouldRetry(0, busy)).toBe(true);
    expect(shouldRetry(2, busy)).toBe(false);
    for (const code of ['no_snapshot', 'budget_exhausted']) {
      expect(shouldRetry(0, new ApiError({ status: 503, code, message: '', retryable: true }))).toBe(false);
    }
    expect(shouldRetry(0, new ApiError({ status: 404, code: 'not_found', message: '' }))).toBe(false);
    expect(shouldRetry(0, new Error('bug'))).toBe(false);
  });

  it('writes filters and the snapshot into the question', async () => {
    const fetch = answerWith(new Response('{}'));
    const { filter } = parseUrl('?region=&not_product=Sage+HR');
    await fetchPipeline({ dimension: 'region', filter, asOf: 's1' });
    expect(fetch).toHaveBeenCalledWith('/api/pipeline/by-region?region=&not_product=Sage+HR&as_of=s1', expect.anything());
  });

  it('starts a refresh with the content type that the server asks for', async () => {
    const fetch = answerWith(new Response('{"data":{"id":"a"}}', { status: 202 }));
    expect(await startRefresh()).toEqual({ id: 'a' });
    expect(fetch).toHaveBeenCalledWith('/api/refresh', expect.objectContaining({
      method: 'POST', body: '{}', headers: expect.objectContaining({ 'Content-Type': 'application/json' }),
    }));
  });
});

describe('where people sign in', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** An API that takes one token alone. @param {string} good */
  function takeOnly(good) {
    const fetch = vi.fn(async (/** @type {string} */ _path, /** @type {{ headers: Record<string, string> }} */ { headers }) =>
      (headers.Authorization === good ? new Response('{"data":1}') : new Response('{"error":{"code":"unauthenticated","message":"Unauthorized"}}', { status: 401 })));
    vi.stubGlobal('fetch', fetch);
    vi.spyOn(session, 'token').mockResolvedValue('old');
    const renewed = vi.spyOn(session, 'renewed').mockResolvedValue('new');
    const refuse = vi.spyOn(session, 'refuse').mockReturnValue();
    return { fetch, renewed, refuse };
  }

  it('sends the token with everything', async () => {
    const { fetch, renewed } = takeOnly('old');
    expect(await startRefresh()).toBe(1);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(renewed).not.toHaveBeenCalled();
  });

  it('tries a new token once when one is refused', async () => {
    const { fetch, renewed, refuse } = takeOnly('new');
    expect(await startRefresh()).toBe(1);
    expect(renewed).toHaveBeenCalledWith('old');
    expect(fetch).toHaveBeenLastCalledWith('/api/refresh', expect.objectContaining({ method: 'POST', body: '{}' }));
    expect(refuse).not.toHaveBeenCalled();
  });

  it('gives up when the new one is refused too', async () => {
    const { fetch, refuse } = takeOnly('none');
    await expect(request('/api/summary')).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(fetch).toHaveBeenCalledTimes(2);
    expect(refuse).toHaveBeenCalledTimes(1);
  });

  it('asks nothing without a token', async () => {
    const { fetch } = takeOnly('old');
    vi.spyOn(session, 'token').mockRejectedValue(new SignInError('ended'));
    await expect(request('/api/summary')).rejects.toMatchObject({ status: 401, retryable: false });
    vi.spyOn(session, 'token').mockRejectedValue(new SignInError('unreachable'));
    await expect(request('/api/summary')).rejects.toMatchObject({ status: 0, retryable: true });
    expect(fetch).not.toHaveBeenCalled();
  });
});
