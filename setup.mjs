// Makes a fresh clone ready, with plain Node and nothing else: packages, build, native TensorFlow.
// Safe to run again (seconds when nothing changed) and while another set-up runs (it waits).
//   node setup.mjs [--no-native]
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const lock = join(root, 'out', 'setup.lock');

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

/** Takes the lock, waiting for a set-up that is alive; one left by a process that died is taken over. */
async function takeLock() {
  const mine = `${lock}.${process.pid}`;
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(mine, String(process.pid));
  for (let waited = false; ; ) {
    try {
      linkSync(mine, lock); // atomic, and never an empty file
      rmSync(mine);
      process.on('exit', () => rmSync(lock, { force: true }));
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = lockHolder();
    if (!isAlive(holder)) removeLockOf(holder);
    else if (!waited) {
      say('Another set-up of this folder is running; waiting for it ...');
      waited = true;
    }
    await sleep(300);
  }
}

/** Two that wait may both see a dead holder: only one removes its lock, and only while it is still that one's. */
function removeLockOf(dead) {
  const claim = `${lock}.dead`;
  try {
    writeFileSync(claim, '', { flag: 'wx' });
  } catch {
    return;
  }
  if (lockHolder() === dead) rmSync(lock, { force: true });
  rmSync(claim, { force: true });
}

function lockHolder() {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Cannot set up Gatebook: Node ${process.versions.node} is older than 20. Install Node 20 or later.`);
}
await takeLock();
installPackages();
run('build', process.execPath, ['build.mjs'], 'The lines above say which file could not be built.');
if (!process.argv.includes('--no-native')) {
  const { setup } = await import(pathToFileURL(join(root, 'dist', 'cli.js')).href);
  await setup?.(say);
}
