import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';

/** The path of the page that was shown before, so that only a navigation moves the focus and a first load does not. */
let lastPath = /** @type {string | null} */ (null);

/**
 * A page: its title in the window and in <h1>, which takes the focus after a navigation.
 * @param {{ title: string, headline?: string | null, aside?: React.ReactNode, children: React.ReactNode }} props
 */
export function Page({ title, headline = null, aside, children }) {
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const [path] = useLocation();
  useEffect(() => {
    document.title = [headline, title, 'RevOps'].filter(Boolean).join(' · ');
  }, [headline, title]);
  useEffect(() => {
    if (lastPath !== null && lastPath !== path) {
      window.scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    lastPath = path;
  }, [path]);
  return (
    <main id="main" className="page">
      <header className="page-head">
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        {aside && <p className="page-aside">{aside}</p>}
      </header>
      {children}
    </main>
  );
}
