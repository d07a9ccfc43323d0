import { lazy, Suspense } from 'react';
import { useSession } from './use-session.js';

const SignInPage = lazy(() => import('./SignInPage.jsx').then(({ SignInPage: page }) => ({ default: page })));

/** The page, or what stands in its place while nobody is signed in. What was read is forgotten with it. @param {{ children: React.ReactNode }} props */
export function SignInGate({ children }) {
  const session = useSession();
  if (session.phase === 'open') return children;
  return <Suspense><SignInPage error={session.phase === 'closed' ? session.error : null} /></Suspense>;
}
