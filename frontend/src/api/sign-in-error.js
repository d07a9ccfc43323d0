/**
 * Why nobody is signed in, or not any more:
 *
 * - `signed_out`: somebody has signed out; `signed_out_here`: in this browser alone, the sign-in did not hear of it
 * - `ended`: the sign-in gives no new tokens; `not_accepted`: the API refuses tokens that were just given
 * - `cancelled`: by whoever signed in; `unknown_state`: an answer to a question that this tab did not ask
 * - `expired`: the answer came too late, or a second time; `clock`: this device is in another time
 * - `unreachable`: no connection; `storage`: this browser keeps nothing; `set_up`: no user can change it
 *
 * @typedef {'signed_out' | 'signed_out_here' | 'ended' | 'not_accepted' | 'cancelled' | 'unknown_state' | 'expired' | 'clock'
 *   | 'unreachable' | 'storage' | 'set_up'} SignInProblem
 */

/** The one error of the sign-in. `detail` is for whoever runs the dashboard. */
export class SignInError extends Error {
  /** @param {SignInProblem} problem @param {string} [detail] */
  constructor(problem, detail = '') {
    super(detail || problem);
    this.name = 'SignInError';
    this.problem = problem;
    this.detail = detail;
  }
}
