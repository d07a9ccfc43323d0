import { memo, useMemo } from 'react';
import { useMetric } from '../../api/metrics.js';
import { ofOrigin } from '../../lib/comparison.js';
import { ENDING_MEANINGS } from '../../lib/ending.js';
import { MISSING } from '../../lib/format.js';
import { Age } from '../../ui/Age.jsx';
import { Definition } from '../../ui/Definition.jsx';
import { Delta } from '../../ui/Delta.jsx';
import { useFormat } from '../../ui/format-context.js';
import { Bone } from '../../ui/Skeleton.jsx';
import { Sparkline } from '../../ui/Sparkline.jsx';
import { rollingMean } from './rolling-mean.js';
import './SummaryTiles.css';

/**
 * @typedef {import('../../api/types').Summary} Summary
 * @typedef {import('../../api/types').SnapshotEntry} SnapshotEntry
 * @typedef {import('../../lib/format.js').Change} Change
 * @typedef {{
 *   totals: { deals: number, amount: string | null } | null, filtered: boolean, age: string | null, state: string, failed: boolean,
 * }} LiveFigures `totals` null while there are none
 */

/**
 * @param {{
 *   metricId: string, value: React.ReactNode, exact?: string, detail?: React.ReactNode, change?: Change | null,
 *   since?: string | null, problem?: string | null, course?: number[] | null, className?: string,
 * }} props
 */
function Tile({ metricId, value, exact, detail, change, since, problem, course, className = '' }) {
  const metric = useMetric(metricId);
  return (
    <li className={`tile ${className}`}>
      <div className="tile-label">
        <span>{metric?.title ?? TITLES[metricId]}</span>
        <Definition metric={metric} />
      </div>
      <div className="tile-figure">
        <p className="tile-value" title={exact}>{value === MISSING ? <Missing /> : value}</p>
        {course && <Sparkline values={course} title="Mean of the last 7 snapshots, night by night: it follows a change later than the figure beside it" />}
      </div>
      <p className="tile-foot">
        {change && since && change.kind !== 'none' && <Delta change={change} polarity={metric?.polarity} since={since} />}
        {problem && <span className="tile-problem" title={problem}>no comparison yet</span>}
        {problem && <span className="visually-hidden">{problem}</span>}
        {detail && <span className="tile-detail">{detail}</span>}
      </p>
    </li>
  );
}

const Missing = () => (
  <>
    <span aria-hidden="true">{MISSING}</span>
    <span className="visually-hidden">no value</span>
  </>
);

/** Shown until /api/metrics has answered. @type {Record<string, string>} */
const TITLES = {
  open_pipeline: 'Open pipeline',
  open_deals: 'Open deals',
  open_average: 'Average deal',
  closed_pipeline: ENDING_MEANINGS.closed,
  won: ENDING_MEANINGS.won,
  last_30_days: 'Last 30 days',
};

/** A figure for the height of a line only. @param {string | null} amount */
const rough = (amount) => Number(amount ?? 0);

/**
 * How the figures of these rows went until the snapshot on the screen; null where that is too short for a line.
 * @param {SnapshotEntry[] | null} history newest first
 * @param {string} shownId
 * @param {import('../../lib/ending.js').Ending} ending
 */
function coursesOf(history, shownId, ending) {
  const at = history?.findIndex(({ id }) => id === shownId) ?? -1;
  const shown = history?.[at];
  const until = history && shown ? ofOrigin(history.slice(at), shown.origin).reverse() : [];
  if (until.length < 3) return null;
  const course = (/** @type {(entry: SnapshotEntry) => number} */ read) => rollingMean(until.map(read));
  return {
    open: course(({ totals }) => rough(totals.by_status.open.amount)),
    deals: course(({ totals }) => totals.by_status.open.deals),
    average: course(({ totals: { by_status: { open } } }) => rough(open.amount) / Math.max(1, open.priced)),
    ended: course(({ totals }) => rough(totals.by_status[ending].amount)),
  };
}

/**
 * @param {{
 *   now: Summary, then: Summary | null, since: string | null, problem: string | null,
 *   history: SnapshotEntry[] | null, shownId: string, ending: import('../../lib/ending.js').Ending,
 * }} props `history` newest first; null hides the sparklines: they are only stored without filters
 */
function FromSnapshot({ now, then, since, problem, history, shownId, ending }) {
  const format = useFormat();
  const courses = useMemo(() => coursesOf(history, shownId, ending), [history, shownId, ending]);
  const { open, lost, [ending]: ended } = now.totals.by_status;
  const before = then?.totals.by_status;
  const shared = { since, problem };
  return (
    <>
      <Tile
        {...shared}
        metricId="open_pipeline"
        className="tile-lead"
        value={format.moneyCompact(open.amount)}
        exact={format.moneyExact(open.amount)}
        change={before ? format.changeMoney(open.amount, before.open.amount) : null}
        course={courses?.open}
      />
      <Tile
        {...shared}
        metricId="open_deals"
        value={format.countCompact(open.deals)}
        exact={format.count(open.deals)}
        change={before ? format.changeCount(open.deals, before.open.deals) : null}
        course={courses?.deals}
        detail={open.priced < open.deals ? `${format.count(open.deals - open.priced)} without amount` : null}
      />
      <Tile
        {...shared}
        metricId="open_average"
        value={format.moneyCompact(now.open_average)}
        exact={format.moneyExact(now.open_average)}
        change={then ? format.changeMoney(now.open_average, then.open_average) : null}
        course={courses?.average}
        detail={now.open_average !== null ? null : open.deals === 0 ? 'No open deals' : 'No open deal has an amount'}
      />
      <Tile
        {...shared}
        metricId={ending === 'won' ? 'won' : 'closed_pipeline'}
        value={format.moneyCompact(ended.amount)}
        exact={format.moneyExact(ended.amount)}
        change={before ? format.changeMoney(ended.amount, before[ending].amount) : null}
        course={courses?.ended}
        detail={ending === 'won' && lost.deals > 0 ? `${format.moneyCompact(lost.amount)} lost` : null}
      />
    </>
  );
}

/** Drawn again only when what it shows has changed. */
const SnapshotTiles = memo(FromSnapshot);

/** @param {React.ComponentProps<typeof SnapshotTiles> & { live: React.ReactNode }} props `live` the last tile */
export function SummaryTiles({ live, ...figures }) {
  return (
    <ul className="tiles">
      <SnapshotTiles {...figures} />
      {live}
    </ul>
  );
}

/** @param {{ live: LiveFigures }} props */
export function LiveTile({ live }) {
  const format = useFormat();
  const metric = useMetric('last_30_days');
  const { totals, state, failed, age, filtered } = live;
  return (
    <li className="tile tile-live">
      <div className="tile-label">
        <span>
          {metric?.title ?? TITLES.last_30_days} <span className={`tile-live-word tile-live-${state}`}>{state}</span>
        </span>
        <Definition metric={metric} />
      </div>
      <div className="tile-figure">
        <p className="tile-value" title={totals ? format.moneyExact(totals.amount) : undefined}>
          {totals && format.moneyCompact(totals.amount)}
          {!totals && (failed ? <Missing /> : <Bone width="96px" height="26px" />)}
        </p>
      </div>
      <p className="tile-foot">
        {totals && <span>{format.count(totals.deals)} {totals.deals === 1 ? 'deal' : 'deals'}</span>}
        {!totals && failed && <span className="tile-detail">Could not load, see below</span>}
        {age && (
          <span className="tile-detail">
            read <Age instant={age} />
          </span>
        )}
        {!filtered && <span className="tile-detail">not filtered</span>}
      </p>
    </li>
  );
}

/** The tiles' places before the first answer. */
export function SummaryTilesSkeleton() {
  return (
    <ul className="tiles" aria-hidden="true">
      {Object.entries(TITLES).filter(([id]) => id !== 'won').map(([id, title], index) => (
        <li key={id} className={index === 0 ? 'tile tile-lead' : 'tile'}>
          <div className="tile-label">{title}</div>
          <div className="tile-figure"><p className="tile-value"><Bone width="96px" height="26px" /></p></div>
          <p className="tile-foot"><Bone width="70%" height="12px" /></p>
        </li>
      ))}
    </ul>
  );
}
