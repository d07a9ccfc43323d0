import { session } from '../api/session.js';
import { Button } from '../ui/Button.jsx';
import { Icon } from '../ui/Icon.jsx';
import { Popover } from '../ui/Popover.jsx';
import { useSession } from './use-session.js';
import './AccountMenu.css';

/** Who is signed in, and the way out; nothing where nobody signs in. */
export function AccountMenu() {
  const state = useSession();
  if (state.phase !== 'open' || state.who === null) return null;
  const label = `Signed in as ${state.who}`;
  return (
    <Popover
      label="Account"
      className="account"
      button={(attributes) => (
        <button type="button" className="button button-icon bar-account" aria-label={label} title={label} {...attributes}>
          <Icon name="person" />
        </button>
      )}
    >
      <p className="account-who">Signed in as <strong>{state.who}</strong></p>
      <Button onClick={session.signOut}>Sign out</Button>
    </Popover>
  );
}
