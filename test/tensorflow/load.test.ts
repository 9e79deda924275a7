// The backend ladder: what is asked for is what runs, or an error that says what would mend it; and a fall
// to a slower backend is never silent.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { BackendStatus } from '../../kernel/protocol.ts';
import { runProgram } from '../lstm/backends.ts';

interface Found {
  readonly statuses: readonly BackendStatus[];
  readonly sum?: number;
  readonly same?: boolean;
  readonly error?: string;
}

async function load(backend: string, more: NodeJS.ProcessEnv = {}): Promise<Found> {
  const { stdout, stderr } = await runProgram('tensorflow/load.entry.js', backend, more);
  assert.equal(stderr, '');
  return JSON.parse(stdout) as Found;
}

for (const backend of ['wasm', 'cpu'])
  test(`${backend} when it is asked for, without a reproach`, async () => {
    const found = await load(backend);
    assert.deepEqual(found.statuses, [
      { state: 'loading' },
      { state: 'ready', backend, tensorflow: null, tfjs: '4.22.0', why: null },
    ]);
    assert.equal(found.sum, 3);
    assert.equal(found.same, true);
  });

test('a name that is no backend', async () => {
  const { error, statuses } = await load('gpu');
  assert.match(error ?? '', /GATEBOOK_BACKEND is 'gpu'.*tensorflow, wasm or cpu/);
  assert.equal(statuses.at(-1)?.state, 'failed');
});

test('without native TensorFlow: WebAssembly, with why and the cure; forced, an error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatebook-load-'));
  try {
    const entry = await copyWithoutNative(folder);
    const run = (backend: string) => {
      const env = { ...process.env, GATEBOOK_BACKEND: backend, XDG_CACHE_HOME: join(folder, 'cache') };
      const { stdout, stderr } = spawnSync(process.execPath, [entry], { env, encoding: 'utf8' });
      assert.equal(stderr, '');
      return JSON.parse(stdout) as Found;
    };
    const fallen = run('').statuses.at(-1);
    assert.ok(fallen?.state === 'ready' && fallen.backend === 'wasm');
    assert.match(
      fallen.why ?? '',
      /^Native TensorFlow: it has not been built for this machine\. Run `gatebook setup`/,
    );
    assert.match(run('tensorflow').error ?? '', /Cannot start TensorFlow.*not been built.*gatebook setup/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** The test's own program beside packages of which tfjs-node alone is a copy that was never set up. */
async function copyWithoutNative(folder: string): Promise<string> {
  const modules = join(process.cwd(), 'node_modules');
  const scope = join(folder, 'node_modules', '@tensorflow');
  await mkdir(scope, { recursive: true });
  for (const name of await readdir(join(modules, '@tensorflow')))
    if (name === 'tfjs-node') {
      const native = /tfjs-node\/(deps|lib)(\/|$)/;
      await cp(join(modules, '@tensorflow', name), join(scope, name), {
        recursive: true,
        filter: path => !native.test(path),
      });
    } else await symlink(join(modules, '@tensorflow', name), join(scope, name));
  const built = join(process.cwd(), 'out', 'test');
  await cp(join(built, 'tensorflow'), join(folder, 'out', 'tensorflow'), { recursive: true });
  await cp(join(built, 'chunks'), join(folder, 'out', 'chunks'), { recursive: true });
  await cp(join(dirname(built), '..', 'package.json'), join(folder, 'package.json'));
  return join(folder, 'out', 'tensorflow', 'load.entry.js');
}
