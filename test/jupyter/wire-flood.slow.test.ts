// A cell that prints for ever, with front ends that read, that read slowly and that read nothing: memory of
// the bridge and the kernel stays bounded, and the cell can be interrupted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { belongs, printed, WireClient } from './wire-client.ts';
import { processTree, residentMegabytes, startWireKernel, type WireKernel } from './wire-kernel.ts';

const LONG = process.env.GATEBOOK_LONG === '1';
/** Longer than a subscriber that takes nothing is waited for. */
const SECONDS = LONG ? 30 : 7;
/**
 * Resident memory. Of the kernel much is garbage that V8 has not bothered to collect: numbers printed as text go
 * through its cache of such texts and die old. The language service, 150 MB more, is left out.
 */
const KERNEL_LIMIT_MB = 300;
const BOTH_LIMIT_MB = 400;
const OFF = { GATEBOOK_TYPE_ERRORS: 'off' };

/** Largest memory over the time, in MB: of the kernel process, and of the bridge and it together. */
async function watchMemory(kernel: WireKernel, seconds: number): Promise<{ one: number; both: number }> {
  let [one, both] = [0, 0];
  for (let k = 0; k < seconds * 5; k++) {
    await sleep(200);
    const tree = processTree(kernel.pid);
    one = Math.max(one, residentMegabytes(tree.slice(1)));
    both = Math.max(both, residentMegabytes(tree));
  }
  return { one, both };
}

const FLOODS = {
  'console.log': 'console.log("go"); for (;;) console.log("line of output " + Math.random());',
  'long texts': 'console.log("go"); const text = "0123456789".repeat(20000); for (;;) console.log(text);',
  displays:
    'console.log("go"); const html = "<p>" + "0123456789".repeat(10000); for (;;) display.html(html);',
  'descriptor 1':
    'console.log("go"); const bytes = "0123456789\\n".repeat(1000); for (;;) require("node:fs").writeSync(1, bytes);',
};

for (const [name, code] of Object.entries(FLOODS))
  test(`endless ${name}, while one front end reads nothing at all`, {
    skip: process.platform !== 'linux',
  }, async context => {
    const kernel = await startWireKernel(context, { env: OFF });
    const reader = await kernel.connect();
    const stuck = new WireClient(kernel.file, false);
    context.after(() => stuck.close());
    await reader.waitFor(
      () => reader.heard.filter(({ header }) => header.msg_type === 'iopub_welcome').length === 2,
    );
    await reader.execute('1');
    const before = residentMegabytes(processTree(kernel.pid));
    const message = await reader.start(code, 'go');
    reader.keeps = ({ header }) => header.msg_type !== 'stream' && header.msg_type !== 'display_data';
    const { one, both } = await watchMemory(kernel, SECONDS);
    context.diagnostic(
      `${before.toFixed(0)} MB before; at most ${one.toFixed(0)} the kernel, ${both.toFixed(0)} with the bridge`,
    );
    assert.ok(one < KERNEL_LIMIT_MB && both < BOTH_LIMIT_MB, `${one} MB, together ${both} MB`);
    const begun = performance.now();
    await reader.request('control', 'interrupt_request');
    const told = performance.now() - begun;
    const { reply } = await reader.ended(message);
    context.diagnostic(
      `interrupt answered in ${told.toFixed(0)} ms, ended in ${(performance.now() - begun).toFixed(0)} ms`,
    );
    assert.equal(reply.content.ename, 'Interrupted');
    assert.ok(told < 2000, `${told} ms until the interrupt was answered`);
    assert.equal((await reader.execute('"alive"')).reply.content.status, 'ok');
  });

test('a slow front end loses nothing: the cell waits for it', async context => {
  const kernel = await startWireKernel(context, { env: OFF });
  const client = await kernel.connect();
  const message = client.executeMessage('for (let k = 0; k < 60; k++) console.log(k + "x".repeat(200000));');
  await client.send('shell', message);
  // A front end that computes for long reads nothing meanwhile.
  for (let k = 0; k < 10; k++) {
    const end = performance.now() + 150;
    while (performance.now() < end);
    await sleep(1);
  }
  await client.ended(message);
  const text = printed(client.heard.filter(one => belongs(one, message.header)));
  assert.equal(text, Array.from({ length: 60 }, (_, k) => `${k}${'x'.repeat(200_000)}\n`).join(''));
});
