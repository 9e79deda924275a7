// How a kernel ends: told to, killed, by its own fault, or because the bridge is gone. No process and no
// temporary file may be left, and a death is told in the cell that ran.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { curveKeyPair } from 'zeromq';
import { temporaryFolder } from '../kernel/kernel.ts';
import { isState, printed, types, WireClient } from './wire-client.ts';
import { isRunning, processTree, startWireKernel, type WireKernel, writeConnection } from './wire-kernel.ts';

const TIMES = process.env.GATEBOOK_LONG === '1' ? 20 : 2;
const onLinux = { skip: process.platform === 'linux' ? false : 'processes are read from /proc' };

/** Starts what a cell leaves behind, and gives every process that belongs to the kernel. */
async function startWithChildren(
  context: TestContext,
  options = {},
): Promise<[WireKernel, WireClient, number[]]> {
  const kernel = await startWireKernel(context, options);
  const client = await kernel.connect();
  await client.execute(`
    const { spawn } = require('node:child_process');
    spawn('sleep', ['1000'], { stdio: 'ignore' });
    spawn('sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], { stdio: 'inherit' });`);
  await sleep(50);
  const tree = processTree(kernel.pid);
  assert.ok(tree.length >= 4, `${tree}`);
  return [kernel, client, tree];
}

async function goneWithin(pids: readonly number[], milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (pids.some(isRunning) && performance.now() < end) await sleep(20);
  assert.deepEqual(pids.filter(isRunning), []);
}

test(`${TIMES} restarts: same addresses, nothing left of the kernel before`, onLinux, async context => {
  const folder = temporaryFolder(context);
  const temporary = temporaryFolder(context);
  let file: string | undefined;
  for (let k = 0; k < TIMES; k++) {
    const [kernel, client, tree] = await startWithChildren(context, {
      folder,
      env: { TMPDIR: temporary },
      ...(file ? { file } : {}),
    });
    file = kernel.file;
    assert.equal((await client.execute('typeof witness')).reply.content.execution_count, 2, 'a fresh kernel');
    const busy = k % 2 === 1;
    if (busy) await client.start('var witness = 1; console.log("go"); for (;;);', 'go');
    const request = client.message('shutdown_request', { restart: true });
    await client.send('control', request);
    assert.deepEqual((await client.replyTo(request)).content, { status: 'ok', restart: true });
    await client.waitFor(
      ({ header, channel }) => channel === 'iopub' && header.msg_type === 'shutdown_reply',
    );
    assert.deepEqual(await kernel.ended, { code: 0, signal: null });
    await goneWithin(tree, 1000); // killed is not yet gone
    client.close();
  }
  assert.deepEqual(readdirSync(temporary), []);
  assert.deepEqual(readdirSync(folder), ['connection.json']);
});

test('sockets in files leave none behind', { skip: process.platform === 'win32' }, async context => {
  const folder = temporaryFolder(context);
  const kernel = await startWireKernel(context, {
    folder,
    fields: { transport: 'ipc', ip: join(folder, 'ipc') },
  });
  const client = await kernel.connect();
  assert.equal(readdirSync(folder).length, 6);
  await client.request('control', 'shutdown_request', { restart: false });
  await kernel.ended;
  assert.deepEqual(readdirSync(folder), ['connection.json']);
});

test('an encrypted connection, as jupyter_client sets it up; who has no key hears nothing', async context => {
  const { publicKey, secretKey } = curveKeyPair();
  const fields = { curve_publickey: publicKey, curve_secretkey: secretKey };
  const kernel = await startWireKernel(context, { fields });
  const client = await kernel.connect();
  assert.equal((await client.execute('1')).reply.content.status, 'ok');
  const file = join(kernel.folder, 'without-keys.json');
  const { curve_publickey, curve_secretkey, ...rest } = JSON.parse(readFileSync(kernel.file, 'utf8'));
  writeFileSync(file, JSON.stringify(rest), { mode: 0o600 });
  const stranger = new WireClient(file);
  context.after(() => stranger.close());
  await assert.rejects(stranger.waitFor(() => true, 500));
});

for (const signal of ['SIGTERM', 'SIGHUP'] as const)
  test(`${signal} ends everything, also while a cell loops`, onLinux, async context => {
    const [kernel, client, tree] = await startWithChildren(context);
    await client.start('console.log("go"); for (;;);', 'go');
    kernel.process.kill(signal);
    assert.deepEqual(await kernel.ended, { code: 0, signal: null });
    await goneWithin(tree, 1000); // killed is not yet gone
  });

for (const busy of [true, false])
  test(
    `SIGKILL of the bridge ends everything, ${busy ? 'though a cell loops' : 'also what ignores SIGTERM'}`,
    onLinux,
    async context => {
      const [kernel, client, tree] = await startWithChildren(context);
      if (busy) await client.start('console.log("go"); for (;;);', 'go');
      kernel.process.kill('SIGKILL');
      await kernel.ended;
      await goneWithin(tree, 4000);
    },
  );

test(
  'the kernel does not outlive whoever started it, where jupyter_client says so',
  onLinux,
  async context => {
    const folder = temporaryFolder(context);
    const file = await writeConnection(folder);
    const script = 'JPY_PARENT_PID=$$ "$0" dist/cli.js kernel --connection-file "$1" & wait';
    const parent = spawn('sh', ['-c', script, process.execPath, file], { stdio: 'ignore' });
    context.after(() => parent.kill('SIGKILL'));
    const client = new WireClient(file);
    context.after(() => client.close());
    await client.ready();
    const tree = processTree(parent.pid!);
    assert.equal(tree.length, 3, `${tree}`);
    parent.kill('SIGKILL');
    await goneWithin(tree, 8000);
  },
);

test('SIGINT interrupts the cell, as front ends did before interrupt_request', onLinux, async context => {
  const kernel = await startWireKernel(context);
  const client = await kernel.connect();
  const message = await client.start('console.log("go"); for (;;);', 'go');
  kernel.process.kill('SIGINT');
  assert.equal((await client.ended(message)).reply.content.ename, 'Interrupted');
});

/** Ways to die, and what the cell must say. */
const DEATHS: readonly [name: string, code: string, words: RegExp][] = [
  ['SIGKILL', 'process.kill(process.pid, "SIGKILL"); for (;;);', /signal SIGKILL.*memory ran out/s],
  ['process.abort()', 'process.abort();', /signal SIGABRT/],
  [
    'a fault in native code',
    'process.kill(process.pid, "SIGSEGV"); for (;;);',
    /signal SIGSEGV.*native code/s,
  ],
];

test(
  'a death is told in the cell that ran, the queued are aborted, the next cell runs',
  onLinux,
  async context => {
    const kernel = await startWireKernel(context);
    const client = await kernel.connect();
    for (const [name, code, words] of DEATHS) {
      const cell = client.executeMessage(
        `console.log("before"); require("fs").writeSync(1, "native"); ${code}`,
      );
      const queued = client.executeMessage('1');
      await client.send('shell', cell);
      await client.send('shell', queued);
      const died = await client.ended(cell);
      assert.equal(died.reply.content.status, 'error', name);
      assert.equal(died.reply.content.ename, 'KernelDied', name);
      assert.match(String(died.reply.content.evalue), words, name);
      assert.doesNotMatch(String(died.reply.content.evalue), /[Rr]estart it/, name);
      assert.equal(types(died.messages).at(-1), 'idle');
      const error = died.messages.find(({ header }) => header.msg_type === 'error')!;
      assert.match(String(error.content.evalue), words);
      assert.equal(
        printed(died.messages, 'stdout').replace('before\n', ''),
        'native',
        'native output before the death',
      );
      const aborted = await client.ended(queued);
      assert.equal(aborted.reply.content.status, 'aborted', name);
      assert.deepEqual(types(aborted.messages), ['busy', 'idle']);
      await client.waitFor(one => isState(one, 'starting'));
      client.heard.splice(0);
      const { reply } = await client.execute('1 + 1');
      assert.deepEqual([reply.content.status, reply.content.execution_count], ['ok', 1], name);
    }
  },
);

test('a full heap is told as what it is', onLinux, async context => {
  const kernel = await startWireKernel(context, { flags: ['--max-old-space-size=80'] });
  const client = await kernel.connect();
  const { reply } = await client.execute(
    'const all = []; for (;;) all.push(Array(1e5).fill(all.length + 0.5));',
  );
  assert.match(String(reply.content.evalue), /the JavaScript heap is full/);
  assert.equal((await client.execute('1 + 1')).reply.content.status, 'ok');
});

test('a kernel that dies while idle is replaced at once', onLinux, async context => {
  const kernel = await startWireKernel(context);
  const client = await kernel.connect();
  await client.execute('1');
  const [child] = processTree(kernel.pid).slice(1);
  client.heard.splice(0);
  process.kill(child!, 'SIGKILL');
  await client.waitFor(one => isState(one, 'starting'));
  await client.waitFor(one => isState(one, 'idle') && Object.keys(one.parent_header).length === 0);
  assert.equal((await client.execute('2 + 2')).reply.content.execution_count, 1);
  assert.match(kernel.stderr(), /The kernel died with signal SIGKILL/);
});

test('what cannot start says so and ends', onLinux, async context => {
  const missing = await startWireKernel(context, { file: join(temporaryFolder(context), 'none.json') });
  assert.equal((await missing.ended).code, 1, missing.stderr());
  assert.match(missing.stderr(), /^Cannot read connection file .*none\.json: ENOENT/);
  const first = await startWireKernel(context);
  await first.connect();
  const second = await startWireKernel(context, { file: first.file });
  assert.equal((await second.ended).code, 1, second.stderr());
  assert.match(second.stderr(), /Cannot listen on tcp:\/\/127\.0\.0\.1:\d+: Address already in use/);
  assert.deepEqual(processTree(second.pid).filter(isRunning), []);
  assert.match(readFileSync(first.file, 'utf8'), /"key"/);
});
