import { useEffect, useState } from 'react';
import { announce } from '../lib/announce.js';
import { Button } from './Button.jsx';
import { Icon } from './Icon.jsx';

/** @param {{ text: string, label: string }} props */
export function CopyButton({ text, label }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce('Copied');
    } catch {
      announce('Copying is not allowed here');
    }
  };
  return (
    <Button look="icon" onClick={copy} aria-label={label} title={label}>
      <Icon name={copied ? 'check' : 'copy'} />
    </Button>
  );
}
