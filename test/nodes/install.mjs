// Installs the other Nodes that the kernel's tests run on (200 MB, once), from npm, pinned in the lock file.
// Safe to run again (it then ends at once) and twice at the same time (the second waits for the first).
//   node test/nodes/install.mjs
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../../kernel/tensorflow/lock.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const stamp = join(here, 'node_modules', '.gatebook-installed');
const lock = join(here, '..', '..', 'out', 'test-nodes-install.lock');

const wantedStamp = () =>
  createHash('sha256')
    .update(readFileSync(join(here, 'package-lock.json')))
    .digest('hex');
const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedStamp();

async function install() {
  if (isInstalled()) return; // by the one we waited for
  rmSync(stamp, { force: true });
  process.stdout.write('Installing Node 22 and 24 for tests ...\n');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', args, { cwd: here, stdio: 'inherit' });
  if (status !== 0) {
    const reason = error?.message ?? `npm ended with code ${status}`;
    throw new Error(
      `Cannot install the Nodes of the tests: ${reason}. Check the network and run the command again.`,
    );
  }
  writeFileSync(stamp, wantedStamp());
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

if (!isInstalled()) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    fail('Cannot install the Nodes of the tests: their packages are for Linux on x64 only');
  const waiting = () => process.stdout.write('Another process installs them; waiting for it ...\n');
  await withLock(lock, waiting, install).catch(error => fail(error.message));
}
