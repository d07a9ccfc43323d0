import { useSyncExternalStore } from 'react';
import { session } from '../api/session.js';

/** Who is signed in, or why nobody is. */
export const useSession = () => useSyncExternalStore(session.subscribe, session.state);
