// `npm run experiments -- [NAME ...] [--seeds N or N-M] [--limit N] [--table]`: runs experiments (all unless named),
// seeds 1 to N or N to M, adds what each seed gave to results.json and writes the table of it, RESULTS.md. Several may
// run at once. --table only writes the table.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const kept = join(root, 'experiments', 'results.json');
const { EXPERIMENTS, table, withOutcome } = await load();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '3' }, limit: { type: 'string' }, table: { type: 'boolean' } },
});
const [firstSeed, lastSeed] = range('seeds', values.seeds);
const limit = values.limit === undefined ? null : wholeNumber('limit', values.limit);
const known = EXPERIMENTS.map(({ name }) => name);
const unknown = positionals.find(name => !known.includes(name));
if (unknown) fail(`No experiment is named '${unknown}': there are ${known.join(', ')}.`);

const asked =
  positionals.length === 0
    ? EXPERIMENTS
    : positionals.map(name => EXPERIMENTS.find(one => one.name === name));
if (!values.table) for (const one of asked) await run(one);
else locked(() => write(results()));

async function run(one) {
  const most = limit ?? one.limit;
  process.stdout.write(`\n${one.name}: ${one.title}\n`);
  for (let seed = firstSeed; seed <= lastSeed; seed++) {
    const from = commit();
    const outcome = await one.run(seed, most);
    const end = outcome.needed === null ? `not solved in ${most}` : `needed ${outcome.needed}`;
    process.stdout.write(`  seed ${seed}: ${end}; ${outcome.detail}\n`);
    // After each seed, that one stopped early keeps what it has.
    locked(() => write(withOutcome(results(), one, { ...outcome, commit: from, limit: most }, known)));
  }
}

/** Reads and writes while no other run does: a folder can be made but once. */
function locked(change) {
  const lock = join(root, 'experiments', 'results.lock');
  for (let tries = 0; ; tries++) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST' || tries > 200)
        fail(
          `Cannot write results: ${lock} cannot be made (${error.code}). Remove it if no other run is on.`,
        );
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
  try {
    change();
  } finally {
    rmdirSync(lock);
  }
}

function results() {
  return existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : [];
}

function write(list) {
  replace(kept, `${JSON.stringify(list, null, 2)}\n`);
  replace(join(root, 'experiments', 'RESULTS.md'), table(EXPERIMENTS, list));
}

/** Whole or not at all. */
function replace(path, text) {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

function commit() {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
}

async function load() {
  const outfile = join(root, 'out', 'experiments', 'experiments.mjs');
  await esbuild.build({
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    loader: { '.wasm': 'binary', '.cc': 'text', '.h': 'text' },
    entryPoints: [join(root, 'experiments', 'experiments.ts')],
    outfile,
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

/** 'N' is 1 to N, 'N-M' is N to M. */
function range(name, text) {
  const ends = text.split('-').map(end => wholeNumber(name, end));
  return ends.length === 1 ? [1, ends[0]] : ends;
}

function wholeNumber(name, text) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  return fail(`--${name} is '${text}', expected a whole number of at least 1.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
