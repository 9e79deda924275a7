// What a cell does to its own process: what can be refused leaves the kernel sound, what cannot is named in the
// cell. Processes that cells start end with the kernel, say what they say in the cell, and hear an interrupt.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { KernelDied } from '../../kernel/client.ts';
import { contents, evaluate, printed, runCell, startCell, startKernel } from './kernel.ts';

describe('what does not end the kernel', () => {
  const cases = [
    { what: 'process.exit', code: 'process.exit(5)', words: /process\.exit\(5\) is not available in a cell/ },
    {
      what: 'process.exit in a timer',
      code: 'setTimeout(() => process.exit(5), 1); await new Promise(resolve => setTimeout(resolve, 30)); 1',
      words: /process\.exit\(5\) is not available/,
    },
    {
      what: 'a stack overflow',
      code: 'const deep = (): number => 1 + deep(); deep()',
      words: /call stack size/,
    },
    {
      what: 'a stack overflow between awaits',
      code: 'const deep = (): number => 1 + deep(); await null; deep()',
      words: /call stack size/,
    },
    {
      what: 'a stack overflow in a promise that nobody awaits',
      code: 'const deep = (): number => 1 + deep(); void Promise.resolve().then(deep); await null; 1',
      words: /call stack size/,
    },
    {
      what: 'a string that is too long',
      code: "'x'.repeat(2 ** 29).repeat(2 ** 10)",
      words: /string (count|length)/i,
    },
    { what: 'an array that is too long', code: 'new Array(-1)', words: /array length/ },
    {
      what: 'a buffer that memory has no room for',
      code: 'new ArrayBuffer(2 ** 52)',
      words: /Array buffer allocation failed/,
    },
    { what: 'a rejection', code: "void Promise.reject(new Error('late')); 1", words: /late/ },
    {
      what: 'a worker out of memory',
      code: `import { Worker } from 'node:worker_threads';
const hoarder = new Worker('const all = []; for (;;) all.push(new Array(1000).fill(1.5))', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } });
await new Promise((_, reject) => hoarder.on('error', reject))`,
      words: /memory/,
    },
  ];
  test('leaves an error in the cell, and variables', async context => {
    const kernel = await startKernel(context);
    await evaluate(kernel, "let witness = 'kept';");
    for (const { what, code, words } of cases) {
      const { messages } = await runCell(kernel, code);
      assert.match(contents(messages, 'error')[0]?.evalue ?? 'no error', words, what);
      assert.equal(await evaluate(kernel, 'await null; witness'), "'kept'", what);
    }
  });
});

describe('what ends the kernel', () => {
  const cases = [
    { what: 'an exit past Node', code: '(process as any).reallyExit(7)', words: /exit code 7/ },
    {
      what: 'a fault in native code',
      code: "process.kill(process.pid, 'SIGSEGV')",
      words: /SIGSEGV.*native code/s,
    },
    {
      what: 'an end from outside',
      code: "process.kill(process.pid, 'SIGKILL')",
      words: /SIGKILL.*memory ran out/s,
    },
    {
      what: 'an abort',
      code: "import fs from 'node:fs'; fs.writeSync(2, 'why it gave up\\n'); process.abort()",
      words: /SIGABRT.*gave up by itself.*last words:.*why it gave up/s,
    },
  ];
  for (const { what, code, words } of cases) {
    test(`${what} is named in the cell`, async context => {
      const kernel = await startKernel(context);
      const running = runCell(kernel, `console.log('before'); ${code}; for (;;) ;`);
      const error = await running.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof KernelDied, String(error));
      assert.match(error.message, words);
      assert.match(error.message, /Restart it and run the cells again/);
    });
  }
});

/** Starts a child, one that ignores SIGTERM, and a detached one; says their pids. */
const CHILDREN = `
import { spawn, execSync, execFileSync } from 'node:child_process';
const started = [
  spawn('sleep', ['1000']),
  spawn('sh', ['-c', "trap '' TERM; exec sleep 1000"], { stdio: 'inherit' }),
  spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }),
].map(child => child.pid);
console.log('pids ' + started.join(' ') + ' .');`;

async function startChildren(run: (code: string) => Promise<string>): Promise<number[]> {
  return (await run(CHILDREN))
    .match(/pids ([\d ]+)/)![1]!
    .trim()
    .split(' ')
    .map(Number);
}

/** Not there, or only waiting for its parent to take note. */
function isGone(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return state.trim() === '' || state.startsWith('Z');
  } catch {
    return true;
  }
}

async function assertOnlyDetachedLives(pids: readonly number[]): Promise<void> {
  const [one, stubborn, detached] = pids as [number, number, number];
  for (let waited = 0; !isGone(one) || !isGone(stubborn); waited += 50) {
    assert.ok(waited < 5000, `left behind: ${pids.filter(pid => !isGone(pid)).join(' ')}`);
    await sleep(50);
  }
  assert.equal(isGone(detached), false, "a detached process is the user's own");
  process.kill(detached);
}

describe('processes of a cell', { skip: process.platform === 'win32' && 'no process groups' }, () => {
  for (const how of ['shutdown', 'dispose', 'death'] as const) {
    test(`end with the kernel: ${how}`, async context => {
      const kernel = await startKernel(context);
      const pids = await startChildren(async code => printed((await runCell(kernel, code)).messages));
      assert.deepEqual(pids.map(isGone), [false, false, false]);
      if (how === 'death') await runCell(kernel, 'process.abort()').catch(() => {});
      else if (how === 'dispose') await kernel.dispose();
      else await kernel.shutdown();
      await assertOnlyDetachedLives(pids);
    });
  }

  for (const after of ['', 'for (;;) ;']) {
    test(`end when the client is killed${after && ', though a cell loops'}`, async context => {
      const entry = join(process.cwd(), 'out', 'test', 'kernel', 'orphan.entry.js');
      const parent = spawn(process.execPath, [entry, CHILDREN + after, ' .'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      context.after(() => parent.kill('SIGKILL'));
      const pids = await startChildren(
        () => new Promise(resolve => parent.stdout.once('data', data => resolve(String(data)))),
      );
      parent.kill('SIGKILL');
      await assertOnlyDetachedLives(pids);
    });
  }

  test('write into the cell, all of it before its end', async context => {
    const kernel = await startKernel(context);
    await evaluate(kernel, "import { execSync, spawn, spawnSync } from 'node:child_process';");
    const many = `${process.execPath} -e 'process.stdout.write("x".repeat(1e6))'`;
    for (const code of [
      `execSync(${JSON.stringify(many)}, { stdio: 'inherit' });`,
      `spawnSync('sh', ['-c', ${JSON.stringify(many)}], { stdio: ['ignore', 'inherit', 'inherit'] });`,
      `await new Promise(resolve => spawn('sh', ['-c', ${JSON.stringify(many)}], { stdio: 'inherit' }).on('exit', resolve));`,
      `await new Promise(resolve => spawn('sh', ['-c', ${JSON.stringify(many)}]).on('close', resolve).stdout.pipe(process.stdout, { end: false }));`,
    ]) {
      const { messages } = await runCell(kernel, code);
      assert.equal(printed(messages).length, 1e6, code);
      assert.equal(contents(messages, 'status').at(-1)?.execution_state, 'idle');
      assert.equal(messages.at(-1)?.header.msg_type, 'status', 'idle comes last');
    }
  });

  test('that the cell waits for are interrupted with it', async context => {
    const kernel = await startKernel(context);
    await evaluate(
      kernel,
      "import { execSync, spawn, execFileSync } from 'node:child_process'; let witness = 1;",
    );
    for (const code of [
      "execSync('sleep 1000')",
      "execFileSync('yes', { stdio: ['ignore', 'inherit', 'inherit'] })",
      "await new Promise(resolve => spawn('yes', { stdio: 'inherit' }).on('exit', resolve))",
      "spawn('yes').stdout.pipe(process.stdout); await new Promise(() => {})",
    ]) {
      const { done } = await startCell(kernel, `console.log('go'); ${code}`, 'go');
      await sleep(100);
      const start = performance.now();
      await kernel.interrupt();
      const { reply, messages } = await done;
      assert.equal(reply.status, 'error', code);
      assert.equal(contents(messages, 'error').at(-1)?.ename, 'Interrupted', code);
      assert.ok(performance.now() - start < 5000, code);
      assert.equal(await evaluate(kernel, 'witness'), '1');
      const { stdout } = spawnSync('ps', ['-o', 'stat=,comm=', '--ppid', String(kernel.pid)], {
        encoding: 'utf8',
      });
      assert.doesNotMatch(stdout.replace(/^Z.*$/gm, ''), /yes|sleep/, `goes on after ${code}`);
    }
  });
});
