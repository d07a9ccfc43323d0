import { findings } from '../support/axe.mjs';
import { expect, settled, signIn, test, tile } from '../support/test.mjs';

test.use({ ignoreHTTPSErrors: true });

/** @param {import('@playwright/test').Page} page */
const account = (page) => page.getByRole('button', { name: 'Signed in as ada@example.com' });

/** @param {import('@playwright/test').Page} page */
async function signOut(page) {
  await account(page).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}

/** @param {import('@playwright/test').Page} page @param {string} title */
const says = (page, title) => expect(page.getByRole('heading', { level: 1 })).toHaveText(title);

/** Whoever is at the provider's page, and not at ours. @param {import('@playwright/test').Page} page @param {{ provider: { url: string } }} hosted */
const atProvider = (page, { provider }) => expect(page).toHaveURL(new RegExp(`^${provider.url}/login/`));

/** Refresh Data, and all of it read again. @param {import('@playwright/test').Page} page */
async function refresh(page) {
  const answered = page.waitForResponse((answer) => answer.url().includes('/api/sales/last-month') && answer.ok());
  await page.getByRole('button', { name: 'Refresh Data' }).click();
  await answered;
}

test('whoever is not signed in goes to the sign-in, and from there to what was asked for', async ({ page, hosted }) => {
  const address = `${hosted.url}/?region=North&compare=off`;
  await page.goto(address);
  await atProvider(page, hosted);
  expect(hosted.asked).toEqual([]);
  await signIn(page);
  await settled(page);
  await expect(page).toHaveURL(address);
  await expect(page.getByRole('button', { name: 'Region 1 selected' })).toBeVisible();
  await expect(account(page)).toBeVisible();
  expect(hosted.asked.filter(({ status }) => status >= 400)).toEqual([]);
  expect(new Set(hosted.asked.map(({ token }) => token)).size).toBe(1);
  expect(hosted.asked.map(({ path }) => path)).not.toContain('/api/events');
  expect(hosted.provider.log).toEqual(['authorization_code']);
});

test('a page of its own address is there too, and Back leads through the page as ever', async ({ page, hosted }) => {
  await page.goto(`${hosted.url}/data?region=North`);
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Data' })).toBeVisible();
  await expect(page).toHaveURL(`${hosted.url}/data?region=North`);
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await settled(page);
  await page.goBack();
  await expect(page).toHaveURL(`${hosted.url}/data?region=North`);
  await expect(page.getByRole('heading', { level: 1, name: 'Data' })).toBeVisible();
});

test('a reload asks nobody to sign in, and its first answers come before the page’s code', async ({ page, hosted }) => {
  await page.goto(hosted.url);
  await signIn(page);
  await settled(page);
  hosted.asked.length = 0;
  await page.reload();
  await settled(page);
  expect(hosted.asked.filter(({ path }) => path === '/api/metrics')).toHaveLength(1);
  expect(hosted.asked.filter(({ token, status }) => token === null || status >= 400)).toEqual([]);
  expect(hosted.provider.log).toEqual(['authorization_code']);
});

test('tokens are renewed before their end, and nobody sees it', async ({ page, hosted }) => {
  await page.clock.install();
  await page.goto(hosted.url);
  await signIn(page);
  await settled(page);
  const first = hosted.asked.at(-1)?.token;
  expect(first).toBeTruthy();
  const moves = /** @type {string[]} */ ([]);
  page.on('framenavigated', (frame) => moves.push(frame.url()));
  await page.clock.fastForward(3_545_000);
  await refresh(page);
  expect(hosted.provider.log).toEqual(['authorization_code', 'refresh_token']);
  expect(hosted.asked.filter(({ status }) => status >= 400)).toEqual([]);
  expect(hosted.asked.findLast(({ path }) => path.startsWith('/api/sales/last-month'))?.token).not.toBe(first);
  expect(moves).toEqual([]);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a refused token is replaced once for all requests, and so is its successor', async ({ page, hosted }) => {
  await page.goto(hosted.url);
  await signIn(page);
  for (const renewals of [1, 2]) {
    await settled(page);
    hosted.refuse();
    hosted.asked.length = 0;
    await page.reload();
    await settled(page);
    expect(hosted.asked.filter(({ status }) => status === 401).length).toBeGreaterThan(1);
    expect(hosted.provider.log).toEqual(['authorization_code', ...Array(renewals).fill('refresh_token')]);
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
});

test('a session that the sign-in has ended is left, and begins again where it was', async ({ page, hosted }) => {
  await page.goto(`${hosted.url}/?region=North`);
  await signIn(page);
  await settled(page);
  const held = await page.evaluate(() => JSON.parse(sessionStorage.getItem('revops.session') ?? '{}'));
  await page.request.post(`${hosted.provider.url}/oauth2/revoke`, { form: { token: held.refreshToken, client_id: 'page' } });
  hosted.refuse();
  await page.getByRole('button', { name: 'Refresh Data' }).click();
  await says(page, 'Your session has ended');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page.getByText('Pipeline by Region')).toHaveCount(0);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await settled(page);
  await expect(page).toHaveURL(`${hosted.url}/?region=North`);
});

test('two tabs share the sign-in; signing out in one ends both', async ({ page, context, hosted }) => {
  await page.goto(hosted.url);
  await signIn(page);
  await settled(page);
  const other = await context.newPage();
  await other.goto(`${hosted.url}/data`);
  await expect(other.getByRole('heading', { level: 1, name: 'Data' })).toBeVisible();

  await signOut(page);
  await says(other, 'You are signed out');
  await says(page, 'You are signed out');
  await expect(page).toHaveURL(`${hosted.url}/`);
  expect(hosted.provider.log).toContain('logout');
  await expect.poll(() => hosted.provider.log).toContain('revoke: 200');
  expect(await Promise.all([page, other].map((tab) => tab.evaluate(() => sessionStorage.getItem('revops.session'))))).toEqual([null, null]);

  const before = hosted.asked.length;
  await page.goBack();
  await expect(page.getByText('Pipeline by Region')).toHaveCount(0);
  await page.goto(hosted.url);
  await says(page, 'You are signed out');
  expect(hosted.asked).toHaveLength(before);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await atProvider(page, hosted);
  await signIn(page);
  await settled(page);
});

test('a cancelled sign-in says so and can be begun again', async ({ page, hosted }) => {
  await page.goto(`${hosted.url}/data?region=North`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await says(page, 'Sign-in was cancelled');
  await expect(page).toHaveURL(`${hosted.url}/data?region=North`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Data' })).toBeVisible();
});

test('an answer under another state is not taken', async ({ page, hosted }) => {
  await page.addInitScript(() => {
    if (location.search.includes('code=')) history.replaceState(null, '', location.href.replace(/state=[^&]*/, 'state=somebody-else'));
  });
  await page.goto(hosted.url);
  await signIn(page);
  await says(page, 'This sign-in was not started here');
  await expect(page).toHaveURL(`${hosted.url}/`);
  expect(hosted.provider.log).toEqual([]);
});

test('a spent answer is good for nothing, in this tab or another', async ({ page, context, hosted }) => {
  const answers = /** @type {string[]} */ ([]);
  page.on('request', (request) => request.url().startsWith(`${hosted.url}/?code=`) && answers.push(request.url()));
  await page.goto(hosted.url);
  await signIn(page);
  await settled(page);
  const other = await context.newPage();
  await other.goto(answers[0] ?? '');
  await says(other, 'This sign-in was not started here');
  await page.goto(answers[0] ?? '');
  await settled(page);
  await expect(page).toHaveURL(`${hosted.url}/`);
  expect(hosted.provider.log).toEqual(['authorization_code']);
});

test('a clock that is a day ahead is named', async ({ page, hosted }) => {
  await page.clock.install({ time: Date.now() + 86_400_000 });
  await page.goto(hosted.url);
  await signIn(page);
  await says(page, 'The clock of this device is wrong');
});

test('without a connection to the sign-in nobody is signed out', async ({ page, hosted }) => {
  await page.route('**/sign-in.json', (route) => route.abort());
  await page.goto(hosted.url);
  await says(page, 'The sign-in cannot be reached');
  await page.unroute('**/sign-in.json');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await signIn(page);
  await settled(page);
  hosted.refuse();
  await page.route(`${hosted.provider.url}/oauth2/token`, (route) => route.abort());
  await page.getByRole('button', { name: 'Refresh Data' }).click();
  const trouble = page.getByRole('alert').filter({ hasText: 'Could not update the numbers' });
  await expect(trouble).toContainText('The server cannot be reached');
  await expect(tile(page, 'Open pipeline').locator('.tile-value')).toBeVisible();
  await page.unroute(`${hosted.provider.url}/oauth2/token`);
  await trouble.getByRole('button', { name: 'Retry' }).click();
  await expect(trouble).toHaveCount(0);
});

for (const theme of /** @type {const} */ (['light', 'dark'])) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test('axe finds nothing in the account menu and on the page of whoever has signed out, on a phone too', async ({ page, hosted }) => {
      await page.goto(hosted.url);
      await signIn(page);
      await settled(page);
      await account(page).focus();
      await page.keyboard.press('Enter');
      const menu = page.getByRole('group', { name: 'Account' });
      await expect(menu).toContainText('Signed in as ada@example.com');
      expect(await findings(page, { within: '.account' })).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(account(page)).toBeFocused();
      await page.setViewportSize({ width: 320, height: 640 });
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(await overflow()).toBe(0);
      await expect(account(page)).toBeInViewport({ ratio: 1 });
      await account(page).click();
      await expect(menu).toBeInViewport({ ratio: 1 });
      await page.getByRole('button', { name: 'Sign out' }).click();
      await says(page, 'You are signed out');
      await expect(page).toHaveTitle('You are signed out · RevOps');
      expect(await overflow()).toBe(0);
      expect(await findings(page)).toEqual([]);
    });
  });
}

test('where nobody signs in, nothing of it is asked for or shown', async ({ page, standIn }) => {
  const asked = /** @type {string[]} */ ([]);
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(standIn.url);
  await settled(page);
  await expect(page.getByRole('button', { name: /^Signed in as/ })).toHaveCount(0);
  expect(asked.filter((path) => /sign-in|SignIn/.test(path))).toEqual([]);
});
