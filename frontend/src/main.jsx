import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import './index.css';
import App from './App.jsx';
import { session } from './api/session.js';
import { ErrorBoundary } from './app/ErrorBoundary.jsx';
import { SignInGate } from './app/SignInGate.jsx';

void session.begin();
const root = document.getElementById('root');
// A transition is rendered in short slices, so that even a slow phone answers in between.
if (root) startTransition(() => createRoot(root).render(
  <StrictMode><ErrorBoundary><SignInGate><App /></SignInGate></ErrorBoundary></StrictMode>,
));
