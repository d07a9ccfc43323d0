/** The one place that talks to the API. Every failure becomes an ApiError with what the page can say about it. */
import { session } from './session.js';
import { SignInError } from './sign-in-error.js';

const BASE = (import.meta.env.VITE_API_URL ?? '').replace(/\/+$/, '');

/** Answers that public/start.js asked for while this code was on its way. @type {Record<string, Promise<Response>>} */
const started = globalThis.revopsStarted ?? {};

/** A started answer is as fresh as the page and is taken once. @param {string} path @param {RequestInit} init */
function send(path, init) {
  const answer = started[path];
  if (answer === undefined || (init.method ?? 'GET') !== 'GET') return fetch(apiUrl(path), init);
  delete started[path];
  return answer;
}

export class ApiError extends Error {
  /**
   * @param {{ status: number, code: string, message: string, requestId?: string | null, retryable?: boolean, retryAfter?: number | null }} detail
   */
  constructor({ status, code, message, requestId = null, retryable = false, retryAfter = null }) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/** @param {string} path */
export const apiUrl = (path) => `${BASE}${path}`;

/** @param {Response} response */
async function errorFrom(response) {
  const retryAfter = Number(response.headers.get('Retry-After')) || null;
  const requestId = response.headers.get('X-Request-Id');
  try {
    const { error } = await response.json();
    return new ApiError({
      status: response.status, code: error.code, message: error.message,
      requestId: error.request_id ?? requestId, retryable: error.retryable === true, retryAfter,
    });
  } catch {
    return new ApiError({
      status: response.status, code: 'unexpected', message: `The server answered ${response.status}.`,
      requestId, retryable: response.status >= 500, retryAfter,
    });
  }
}

/** @param {RequestInit | undefined} init @param {string | null} token @returns {RequestInit} */
const prepared = (init, token) =>
  ({ ...init, headers: { Accept: 'application/json', ...init?.headers, ...(token === null ? {} : { Authorization: token }) } });

/** Where people sign in, with their token; once more with a new one if that is refused. @param {string} path @param {RequestInit} [init] */
async function sendSigned(path, init) {
  const token = await session.token();
  const response = await send(path, prepared(init, token));
  if (response.status !== 401 || token === null) return response;
  const second = await fetch(apiUrl(path), prepared(init, await session.renewed(token)));
  if (second.status === 401) session.refuse();
  return second;
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
export async function request(path, init) {
  let response;
  try {
    response = await sendSigned(path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    if (cause instanceof SignInError && cause.problem !== 'unreachable') {
      throw new ApiError({ status: 401, code: 'unauthenticated', message: 'Nobody is signed in.' });
    }
    throw new ApiError({ status: 0, code: 'unreachable', message: 'The server cannot be reached.', retryable: true });
  }
  if (!response.ok) throw await errorFrom(response);
  try {
    return await response.json();
  } catch {
    throw new ApiError({ status: response.status, code: 'unexpected', message: 'The answer was cut off or is not JSON.', retryable: true });
  }
}

/** What time or somebody has to change first: asking again at once does not help. */
const WAITS = new Set(['no_snapshot', 'budget_exhausted']);

/**
 * Whether TanStack Query asks again by itself: only where the server says that it may help.
 * @param {number} failures
 * @param {Error} error
 */
export const shouldRetry = (failures, error) => failures < 2 && error instanceof ApiError && error.retryable && !WAITS.has(error.code);
