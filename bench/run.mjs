// `npm run bench -- [NAME ...]`: builds and runs what is in bench/ (every NAME.ts that exports `cases` or `run`),
// ours and its peer interleaved in one run, prints a table and writes out/bench/NAME.json. Child programs of a
// measurement are bench/*/*.entry.ts.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { writeRows } from './write.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'out', 'bench');
const known = readdirSync(join(root, 'bench'))
  .filter(name => name.endsWith('.ts'))
  .map(name => name.slice(0, -3));

/** Takes the better part of an hour. */
const ONLY_WHEN_NAMED = ['lessons'];

const asked = process.argv.slice(2);
const unknown = asked.find(name => !known.includes(name));
if (unknown) {
  process.stderr.write(`No measurement is named '${unknown}': there are ${known.join(', ')}.\n`);
  process.exit(2);
}
const usual = known.filter(name => !ONLY_WHEN_NAMED.includes(name));
for (const name of asked.length > 0 ? asked : usual) await measure(name);

async function measure(name) {
  const { cases, about, run } = await load(name);
  process.stdout.write(`\n${about}\n`);
  if (run) return run(); // what is counted, not timed, has a report of its own
  const rows = [];
  for await (const one of cases()) rows.push(await runCase(one));
  printTable(rows);
  writeRows(out, name, rows);
}

async function load(name) {
  const outfile = join(out, `${name}.mjs`);
  const bench = join(root, 'bench');
  const entryPoints = [join(bench, `${name}.ts`), ...childPrograms(bench)];
  const loader = { '.wasm': 'binary', '.cc': 'text', '.h': 'text' };
  const options = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    loader,
  };
  const places = { outdir: out, outbase: bench, outExtension: { '.js': '.mjs' } };
  await esbuild.build({ ...options, ...places, entryPoints, logLevel: 'warning' });
  return import(`${pathToFileURL(outfile).href}?${Date.now()}`);
}

function childPrograms(bench) {
  const files = readdirSync(bench, { recursive: true });
  return files
    .filter(file => file.endsWith('.entry.ts') && !file.includes('node_modules') && !file.includes('.venv'))
    .map(file => join(bench, file));
}

/**
 * A case: {case, unit, ours, peer, oursRun, peerRun, seconds, fewest}. Each run gives one number in `unit`. At
 * least `fewest` runs (3 unless given), then as many as the seconds hold, up to 50.
 */
async function runCase(one) {
  const [ours, peers] = [[], []];
  await one.oursRun(); // warm-up of both
  await one.peerRun?.();
  const end = performance.now() + (one.seconds ?? 3) * 1000;
  while (ours.length < (one.fewest ?? 3) || (performance.now() < end && ours.length < 50)) {
    ours.push(await one.oursRun());
    if (one.peerRun) peers.push(await one.peerRun());
  }
  await one.dispose?.();
  const [oursMedian, peerMedian] = [median(ours), peers.length > 0 ? median(peers) : null];
  const ratio = peerMedian === null ? null : peerMedian / oursMedian;
  const row = {
    case: one.case,
    ours: one.ours,
    peer: one.peer,
    oursMedian,
    peerMedian,
    ratio,
    runs: ours.length,
  };
  return { ...row, unit: one.unit };
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function printTable(rows) {
  const header = ['case', 'ours', 'peer', 'ours median', 'peer median', 'peer ÷ ours', 'runs'];
  const cells = rows.map(row => [
    row.case,
    row.ours,
    row.peer,
    `${round(row.oursMedian)} ${row.unit}`,
    row.peerMedian === null ? 'not installed' : `${round(row.peerMedian)} ${row.unit}`,
    row.ratio === null ? '' : round(row.ratio),
    String(row.runs),
  ]);
  const widths = header.map((title, at) => Math.max(title.length, ...cells.map(line => line[at].length)));
  for (const line of [header, ...cells])
    process.stdout.write(
      `${line
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd()}\n`,
    );
}

function round(value) {
  return Number(value.toPrecision(3)).toString();
}
