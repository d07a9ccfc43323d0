import './Skeleton.css';

/** A grey bar with the size of what will stand there. @param {{ width?: string, height?: string }} props */
export function Bone({ width = '100%', height = '14px' }) {
  return <span className="bone" style={{ width, height }} aria-hidden="true" />;
}

/** Rows of one height, or of the heights that `className` gives them. @param {{ rows: number, height?: string, className?: string }} props */
export function SkeletonRows({ rows, height, className }) {
  return (
    <div className={className} aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="bone-row" style={height ? { height } : undefined}>
          <Bone width={`${30 - (index % 3) * 6}%`} />
          <Bone width="40%" />
        </div>
      ))}
    </div>
  );
}
