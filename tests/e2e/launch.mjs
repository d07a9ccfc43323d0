/**
 * How Chromium is started: the system's without its windows, which takes half the processor's time; without sandbox (tests may run as
 * root), GPU or background traffic.
 */
export const LAUNCH = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--font-render-hinting=none'],
};
