import './LevelTag.css';

const WORDS = { measured: 'Measured', history: 'From history', assumed: 'Assumed', not_available: 'Not available' };

/** How honest a figure is. @param {{ level: import('../api/types').Level }} props */
export function LevelTag({ level }) {
  return <span className={`level level-${level}`}>{WORDS[level] ?? level}</span>;
}
