import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, panel, settled, signIn, test } from '../support/test.mjs';

const FRONTEND = fileURLToPath(new URL('../../../frontend', import.meta.url));
const PAGE = 'http://localhost:5173/';

test.describe.configure({ mode: 'serial' });
test.use({ ignoreHTTPSErrors: true });

/** Vite's development server as `npm run dev` starts it. @param {Record<string, string>} environment */
async function startVite(environment) {
  const vite = spawn('npm', ['run', 'dev'], { cwd: FRONTEND, env: { ...process.env, ...environment }, stdio: 'ignore', detached: true });
  const ended = once(vite, 'exit');
  await expect.poll(async () => {
    if (vite.exitCode !== null) throw new Error(`npm run dev ended with ${vite.exitCode}: is port 5173 in use?`);
    return fetch(PAGE).then((answer) => answer.status, () => 0);
  }, { timeout: 60_000 }).toBe(200);
  return async () => {
    if (vite.pid) process.kill(-vite.pid, 'SIGTERM');
    await ended;
  };
}

for (const [name, variable] of [['hands /api to a running serve', 'REVOPS_URL'], ['asks an API elsewhere', 'VITE_API_URL']]) {
  test(`the development server ${name}`, async ({ page, own }) => {
    const stop = await startVite({ [variable]: own.url });
    try {
      const asked = page.waitForRequest('**/api/summary*');
      await page.goto(PAGE);
      expect(new URL((await asked).url()).origin).toBe(variable === 'VITE_API_URL' ? own.url : 'http://localhost:5173');
      await settled(page);
      await own.insertSale();
      await page.getByRole('button', { name: 'Refresh Data' }).click();
      await expect(panel(page, 'Pipeline by Region').locator('tfoot')).toContainText('690,000', { timeout: 30_000 });
    } finally {
      await stop();
    }
  });
}

test('the development server shows a deployment’s data to whoever signs in', async ({ page, hosted }) => {
  const stop = await startVite({ REVOPS_URL: hosted.url, VITE_SIGN_IN: '/sign-in.json' });
  try {
    await page.goto(PAGE);
    await signIn(page);
    await settled(page);
    await expect(page).toHaveURL(PAGE);
    await expect(page.getByRole('button', { name: /^Signed in as/ })).toBeVisible();
  } finally {
    await stop();
  }
});
