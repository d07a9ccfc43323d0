import { ApiError, apiUrl } from './client.js';
import { session } from './session.js';

/** @param {XMLHttpRequest} sent */
function failureOf(sent) {
  try {
    const { error } = JSON.parse(sent.responseText);
    return new ApiError({ status: sent.status, code: error.code, message: error.message, requestId: error.request_id ?? null });
  } catch {
    return new ApiError({ status: sent.status, code: 'unexpected', message: `The server answered ${sent.status}.` });
  }
}

/** @param {XMLHttpRequest} sent @returns {import('./types').Import} */
function importOf(sent) {
  if (sent.status < 200 || sent.status >= 300) throw failureOf(sent);
  return JSON.parse(sent.responseText).data;
}

/**
 * Hands a file over. By XMLHttpRequest: fetch does not tell how much was sent.
 * @param {File} file
 * @param {{ onProgress: (sent: number) => void, signal: AbortSignal }} options
 * @returns {Promise<import('./types').Import>}
 */
export async function uploadFile(file, { onProgress, signal }) {
  const token = await session.token();
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.open('POST', apiUrl(`/api/imports?${new URLSearchParams({ name: file.name })}`));
    sent.setRequestHeader('Content-Type', 'application/octet-stream');
    sent.setRequestHeader('Accept', 'application/json');
    if (token !== null) sent.setRequestHeader('Authorization', token);
    sent.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    sent.addEventListener('load', () => {
      try {
        resolve(importOf(sent));
      } catch (error) {
        reject(error);
      }
    });
    sent.addEventListener('error', () =>
      reject(new ApiError({ status: 0, code: 'unreachable', message: 'The connection broke before the whole file had arrived.', retryable: true })));
    sent.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
    signal.addEventListener('abort', () => sent.abort());
    sent.send(file);
  });
}
