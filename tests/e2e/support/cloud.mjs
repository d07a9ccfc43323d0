import { fileURLToPath } from 'node:url';
import { startHosted } from './hosted.mjs';
import { listen } from './process.mjs';

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));
const PYTHON = path('../../../.deps/python/bin/python');

/** The functions, with what they need simulated, behind the page and its sign-in. */
export async function startCloud() {
  const cloud = await listen(PYTHON, [path('../../aws/cloud.py')]);
  const hosted = await startHosted(cloud.url);
  /** @param {string} name @param {unknown} [body] */
  async function tell(name, body) {
    const answer = await fetch(`${cloud.url}/${name}`, { method: 'POST', body: JSON.stringify(body ?? null) });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  }
  return {
    ...hosted,
    /** The schedule's event, until the processor has ended. */
    night: () => tell('night'),
    /** A row in the table's order. @param {(string | null)[]} row */
    sale: (row) => tell('sale', row),
    stop: async () => {
      await hosted.stop();
      await cloud.stop();
    },
  };
}
