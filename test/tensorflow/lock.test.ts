// Two set-ups at once: one works, the others wait and say so; a lock left by a dead process is taken over.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLock } from '../../kernel/tensorflow/lock.mjs';

const PROGRAM = join(process.cwd(), 'out', 'test', 'tensorflow', 'lock.entry.js');

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatebook-lock-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('three at once run one after another, and those that wait say for whom', () =>
  inFolder(async folder => {
    const [lock, log] = [join(folder, 'setup.lock'), join(folder, 'log')];
    const children = [1, 2, 3].map(() => spawn(process.execPath, [PROGRAM, lock, log, '200']));
    const codes = await Promise.all(children.map(async child => (await once(child, 'exit'))[0] as number));
    assert.deepEqual(codes, [0, 0, 0]);
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    const work = lines.filter(line => !line.startsWith('waiting')).map(line => line.split(' '));
    assert.equal(work.length, 6);
    for (const at of [0, 2, 4]) {
      assert.deepEqual([work[at]![0], work[at + 1]![0]], ['begin', 'end']);
      assert.equal(work[at]![1], work[at + 1]![1], 'nobody began while another worked');
    }
    assert.ok(lines.some(line => /^waiting for \d+@/.test(line)));
    assert.ok(!existsSync(lock));
  }));

test('a lock left by a process that died is taken over, also by several at once', () =>
  inFolder(async folder => {
    const [lock, log] = [join(folder, 'setup.lock'), join(folder, 'log')];
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    await writeFile(lock, `${dead.pid}@${hostname()}`);
    const children = [1, 2, 3].map(() => spawn(process.execPath, [PROGRAM, lock, log, '50']));
    await Promise.all(children.map(child => once(child, 'exit')));
    const lines = (await readFile(log, 'utf8'))
      .trim()
      .split('\n')
      .filter(line => !line.startsWith('waiting'));
    assert.deepEqual(
      lines.map(line => line.split(' ')[0]),
      ['begin', 'end', 'begin', 'end', 'begin', 'end'],
    );
  }));

test('the lock is given back when the work fails', () =>
  inFolder(async folder => {
    const lock = join(folder, 'setup.lock');
    const failing = withLock(
      lock,
      () => {},
      async () => {
        throw new Error('no network');
      },
    );
    await assert.rejects(failing, /no network/);
    assert.ok(!existsSync(lock));
  }));

test('the lock is given back when the process exits in the middle, in plain Node as setup.mjs runs', () =>
  inFolder(async folder => {
    const lock = join(folder, 'setup.lock');
    const program = `
      import { existsSync } from 'node:fs';
      import { withLock } from './kernel/tensorflow/lock.mjs';
      const lock = ${JSON.stringify(lock)};
      await withLock(lock, () => {}, async () => process.exit(existsSync(lock) ? 7 : 1));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    assert.equal((await once(child, 'exit'))[0], 7);
    assert.ok(!existsSync(lock));
  }));
