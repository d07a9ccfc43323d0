import './Icon.css';

const PATHS = {
  refresh: <path d="M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 1.8v3h-3" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  chevron: <path d="m4 6 4 4 4-4" />,
  help: <path d="M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.4 6.5a1.65 1.65 0 1 1 2.5 1.4c-.55.35-.9.65-.9 1.2M8 11.1v.1" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  play: <path d="M5 3.2v9.6L12.5 8Z" />,
  copy: <path d="M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2" />,
  check: <path d="m3.5 8.5 3 3 6-7" />,
  sun: <path d="M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.3v1.4M8 13.3v1.4M1.3 8h1.4M13.3 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1" />,
  moon: <path d="M13.3 9.6A5.6 5.6 0 0 1 6.4 2.7a5.6 5.6 0 1 0 6.9 6.9Z" />,
  system: <path d="M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3" />,
  overview: <path d="M2.5 13.5v-5h3v5zM6.5 13.5v-11h3v11zM10.5 13.5v-8h3v8z" />,
  data: <path d="M8 6.2c3 0 5.2-.9 5.2-2S11 2.2 8 2.2s-5.2.9-5.2 2 2.2 2 5.2 2ZM2.8 4.2v7.6c0 1.1 2.2 2 5.2 2s5.2-.9 5.2-2V4.2M2.8 8c0 1.1 2.2 2 5.2 2s5.2-.9 5.2-2" />,
  rows: <path d="M2.5 4h11M2.5 8h11M2.5 12h11" />,
  dense: <path d="M2.5 3.2h11M2.5 5.6h11M2.5 8h11M2.5 10.4h11M2.5 12.8h11" />,
  upload: <path d="M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.5 10.5v3h11v-3" />,
  file: <path d="M4 1.8h5l3.2 3.2v9.2H4zM9 1.8V5h3.2" />,
  arrowUp: <path d="M8 13V3.5M4.2 7.2 8 3.4l3.8 3.8" />,
  arrowDown: <path d="M8 3v9.5M4.2 8.8 8 12.6l3.8-3.8" />,
  alert: <path d="M8 2.3 14.3 13H1.7L8 2.3ZM8 6.5v3M8 11.2v.1" />,
  info: <path d="M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.3v3.5M8 5.1v.1" />,
  inbox: <path d="M2.5 9.5 4.3 3h7.4l1.8 6.5v3.5h-11zM2.5 9.5h3l1 1.8h3l1-1.8h3" />,
  person: <path d="M8 8.3a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8ZM2.6 14a5.5 5.5 0 0 1 10.8 0" />,
  keyboard: <path d="M1.8 4h12.4v8H1.8zM4.3 6.6h.1M6.8 6.6h.1M9.2 6.6h.1M11.7 6.6h.1M5 9.5h6" />,
};

const SOLID = {
  up: <path d="M6 2.2 11 10H1z" />,
  down: <path d="M6 9.8 1 2h10z" />,
};

/** @typedef {keyof typeof PATHS} IconName */

/** A picture beside a text or inside a named control; never the only carrier of a meaning. @param {{ name: IconName }} props */
export function Icon({ name }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {PATHS[name]}
    </svg>
  );
}

/** The arrow of a change. @param {{ direction: 'up' | 'down' }} props */
export function Arrow({ direction }) {
  return (
    <svg className="arrow" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      {SOLID[direction]}
    </svg>
  );
}
