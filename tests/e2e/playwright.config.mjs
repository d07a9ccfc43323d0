import { defineConfig } from '@playwright/test';
import { LAUNCH } from './launch.mjs';

/**
 * `program` runs against a real `revops serve` on the eight sample rows (REVOPS_BINARY, default the release build; with
 * REVOPS_MOCK=1 against the stand-in instead). `states` always runs against the stand-in, which can be told to fail.
 * `speed` measures, which wants a machine that does nothing else: it is there with REVOPS_SPEED=1 only.
 */
export default defineConfig({
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: LAUNCH,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: process.env.TZ || 'UTC',
    // Pictures of every step cost a fifth of the processor's time; the page itself is in a trace without them.
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
  projects: [
    { name: 'program', testDir: 'program' },
    { name: 'states', testDir: 'states' },
    ...(process.env.REVOPS_SPEED ? [{ name: 'speed', testDir: 'speed', fullyParallel: false }] : []),
  ],
});
