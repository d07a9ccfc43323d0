import { useId } from 'react';
import './Panel.css';

/**
 * A card with a title, tools beside it and a sentence under it.
 *
 * @param {{
 *   title: React.ReactNode, badge?: React.ReactNode, aside?: React.ReactNode, note?: React.ReactNode, className?: string,
 *   id?: string, children: React.ReactNode,
 * }} props
 */
export function Panel({ title, badge, aside, note, className = '', id, children }) {
  const titleId = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={titleId} id={id}>
      <header className="panel-head">
        <h2 id={titleId}>{title}</h2>
        {badge && <div className="panel-badge">{badge}</div>}
        {aside && <div className="panel-aside">{aside}</div>}
      </header>
      {note && <p className="panel-note">{note}</p>}
      {children}
    </section>
  );
}
