import { Bone } from '../../ui/Skeleton.jsx';
import './facts.css';

/** The places of facts before they are known. @param {{ clocks?: number, facts: number }} props how many large ones, and how many others */
export function FactsSkeleton({ clocks = 0, facts }) {
  return (
    <div className="facts" aria-hidden="true">
      {Array.from({ length: clocks + facts }, (_, index) => (
        <div key={index} className="fact">
          <p className="fact-bone"><Bone width="40%" height="10px" /></p>
          {index < clocks && <p className="fact-bone fact-bone-clock"><Bone width="60%" height="22px" /></p>}
          <p className="fact-bone"><Bone width="70%" height="12px" /></p>
        </div>
      ))}
    </div>
  );
}
