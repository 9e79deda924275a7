// Runs the checks and tests and ends with `N passed, N failed`, counting what really ran.
//   node test/run.mjs            everything: types, lint, quick tests, slow tests
//   node test/run.mjs --quick    types, lint and quick tests, under a minute
//   node test/run.mjs --long     everything, with the full counts where the usual run does a tenth
//   node test/run.mjs NAME ...   only test files whose path contains one of the names
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const options = process.argv.slice(2).filter(argument => argument.startsWith('--'));
const names = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
const quickOnly = options.includes('--quick');
if (options.includes('--long')) process.env.GATEBOOK_LONG = '1';

// Kernels of the tests must not write into the progress of whoever runs them.
process.env.GATEBOOK_DATA = mkdtempSync(join(tmpdir(), 'gatebook-test-data-'));
process.on('exit', () => rmSync(process.env.GATEBOOK_DATA, { recursive: true, force: true }));

const bin = name => join('node_modules', name);
const checks = [
  ['types', [bin('typescript/bin/tsc'), '--noEmit']],
  ['lint', [bin('@biomejs/biome/bin/biome'), 'check']],
];

let passed = 0;
let failed = 0;
let skipped = 0;

function check([name, args]) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.stdout.write(`${status === 0 ? '✔' : '✖'} ${name}\n`);
  if (status === 0) passed++;
  else failed++;
}

/** Built test files below out/test, slow ones apart. Node 20 takes no globs, so the list is ours to make. */
function testFiles(slow) {
  return readdirSync('out/test', { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.test.js'))
    .map(entry => relative(process.cwd(), join(entry.parentPath, entry.name)))
    .filter(file => file.endsWith('.slow.test.js') === slow)
    .filter(file => existsSync(file.replace(/^out[\\/]/, '').replace(/\.js$/, '.ts')))
    .filter(file => names.length === 0 || names.some(name => file.includes(name)))
    .sort();
}

/** Slow tests run one file at a time: several start servers and measure memory. */
async function runFiles(files, concurrency) {
  if (files.length === 0) return;
  const stream = run({ files, concurrency, timeout: 15 * 60_000 });
  const count = outcome => data => {
    if (data.details?.type === 'suite' || data.todo) return;
    if (data.skip !== undefined) skipped++;
    else if (outcome === 'passed') passed++;
    else failed++;
  };
  stream.on('test:pass', count('passed'));
  stream.on('test:fail', count('failed'));
  for await (const text of stream.compose(new spec())) process.stdout.write(text);
}

/** What slow tests need and npm does not bring; it is kept, so only the first run takes its time. */
function install(script, what) {
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status === 0) return;
  failed++;
  process.stdout.write(`✖ ${what} could not be installed\n`);
}

if (names.length === 0) for (const one of checks) check(one);
await runFiles(testFiles(false), 2);
const slow = quickOnly ? [] : testFiles(true);
if (slow.length > 0) {
  install('test/vscode/install.mjs', 'the test browser and VS Code');
  install('test/jupyter/install.mjs', 'the Python environments of the tests');
  install('test/nodes/install.mjs', 'Node 22 and 24');
  await runFiles(slow, 1);
}
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
if (skipped > 0) process.stdout.write(`${skipped} skipped: the reasons stand with them above\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
