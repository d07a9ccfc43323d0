/**
 * The sign-in of an AWS deployment: authorization code with PKCE (RFC 7636, S256), state and nonce. What has to be checked in an
 * answer – state, issuer, audience, nonce, instants – is checked by oauth4webapi; docs/adr/0012 says why by it. Loaded only
 * when somebody signs in or out, or when tokens are renewed.
 */
import * as oauth from 'oauth4webapi';
import { SignInError } from './sign-in-error.js';

/**
 * @typedef {{ issuer: string, client_id: string, login_url: string, scope: string }} Settings as /sign-in.json has them
 * @typedef {{ state: string, nonce: string, verifier: string, returnTo: string }} Pending a sign-in that waits for its answer
 * @typedef {{ idToken: string, refreshToken: string | null, expiresAt: number, who: string }} Tokens `expiresAt` by this device's clock
 */

const TIMEOUT_MS = 15_000;

/** What clocks of devices may differ from the sign-in's. */
const CLOCK_TOLERANCE_SECONDS = 300;

/** @type {Record<string, import('./sign-in-error.js').SignInProblem>} OAuth's own codes; all others need whoever runs the dashboard */
const PROBLEMS = { access_denied: 'cancelled', invalid_grant: 'expired', server_error: 'unreachable', temporarily_unavailable: 'unreachable' };

/** @param {unknown} error */
function asSignInError(error) {
  if (error instanceof SignInError) return error;
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const detail = [error.error, error.error_description].filter(Boolean).join(': ');
    return new SignInError(PROBLEMS[error.error] ?? 'set_up', detail);
  }
  if (error instanceof oauth.OperationProcessingError) {
    return new SignInError(error.code === oauth.JWT_TIMESTAMP_CHECK ? 'clock' : 'set_up', error.message);
  }
  const { message } = /** @type {Error} */ (error);
  return new SignInError('unreachable', message);
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    throw asSignInError(error);
  }
}

/** @param {Settings} settings */
const serverOf = ({ issuer, login_url: url }) =>
  ({ issuer, authorization_endpoint: `${url}/oauth2/authorize`, token_endpoint: `${url}/oauth2/token` });

/** @param {Settings} settings */
const clientOf = ({ client_id: id }) => ({ client_id: id, [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS });

const inTime = () => ({ signal: AbortSignal.timeout(TIMEOUT_MS) });

/** @param {string} url @returns {Promise<Settings>} */
export const readSettings = (url) =>
  attempt(async () => {
    const response = await fetch(url, inTime());
    if (!response.ok) throw new SignInError('set_up', `${url} answered ${response.status}`);
    const settings = await response.json().catch(() => ({}));
    for (const key of ['issuer', 'client_id', 'login_url', 'scope']) {
      if (typeof settings[key] !== 'string') throw new SignInError('set_up', `${url} has no ${key}`);
    }
    return settings;
  });

/**
 * @param {Settings} settings
 * @param {{ landing: string, returnTo: string }} way `landing`: where the answer comes to, one of the client's callback URLs
 * @returns {Promise<{ url: string, pending: Pending }>} where to go, and what to keep until the answer is there
 */
export const begin = (settings, { landing, returnTo }) =>
  attempt(async () => {
    const pending = { state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), verifier: oauth.generateRandomCodeVerifier(), returnTo };
    const question = new URLSearchParams({
      response_type: 'code', client_id: settings.client_id, redirect_uri: landing, scope: settings.scope, state: pending.state, nonce: pending.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier), code_challenge_method: 'S256',
    });
    return { url: `${serverOf(settings).authorization_endpoint}?${question}`, pending };
  });

/** @param {oauth.TokenEndpointResponse} answer @param {string | null} held @returns {Tokens} */
function tokensOf(answer, held) {
  const claims = oauth.getValidatedIdTokenClaims(answer);
  if (answer.id_token === undefined || claims === undefined) throw new SignInError('set_up', 'no ID token');
  const lifetime = answer.expires_in ?? claims.exp - claims.iat;
  const who = typeof claims.email === 'string' ? claims.email : claims.sub;
  return { idToken: answer.id_token, refreshToken: answer.refresh_token ?? held, expiresAt: Date.now() + lifetime * 1000, who };
}

/**
 * @param {Settings} settings
 * @param {{ pending: Pending, landing: string, answer: URLSearchParams }} way `answer`: the query that the sign-in came back with
 */
export const finish = (settings, { pending, landing, answer }) =>
  attempt(async () => {
    if (answer.get('state') !== pending.state) throw new SignInError('unknown_state');
    const [server, client] = [serverOf(settings), clientOf(settings)];
    const params = oauth.validateAuthResponse(server, client, answer, pending.state);
    const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), params, landing, pending.verifier, inTime());
    return tokensOf(await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: pending.nonce, requireIdToken: true }), null);
  });

/** New tokens for a refresh token, which may be replaced by it. @param {Settings} settings @param {string} refreshToken */
export const renew = (settings, refreshToken) =>
  attempt(async () => {
    const [server, client] = [serverOf(settings), clientOf(settings)];
    const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, inTime());
    return tokensOf(await oauth.processRefreshTokenResponse(server, client, response), refreshToken);
  });

/** Takes the refresh token back. A beacon arrives also when the page is left at once. @param {Settings} settings @param {string} refreshToken */
export const revoke = ({ login_url: url, client_id: id }, refreshToken) =>
  navigator.sendBeacon(`${url}/oauth2/revoke`, new URLSearchParams({ token: refreshToken, client_id: id }));

/** Where the sign-in forgets the user too. @param {Settings} settings @param {string} landing one of the client's logout URLs */
export const signOutUrl = ({ login_url: url, client_id: id }, landing) => `${url}/logout?${new URLSearchParams({ client_id: id, logout_uri: landing })}`;
