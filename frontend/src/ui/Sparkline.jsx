import './Sparkline.css';

const WIDTH = 96;
const HEIGHT = 28;
const INSET = 3;

/**
 * The course of a figure over the stored snapshots; decoration beside its number and delta, which carry the meaning.
 *
 * @param {{ values: number[], title: string }} props at least two values, oldest first; `title` says what is drawn, to those who point at it
 */
export function Sparkline({ values, title }) {
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const points = values.map((value, index) => [
    INSET + (index * (WIDTH - 2 * INSET)) / (values.length - 1),
    HEIGHT - INSET - ((value - low) * (HEIGHT - 2 * INSET)) / span,
  ]);
  const line = points.map(([x = 0, y = 0]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const [x = 0, y = 0] = points.at(-1) ?? [];
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
      <title>{title}</title>
      <polyline points={line} />
      <circle cx={x} cy={y} r="2.5" />
    </svg>
  );
}
