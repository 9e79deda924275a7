// `gatebook setup` for real, with a cache of its own: from nothing (two at once), from the cache, when all is
// done, and on a machine without a compiler. Downloads TensorFlow once.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { BackendStatus } from '../../kernel/protocol.ts';
import type { SetupOutcome } from '../../kernel/tensorflow/install.ts';

interface Said {
  readonly lines: readonly string[];
  readonly outcome: SetupOutcome;
  readonly seconds: number;
}

const LINUX_X64 = process.platform === 'linux' && process.arch === 'x64';
const options = LINUX_X64 ? {} : { skip: 'the wheel is known for Linux x64 only' };
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatebook-setup-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A node_modules in which tfjs-node is a copy that was never set up. */
async function freshTfjsNode(name: string): Promise<string> {
  const from = join(process.cwd(), 'node_modules');
  const to = join(folder, name, 'node_modules');
  await mkdir(join(to, '@tensorflow'), { recursive: true });
  for (const entry of await readdir(from))
    if (entry !== '@tensorflow') await symlink(join(from, entry), join(to, entry));
  for (const entry of await readdir(join(from, '@tensorflow')))
    if (entry !== 'tfjs-node')
      await symlink(join(from, '@tensorflow', entry), join(to, '@tensorflow', entry));
  const native = /tfjs-node\/(deps|lib)(\/|$)/;
  const copy = join(to, '@tensorflow', 'tfjs-node');
  await cp(join(from, '@tensorflow', 'tfjs-node'), copy, {
    recursive: true,
    filter: path => !native.test(path),
  });
  return copy;
}

const BUILT = join(process.cwd(), 'out', 'test');

function setUp(tfjsNode: string, more: NodeJS.ProcessEnv = {}): Promise<Said> {
  return run<Said>(join(BUILT, 'tensorflow', 'setup.entry.js'), [tfjsNode], more);
}

/** Runs a program with the test's own cache; it prints JSON. */
function run<T>(
  program: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<T & { seconds: number }> {
  const env = { ...process.env, GATEBOOK_BACKEND: '', XDG_CACHE_HOME: join(folder, 'cache'), ...more };
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', text => (stdout += text));
    child.stderr.on('data', text => (stderr += text));
    child.on('close', code => {
      if (code !== 0) return reject(new Error(stderr));
      resolve({ ...(JSON.parse(stdout) as T), seconds: (performance.now() - start) / 1000 });
    });
  });
}

test('two at once from nothing: one downloads and builds, the other waits and says so', options, async () => {
  const tfjsNode = await freshTfjsNode('first');
  const manifest = await readFile(join(tfjsNode, 'package.json'), 'utf8');
  const both = await Promise.all([setUp(tfjsNode), setUp(tfjsNode)]);
  for (const { outcome, lines } of both) assert.equal(outcome.backend, 'tensorflow', lines.join('\n'));
  const all = both.flatMap(({ lines }) => lines);
  assert.equal(all.filter(line => line.startsWith('Another set-up of TensorFlow is running')).length, 1);
  assert.equal(all.filter(line => line.includes('downloading')).length <= 1, true, 'at most one download');
  assert.equal(await readFile(join(tfjsNode, 'package.json'), 'utf8'), manifest);
  const cache = await readdir(join(folder, 'cache', 'gatebook'));
  assert.ok(
    cache.every(name => !name.startsWith('partial-') && name !== 'setup.lock'),
    cache.join(),
  );
});

test('again: seconds, and nothing done', options, async () => {
  const { outcome, lines, seconds } = await setUp(
    join(folder, 'first', 'node_modules', '@tensorflow', 'tfjs-node'),
  );
  assert.deepEqual(outcome, { ...outcome, backend: 'tensorflow', how: 'already native' });
  assert.equal(lines.length, 1);
  assert.ok(seconds < 15, `${seconds} s`);
});

test('a second clone takes it from the cache', options, async t => {
  if (!existsSync(join(folder, 'cache', 'gatebook'))) return t.skip('the install script was in reach');
  const { outcome, lines } = await setUp(await freshTfjsNode('second'));
  assert.deepEqual(outcome, { ...outcome, backend: 'tensorflow', how: 'cache' });
  assert.ok(
    lines.every(line => !/download|compil/i.test(line)),
    lines.join('\n'),
  );
});

test(
  'gatebook without a tfjs-node beside it: tfjs in the cache folder, and taken from there',
  options,
  async () => {
    const alone = join(folder, 'alone');
    for (const name of ['tensorflow', 'chunks'])
      await cp(join(BUILT, name), join(alone, name), { recursive: true });
    await writeFile(join(alone, 'package.json'), '{"type": "module"}');
    const { outcome, lines } = await run<Said>(join(alone, 'tensorflow', 'setup.entry.js'), []);
    assert.equal(outcome.backend, 'tensorflow', lines.join('\n'));
    assert.match(lines[0] ?? '', /^Installing tfjs 4\.22\.0 into /);
    const loaded = await run<{ statuses: readonly BackendStatus[]; sum: number }>(
      join(alone, 'tensorflow', 'load.entry.js'),
      [],
    );
    const status = loaded.statuses.at(-1);
    assert.ok(status?.state === 'ready' && status.backend === 'tensorflow', JSON.stringify(status));
    assert.equal(loaded.sum, 3);
  },
);

test('without a compiler: WebAssembly, and the cure', options, async t => {
  const built = (await readdir(join(folder, 'cache', 'gatebook'))).find(name =>
    name.startsWith('tensorflow-'),
  );
  if (!built) return t.skip('the install script was in reach');
  for (const name of await readdir(join(folder, 'cache', 'gatebook', built)))
    if (name.endsWith('.node')) await rm(join(folder, 'cache', 'gatebook', built, name));
  const { outcome, lines } = await setUp(await freshTfjsNode('third'), { CXX: 'no-such-compiler' });
  assert.equal(outcome.backend, 'wasm');
  assert.match(
    lines.at(-1) ?? '',
    /WebAssembly will be used\. .*no-such-compiler is not on this machine\. Install a C\+\+/,
  );
});

test('GATEBOOK_BACKEND=wasm: nothing is set up', async () => {
  const { outcome } = await setUp(join(folder, 'nowhere'), { GATEBOOK_BACKEND: 'wasm' });
  assert.deepEqual(outcome, { backend: 'wasm', why: 'GATEBOOK_BACKEND is wasm' });
});
