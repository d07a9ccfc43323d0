import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import './index.css';
import App from './App.jsx';

const root = document.getElementById('root');
// A transition is rendered in short slices, so that even a slow phone answers in between.
if (root) startTransition(() => createRoot(root).render(<StrictMode><App /></StrictMode>));
