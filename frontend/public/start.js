// Runs before the first paint and before the page's own code has arrived: applies what this browser has chosen, so
// that a theme never flashes, and asks for the answers that every first view needs. src/api/client.js takes them
// by their path, each once; the paths are those that the page would ask for (src/api/start.test.js). Where people
// sign in, `data-sign-in` says so, and nothing is asked for without a token that holds (src/api/session.js).
(() => {
  const root = document.documentElement;
  const stored = (storage, key) => {
    try {
      return JSON.parse(window[storage].getItem(`revops.${key}`) ?? 'null');
    } catch {
      return null; // Storage can be off; the defaults then hold.
    }
  };
  const choice = (key) => stored('localStorage', key);
  const theme = choice('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  if (choice('density') === 'compact') root.dataset.density = 'compact';

  const summaryPath = () => {
    const given = new URLSearchParams(location.search);
    const asked = new URLSearchParams();
    const dimensions = ['region', 'product', 'stage', 'status'];
    for (const key of [...dimensions, ...dimensions.map((dimension) => `not_${dimension}`)]) {
      for (const value of new Set(given.getAll(key))) asked.append(key, value);
    }
    const asof = given.getAll('asof').at(-1);
    if (asof) asked.append('as_of', asof);
    return `/api/summary?${asked}`.replace(/\?$/, '');
  };

  const paths = {
    '/': ['/api/metrics', summaryPath(), '/api/sales/last-month?limit=1000'],
    '/data': ['/api/metrics', summaryPath()],
  };
  const { api, signIn } = document.currentScript.dataset;
  const headers = { Accept: 'application/json' };
  const session = signIn ? stored('sessionStorage', 'session') : null;
  if (signIn) window.revopsSignIn = signIn;
  if (session) headers.Authorization = session.idToken;
  const mayAsk = !signIn || (session !== null && Date.now() < session.expiresAt - 60_000);
  const base = api.replace(/\/+$/, '');
  window.revopsStarted = Object.fromEntries((mayAsk ? (paths[location.pathname] ?? []) : []).map((path) => {
    const answer = fetch(base + path, { headers });
    answer.catch(() => {}); // Whoever takes it hears of a failure; until then nobody does.
    return [path, answer];
  }));
})();
