import './Skeleton.css';

/** A grey bar with the size of what will stand there. @param {{ width?: string, height?: string }} props */
export function Bone({ width = '100%', height = '14px' }) {
  return <span className="bone" style={{ width, height }} aria-hidden="true" />;
}

/** @param {{ rows: number, height: string }} props */
export function SkeletonRows({ rows, height }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="bone-row" style={{ height }}>
          <Bone width={`${30 - (index % 3) * 6}%`} />
          <Bone width="40%" />
        </div>
      ))}
    </div>
  );
}
