import { Link } from 'wouter';
import { Empty } from '../ui/QueryState.jsx';
import { Page } from './Page.jsx';

/** @param {{ search: string }} props */
export function NotFoundPage({ search }) {
  return (
    <Page title="Page not found">
      <Empty title="There is nothing at this address" action={<Link href={`/${search}`}>Go to the overview</Link>} />
    </Page>
  );
}
