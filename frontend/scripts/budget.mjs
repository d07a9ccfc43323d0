/** Fails when what a first visit loads is larger than agreed (gzip, KiB), or its styles are in no order. Run after `npm run build`. */
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', DIST), 'utf8');
const assets = readdirSync(new URL('assets/', DIST));

/** @param {string} name */
const bytes = (name) => readFileSync(new URL(`assets/${name}`, DIST));

/** @param {string[]} names */
const zipped = (names) => names.reduce((sum, name) => sum + gzipSync(bytes(name), { level: 9 }).length, 0) / 1024;

const first = assets.filter((name) => html.includes(name));
const lazy = assets.filter((name) => name.endsWith('.js') && !first.includes(name));
const rows = [
  ['Initial JavaScript', zipped(first.filter((name) => name.endsWith('.js'))), 110],
  ['CSS, all pages', zipped(assets.filter((name) => name.endsWith('.css'))), 12],
  ['Fonts (as they are)', assets.filter((name) => name.endsWith('.woff2')).reduce((sum, name) => sum + bytes(name).length, 0) / 1000, 50],
  ...lazy.map((name) => /** @type {const} */ ([`Lazy ${name}`, zipped([name]), 40])),
];

let over = false;
for (const [what, size, limit] of /** @type {[string, number, number][]} */ (rows)) {
  over ||= size > limit;
  process.stdout.write(`${size > limit ? 'OVER ' : 'ok   '} ${what}: ${size.toFixed(1)} of ${limit}\n`);
}

const ordered = assets.filter((name) => name.endsWith('.css')).every((name) => bytes(name).toString().startsWith('@layer tokens, base'));
if (!ordered) process.stdout.write('WRONG  A style sheet does not begin with the order of the layers (scripts/layered.js)\n');
process.exitCode = over || !ordered ? 1 : 0;
