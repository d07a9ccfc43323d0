import { useMemo } from 'react';
import { useMetric } from '../../api/metrics.js';
import { isFiltered, valuesOf } from '../../lib/filters.js';
import { restWords } from '../../lib/ending.js';
import { takeaway } from '../../lib/takeaway.js';
import { dimensionNoun, dimensionPlural, dimensionTitle, filterWords, valueLabel } from '../../lib/labels.js';
import { Button } from '../../ui/Button.jsx';
import { Definition } from '../../ui/Definition.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { Empty, QueryState } from '../../ui/QueryState.jsx';
import { SkeletonRows } from '../../ui/Skeleton.jsx';
import { useFormat } from '../../ui/format-context.js';
import { PipelineTable } from './PipelineTable.jsx';

/** @param {string} dimension */
const titleOf = (dimension) => `Pipeline by ${dimensionTitle(dimension)}`;

/** @param {import('../../api/types').Group} group @param {string} dimension */
const nameOf = (group, dimension) => /** @type {Record<string, any>} */ (group)[dimension] ?? null;

/**
 * @typedef {import('../../api/types').PipelineAnswer} PipelineAnswer
 * @typedef {import('../../ui/QueryState.jsx').QueryLike} QueryLike
 */

/**
 * @param {PipelineAnswer} now
 * @param {PipelineAnswer | null} then
 * @param {string} dimension
 */
function withBefore(now, then, dimension) {
  const before = new Map(then?.data.map((group) => [nameOf(group, dimension), group]));
  return now.data.map((group) => {
    const name = nameOf(group, dimension);
    return { group, name, label: valueLabel(dimension, name), before: before.get(name) ?? null };
  });
}

/**
 * @param {ReturnType<typeof withBefore>} rows @param {PipelineAnswer['totals']} totals @param {string} dimension
 * @param {string | null} since @param {import('../../lib/format.js').Format} format
 */
function sentence(rows, totals, dimension, since, format) {
  if (rows.every(({ name }) => name === null)) return `${dimensionTitle(dimension)} is not known of any deal.`;
  return takeaway({
    rows: rows.map(({ label, group, before }) => ({
      label, total: group.amount, before: since === null ? undefined : (before?.amount ?? undefined),
    })),
    whole: totals.amount, since, noun: dimensionNoun(dimension), format,
  });
}

/**
 * One dimension of the pipeline. The panel is never filtered by its own dimension, so that shares add up.
 *
 * @param {{
 *   dimension: string, query: QueryLike, then: PipelineAnswer | null, since: string | null,
 *   filter: import('../../api/types').Filter, onToggle: (dimension: string, value: string | null) => void, onClear: () => void,
 *   dimmed: boolean, held: string | null, ending: import('../../lib/ending.js').Ending,
 * }} props
 */
export function PipelinePanel({ dimension, query, then, since, filter, onToggle, onClear, dimmed, held, ending }) {
  const format = useFormat();
  const metric = useMetric(`pipeline_by_${dimension}`);
  const now = /** @type {PipelineAnswer | undefined} */ (query.data);
  const rows = useMemo(() => (now ? withBefore(now, then, dimension) : []), [now, then, dimension]);
  const compared = then === null ? null : since;
  const rest = now ? restWords(now.totals, ending, format) : '';
  const own = valuesOf(filter, dimension).length + valuesOf(filter, `not_${dimension}`).length > 0;
  const note = now && now.data.length > 0 ? sentence(rows, now.totals, dimension, compared, format) : own ? '' : '\u00a0';
  return (
    <Panel
      className="pipeline"
      title={titleOf(dimension)}
      aside={<Definition metric={metric} />}
      note={
        <>
          {note}
          {rest && ` Total includes ${rest}.`}
          {own && `${note ? ' ' : ''}Not filtered by ${dimensionNoun(dimension)}.`}
        </>
      }
    >
      <QueryState
        query={query}
        what={dimensionPlural(dimension)}
        held={held}
        dimmed={dimmed}
        skeleton={<SkeletonRows className="pskeleton" rows={7} />}
        isEmpty={(answer) => answer.data.length === 0}
        empty={
          <Empty title={isFiltered(filter) ? `No ${dimensionPlural(dimension)} match ${filterWords(filter)}` : `There are no ${dimensionPlural(dimension)} yet`} action={isFiltered(filter) && <Button onClick={onClear}>Clear filters</Button>} />
        }
      >
        {(answer) => (
          <PipelineTable
            dimension={dimension}
            title={titleOf(dimension)}
            rows={rows}
            totals={answer.totals}
            totalsBefore={then?.totals ?? null}
            since={compared}
            ending={ending}
            filter={filter}
            onToggle={onToggle}
          />
        )}
      </QueryState>
    </Panel>
  );
}
