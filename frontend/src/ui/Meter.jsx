import './Meter.css';

/** How far something is; without `share` it only says that it moves. @param {{ label: string, share: number | null }} props */
export function Meter({ label, share }) {
  return <progress className="meter" aria-label={label} max={1} value={share ?? undefined} />;
}
