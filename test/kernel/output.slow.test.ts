// Memory of a kernel whose cell prints or displays for ever while its front end takes little: bounded.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kernel } from '../../kernel/client.ts';
import type { IopubMessage } from '../../kernel/protocol.ts';
import { contents, evaluate, printed, startKernel } from './kernel.ts';

/** 4 MiB of credit, their JSON and lines, and what the collector has not yet taken. */
const BOUND_MB = 120;
/** For the whole kernel process, which has not loaded TensorFlow. */
const RESIDENT_MB = 300;

/** Resident memory of the kernel process in MB. */
function residentMegabytes(kernel: Kernel): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(kernel.pid)], { encoding: 'utf8' })) / 1024;
}

/** Runs an endless cell for 1.4 s with a consumer that takes 20 messages a second; gives the growth and the most in MB. */
async function growth(kernel: Kernel, code: string): Promise<{ grown: number; most: number }> {
  await evaluate(kernel, "console.log('warm'); display(1); 0");
  const before = residentMegabytes(kernel);
  let most = before;
  let isSlow = true;
  const running = kernel.execute(code, { onMessage: () => (isSlow ? sleep(50) : undefined) });
  for (let k = 0; k < 7; k++) {
    await sleep(200);
    most = Math.max(most, residentMegabytes(kernel));
  }
  const interrupted = kernel.interrupt();
  isSlow = false;
  await interrupted;
  assert.equal((await running).status, 'error');
  assert.equal(await evaluate(kernel, '1 + 1'), '2');
  return { grown: most - before, most };
}

for (const [what, code] of [
  ['prints for ever', "for (let k = 0; ; k++) console.log('line', k, 'x'.repeat(100));"],
  ['prints single characters for ever', "for (;;) process.stdout.write('.');"],
  ['displays for ever', "for (let k = 0; ; k++) display('value ' + k + 'x'.repeat(100));"],
  [
    'displays big bundles for ever',
    "const text = 'x'.repeat(1e6); for (;;) display.bundle({ 'text/plain': text });",
  ],
  [
    'updates one display for ever',
    "const one = display(0); for (let k = 0; ; k++) one.update('value ' + k);",
  ],
  [
    'displays for ever and waits in between',
    "for (let k = 0; ; k++) { display({ k, text: 'x'.repeat(100) }); await null; }",
  ],
  ['clears for ever', "for (let k = 0; ; k++) { display.clear({ wait: true }); console.log('step', k); }"],
  [
    'has a child that writes for ever',
    "require('node:child_process').spawn('yes', { stdio: 'inherit' }); await new Promise(() => {});",
  ],
  [
    'waits for a child that writes for ever',
    "require('node:child_process').execSync('yes', { stdio: 'inherit' });",
  ],
  [
    "passes on a child's endless output",
    "require('node:child_process').spawn('yes').stdout.pipe(process.stdout); await new Promise(() => {});",
  ],
  [
    "prints a child's endless output",
    "require('node:child_process').spawn('yes').stdout.on('data', data => console.log(String(data))); await new Promise(() => {});",
  ],
  [
    'writes natively for ever',
    "const fs = require('node:fs'); const text = 'x'.repeat(1000) + '\\n'; for (;;) fs.writeSync(1, text);",
  ],
] as const) {
  test(`a cell that ${what} keeps below ${BOUND_MB} MB`, async context => {
    const kernel = await startKernel(context);
    const { grown, most } = await growth(kernel, code);
    context.diagnostic(`grew by ${grown.toFixed(0)} to ${most.toFixed(0)} MB`);
    assert.ok(grown < BOUND_MB, `grew by ${grown} MB`);
    assert.ok(most < RESIDENT_MB, `${most} MB`);
  });
}

test('a loop whose displays all take time ends with an error that says what to do', async context => {
  const kernel = await startKernel(context);
  const code = `const slow = { [Symbol.for('Jupyter.display')]: () => new Promise(() => {}) }; for (;;) display(slow);`;
  const messages: IopubMessage[] = [];
  await kernel.execute(code, { onMessage: message => void messages.push(message) });
  assert.match(contents(messages, 'error')[0]!.evalue, /10,000 displays.*await/s);
  assert.equal(await evaluate(kernel, '1 + 1'), '2');
});

test('a slow front end gets every line, in order', async context => {
  const kernel = await startKernel(context);
  let text = '';
  await kernel.execute("for (let k = 0; k < 200000; k++) console.log('line ' + k)", {
    onMessage: async message => {
      if (text.length % 7 === 0) await sleep(1);
      text += printed([message]);
    },
  });
  assert.ok(text === Array.from({ length: 200000 }, (_, k) => `line ${k}\n`).join(''), 'lines are missing');
});
