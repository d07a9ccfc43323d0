import { readFileSync } from 'node:fs';

const ORDER = readFileSync(new URL('../src/styles/layers.css', import.meta.url), 'utf8').trim();

/**
 * Every style sheet begins with the order of the layers: which of them arrives first is the bundler's choice.
 * @returns {import('vite').Plugin}
 */
export const layered = () => ({
  name: 'layered',
  apply: 'build',
  enforce: 'post',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = `${ORDER}${file.source}`;
    }
  },
});
