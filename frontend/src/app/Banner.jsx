import { Notice } from '../ui/Notice.jsx';

const LABELS = /** @type {Record<string, [string, string]>} */ ({
  demo: ['Demo data', 'An invented company: these are nobody’s real numbers.'],
  sample: ['Sample data', 'The eight sample deals that come with the product.'],
});

/** Says so when the numbers are not real. @param {{ label: string | null | undefined }} props */
export function Banner({ label }) {
  const words = label ? LABELS[label] : undefined;
  if (!words) return null;
  return (
    <aside className="banner" aria-label="About this data">
      <Notice><strong>{words[0]}.</strong> {words[1]}</Notice>
    </aside>
  );
}
