import { useEffect, useRef } from 'react';
import { session } from '../api/session.js';
import { Button } from '../ui/Button.jsx';
import './SignInPage.css';

/** What has happened, and what to do. @type {Record<import('../api/sign-in-error.js').SignInProblem, [string, string]>} */
const WORDS = {
  signed_out: ['You are signed out', 'Sign in to see the numbers again.'],
  signed_out_here: [
    'You are signed out of this page',
    'The sign-in could not be reached and may still know you: whoever uses this browser next can come back without a password. Close it, or sign in and out again.',
  ],
  ended: ['Your session has ended', 'Sign in again to go on where you were.'],
  not_accepted: ['Your sign-in was not accepted', 'The data is not given to it. Sign in again; if that does not help, tell whoever runs this dashboard.'],
  cancelled: ['Sign-in was cancelled', 'Nobody is signed in.'],
  unknown_state: ['This sign-in was not started here', 'It belongs to another tab, or to a link that somebody else made. Start a new one.'],
  expired: ['This sign-in took too long', 'Its answer is good for a few minutes, and once.'],
  clock: ['The clock of this device is wrong', 'It is more than an hour ahead of the sign-in’s. Set date, time and time zone, then sign in again.'],
  unreachable: ['The sign-in cannot be reached', 'Look at the connection, then try again.'],
  storage: ['This browser keeps nothing for this page', 'Signing in needs its session storage. Allow site data for this address, then try again.'],
  set_up: ['The sign-in is not set up correctly', 'Only whoever runs this dashboard can change that; the details below say more.'],
};

/** @param {{ error: import('../api/sign-in-error.js').SignInError | null }} props null while it is on its way */
export function SignInPage({ error }) {
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const [title, text] = error ? WORDS[error.problem] : ['Signing in…', ''];
  useEffect(() => {
    document.title = `${title} · RevOps`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <main className="sign-in" aria-busy={error === null}>
      <h1 ref={heading} tabIndex={-1}>{title}</h1>
      {error && (
        <>
          <p>{text}</p>
          <Button look="primary" onClick={session.signIn}>Sign in</Button>
          {error.detail && (
            <details>
              <summary>Details</summary>
              <code>{error.detail}</code>
            </details>
          )}
        </>
      )}
    </main>
  );
}
