// Makes a fresh clone ready, with plain Node and nothing else: packages, build, native TensorFlow.
// Safe to run again (seconds when nothing changed) and while another set-up runs (it waits).
//   node setup.mjs [--no-native]
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLock } from './kernel/tensorflow/lock.mjs';

const root = dirname(fileURLToPath(import.meta.url));

function say(line) {
  process.stdout.write(`${line}\n`);
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

/** Whether node_modules holds what package-lock.json asks for, by npm's own record of what it installed. */
function packagesAreCurrent() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
  );
}

function run(what, command, args, cure) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0)
    fail(`Cannot ${what}: ${error?.message ?? `${command} ended with code ${status}`}. ${cure}`);
}

function installPackages() {
  if (packagesAreCurrent()) return;
  say('Installing packages (npm ci) ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run('install packages', npm, ['ci', '--loglevel=error'], 'Check the network and run the command again.');
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Cannot set up Gatebook: Node ${process.versions.node} is older than 20. Install Node 20 or later.`);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
const waiting = () => say('Another set-up of this folder is running; waiting for it ...');
await withLock(join(root, 'out', 'setup.lock'), waiting, async () => {
  installPackages();
  run(
    'build',
    process.execPath,
    ['build.mjs', '--types'],
    'The lines above say which file could not be built.',
  );
  if (process.argv.includes('--no-native')) return;
  const { setup } = await import(pathToFileURL(join(root, 'dist', 'cli.js')).href);
  await setup(say);
});
