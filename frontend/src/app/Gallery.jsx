import { Delta } from '../ui/Delta.jsx';
import { Button } from '../ui/Button.jsx';
import { LevelTag } from '../ui/LevelTag.jsx';
import { Notice } from '../ui/Notice.jsx';
import { Panel } from '../ui/Panel.jsx';
import { Empty, ErrorNote, QueryState } from '../ui/QueryState.jsx';
import { SkeletonRows } from '../ui/Skeleton.jsx';
import { Sparkline } from '../ui/Sparkline.jsx';
import { Page } from './Page.jsx';
import './pages.css';

const nothing = () => {};
const failure = Object.assign(new Error('The warehouse did not answer in time.'), { requestId: '01J8Z7' });
const LOADING = { data: undefined, error: null, refetch: nothing };
const FAILED = { data: undefined, error: failure, refetch: nothing };
const HELD = { data: 'Old numbers', error: failure, refetch: nothing };
const READY = { data: 'Numbers', error: null, refetch: nothing };

/** Every shared component in every state; only in development and tests. */
export function Gallery() {
  const skeleton = <SkeletonRows rows={3} height="36px" />;
  return (
    <Page title="Gallery">
      <div className="pair">
        <Panel title="Loading"><QueryState query={LOADING} what="rows" skeleton={skeleton}>{String}</QueryState></Panel>
        <Panel title="Error"><QueryState query={FAILED} what="rows" skeleton={skeleton}>{String}</QueryState></Panel>
        <Panel title="Error with old data">
          <QueryState query={HELD} what="rows" held="data from 14:58" skeleton={skeleton}>{(data) => <p>{String(data)}</p>}</QueryState>
        </Panel>
        <Panel title="Stale"><QueryState query={READY} what="rows" dimmed skeleton={skeleton}>{(data) => <p>{String(data)}</p>}</QueryState></Panel>
        <Panel title="Empty"><Empty title="No regions match these filters" action={<Button>Clear filters</Button>} /></Panel>
        <Panel title="Buttons">
          <p>
            <Button look="primary">Refresh Data</Button> <Button>Retry</Button> <Button look="plain">Show all (9)</Button> <Button disabled>Retrying…</Button>
          </p>
        </Panel>
        <Panel title="Changes">
          <p>
            <Delta change={{ kind: 'up', text: '+12.4%' }} polarity="up" since="15 Nov" />{' '}
            <Delta change={{ kind: 'down', text: '\u22128.3%' }} polarity="up" since="15 Nov" />{' '}
            <Delta change={{ kind: 'flat', text: 'no change' }} since="15 Nov" /> <Delta change={{ kind: 'new', text: 'new' }} />
          </p>
          <Sparkline values={[3, 4, 3.5, 5, 6, 5.5, 7]} title="A course" />
          <p><LevelTag level="measured" /> <LevelTag level="history" /> <LevelTag level="assumed" /> <LevelTag level="not_available" /></p>
        </Panel>
        <Panel title="Notices">
          <Notice>Demo data.</Notice>
          <Notice tone="warn">An earlier snapshot is shown.</Notice>
          <ErrorNote what="the numbers" error={failure} onRetry={nothing} />
        </Panel>
      </div>
    </Page>
  );
}
