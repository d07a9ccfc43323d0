import { useState } from 'react';
import { Ended, Moving } from '../features/import/ImportState.jsx';
import { DropZone, Sending } from '../features/import/ImportPanel.jsx';
import { Questions } from '../features/import/Questions.jsx';
import { StatusList } from '../features/import/StatusList.jsx';
import { Delta } from '../ui/Delta.jsx';
import { Button } from '../ui/Button.jsx';
import { LevelTag } from '../ui/LevelTag.jsx';
import { Notice } from '../ui/Notice.jsx';
import { Meter } from '../ui/Meter.jsx';
import { Panel } from '../ui/Panel.jsx';
import { Empty, ErrorNote, QueryState } from '../ui/QueryState.jsx';
import { SkeletonRows } from '../ui/Skeleton.jsx';
import { Select } from '../ui/Select.jsx';
import { Sparkline } from '../ui/Sparkline.jsx';
import { Page } from './Page.jsx';
import './pages.css';

const nothing = () => {};
const failure = Object.assign(new Error('The warehouse did not answer in time.'), { requestId: '01J8Z7' });
const LOADING = { data: undefined, error: null, refetch: nothing };
const FAILED = { data: undefined, error: failure, refetch: nothing };
const HELD = { data: 'Old numbers', error: failure, refetch: nothing };
const READY = { data: 'Numbers', error: null, refetch: nothing };

/** @type {import('../api/types').Import} */
const IMPORT = {
  id: '0123456789abcdef0123456789abcdef', file: { name: 'opportunities.csv', size_bytes: 240_000 }, requested_by: 'person', state: 'done',
  created_at: '2026-11-22T09:00:00.000Z', ended_at: null, progress: null, mapping: 'opportunities', mode: 'replace', as_of: null, date_in_name: null,
  rows: { taken: 1200, refused: 4 }, snapshot_id: null, undo: { possible: true, reason: null }, error: null,
};
const ASKED = [{ about: 'date_order', text: 'Is 3/4/2026 the 4th of March or the 3rd of April?', choices: ['month_day_year', 'day_month_year'] }];
const WORDS = [{ word: 'In Progress', rows: 812 }, { word: 'Won', rows: 1 }];

/** An import in its states. */
function Imports() {
  const [file] = useState(() => new File(['a;b'.repeat(40_000)], 'opportunities.csv'));
  return (
    <>
      <Panel title="Import a file"><DropZone over={false} onFile={nothing} /></Panel>
      <Panel title="A file on its way">
        <Sending upload={{ phase: 'sending', file, sent: 60_000 }} onCancel={nothing} />
        <Sending upload={{ phase: 'sending', file, sent: file.size }} onCancel={nothing} />
      </Panel>
      <Questions asked={ASKED} answered={new Set()} answerOf={() => null} onAnswer={nothing} dates={['3/4/2026']} />
      <Questions asked={ASKED} answered={new Set(['date_order'])} answerOf={() => 'day_month_year'} onAnswer={nothing} dates={['3/4/2026']} />
      <Panel title="Words"><StatusList words={WORDS} statuses={{ won: 'won' }} onStatus={nothing} /></Panel>
      <Moving job={{ ...IMPORT, state: 'importing', progress: { done: 400, total: 1204, unit: 'rows' } }} />
      <Moving job={{ ...IMPORT, state: 'publishing' }} />
      <Ended job={IMPORT} />
      <Ended job={{ ...IMPORT, rows: { taken: 1, refused: 0 }, undo: { possible: false, reason: 'A later import changed the table.' } }} />
      <Ended job={{ ...IMPORT, state: 'failed', error: { code: 'resource_exhausted', message: 'The disk is full.' }, undo: { possible: false, reason: null } }} />
      <Ended job={{ ...IMPORT, state: 'undone', undo: { possible: false, reason: null } }} />
      <Ended job={{ ...IMPORT, state: 'discarded', undo: { possible: false, reason: null } }} />
    </>
  );
}

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
        <Panel title="Choices"><Select aria-label="A choice" defaultValue="comma" choices={[['point', 'Point'], ['comma', 'Comma']]} onChange={nothing} /></Panel>
        <Panel title="Progress"><Meter label="A third" share={1 / 3} /><Meter label="Moves" share={null} /></Panel>
        <Imports />
      </div>
    </Page>
  );
}
