// `npm run experiments -- [NAME ...] [--seeds N] [--limit N]`: runs experiments (all unless named), seeds 1 to N,
// keeps what they gave in results.json and writes the table of it, RESULTS.md.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const kept = join(root, 'experiments', 'results.json');
const { EXPERIMENTS, outcomesOf, table } = await load();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '3' }, limit: { type: 'string' }, table: { type: 'boolean' } },
});
const seeds = wholeNumber('seeds', values.seeds);
const limit = values.limit === undefined ? null : wholeNumber('limit', values.limit);
const known = EXPERIMENTS.map(({ name }) => name);
const unknown = positionals.find(name => !known.includes(name));
if (unknown) fail(`No experiment is named '${unknown}': there are ${known.join(', ')}.`);

const asked =
  positionals.length === 0
    ? EXPERIMENTS
    : positionals.map(name => EXPERIMENTS.find(one => one.name === name));
if (!values.table) for (const one of asked) await run(one);
write(results());

async function run(one) {
  const most = limit ?? one.limit;
  process.stdout.write(`\n${one.name}: ${one.title}\n`);
  const outcomes = [];
  for await (const outcome of outcomesOf(one, seeds, most)) {
    outcomes.push(outcome);
    const end = outcome.needed === null ? `not solved in ${most}` : `needed ${outcome.needed}`;
    process.stdout.write(`  seed ${outcome.seed}: ${end}; ${outcome.detail}\n`);
    // After each seed, that one stopped early keeps what it has; and read again: another run may have ended meanwhile.
    const others = results().filter(({ name }) => name !== one.name);
    write([...others, { name: one.name, commit: commit(), limit: most, outcomes }]);
  }
}

function results() {
  return existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : [];
}

function write(list) {
  const sorted = [...list].sort((left, right) => known.indexOf(left.name) - known.indexOf(right.name));
  writeFileSync(kept, `${JSON.stringify(sorted, null, 2)}\n`);
  writeFileSync(join(root, 'experiments', 'RESULTS.md'), table(EXPERIMENTS, sorted));
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

function wholeNumber(name, text) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  return fail(`--${name} is '${text}', expected a whole number of at least 1.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
