import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const LISTENING = /Listening on (http:\/\/\S+)/;

/**
 * Starts a server that prints "Listening on http://…" and stops it again.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function listen(command, args, env = process.env) {
  // Its input stays open until it ends: some programs end with it.
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-4000);
  });
  const url = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${command} ended with ${code} before listening:\n${errors}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = LISTENING.exec(line);
      if (match) resolve(match[1].replace(/\/$/, ''));
    });
  });
  const stop = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null) return resolve(undefined);
      child.removeAllListeners('exit');
      child.once('exit', resolve);
      child.stdin.end();
      child.kill('SIGTERM');
      return undefined;
    });
  return { url, stop };
}
