import { Link, useLocation } from 'wouter';
import { Button } from '../ui/Button.jsx';
import { Icon } from '../ui/Icon.jsx';
import { AccountMenu } from './AccountMenu.jsx';
import { useRootChoice } from './use-root-choice.js';
import './AppBar.css';

const PAGES = /** @type {const} */ ([
  ['/', 'Overview', 'overview'],
  ['/data', 'Data', 'data'],
]);

const THEMES = /** @type {const} */ (['system', 'light', 'dark']);
const DENSITIES = /** @type {const} */ (['comfortable', 'compact']);

const THEME_WORDS = { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' };
const DENSITY_WORDS = { comfortable: 'Rows: comfortable', compact: 'Rows: compact' };
const THEME_ICONS = /** @type {const} */ ({ system: 'system', light: 'sun', dark: 'moon' });
const DENSITY_ICONS = /** @type {const} */ ({ comfortable: 'rows', compact: 'dense' });

/** @param {{ search: string }} props the filters go along to the other page */
function Nav({ search }) {
  const [path] = useLocation();
  return (
    <nav className="nav" aria-label="Pages">
      {PAGES.map(([href, title, icon]) => (
        <Link key={href} href={href + search} className="nav-link" aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}>
          <Icon name={icon} />
          {title}
        </Link>
      ))}
    </nav>
  );
}

/**
 * @param {{ search: string, stamp: React.ReactNode, refresh: React.ReactNode, onHelp: () => void }} props
 */
export function AppBar({ search, stamp, refresh, onHelp }) {
  const theme = useRootChoice('theme', THEMES);
  const density = useRootChoice('density', DENSITIES);
  return (
    <header className="bar">
      <div className="bar-line">
        <Link href={`/${search}`} className="brand" aria-label="RevOps, to the overview">
          <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="7" />
            <path d="M7 25v-8h4.5v8zM13.75 25V12h4.5v13zM20.5 25V7H25v18z" />
          </svg>
          <span className="brand-name">RevOps</span>
        </Link>
        <Nav search={search} />
        <div className="bar-tools">
          <span className="bar-stamp">{stamp}</span>
          {refresh}
          <Button look="icon" className="bar-keys" onClick={onHelp} aria-label="Keyboard shortcuts" title="Keyboard shortcuts ( ? )">
            <Icon name="keyboard" />
          </Button>
          <Button look="icon" className="bar-density" onClick={density.next} aria-label={DENSITY_WORDS[density.value]} title={DENSITY_WORDS[density.value]}>
            <Icon name={DENSITY_ICONS[density.value]} />
          </Button>
          <Button look="icon" onClick={theme.next} aria-label={THEME_WORDS[theme.value]} title={THEME_WORDS[theme.value]}>
            <Icon name={THEME_ICONS[theme.value]} />
          </Button>
          <AccountMenu />
        </div>
      </div>
    </header>
  );
}
