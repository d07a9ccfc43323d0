import { Link, useSearch } from 'wouter';

/** To another page, with the filters of this one. @param {{ href: string, className?: string, children: React.ReactNode }} props */
export function PageLink({ href, ...rest }) {
  const search = useSearch();
  return <Link href={search ? `${href}?${search}` : href} {...rest} />;
}
