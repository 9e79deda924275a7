// Many cells in one kernel, of every kind: time per cell does not grow and memory settles.
// 1,000 cells; GATEBOOK_LONG=1 runs 10,000.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { Kernel } from '../../kernel/client.ts';
import { evaluate, startKernel } from './kernel.ts';

const CELLS = process.env.GATEBOOK_LONG === '1' ? 10_000 : 1_000;
/** Last tenth to first tenth, mean of the middle half each: what a busy machine may add, and no more. */
const MOST_RATIO = 1.8;
/** What V8's heap may grow by from a tenth of the cells on: source and map of 2,000 cells are kept for errors. */
const MOST_HEAP_MB = 30;
/**
 * What the whole process may grow by, its other threads included: from the least seen in the second quarter to
 * the least in the last, as V8 keeps up to 100 MB for a while that nothing uses.
 */
const MOST_RESIDENT_MB = 60;
const SAMPLES = 20;

/** Names come again every few cells, so that most of them are redeclared. */
const KINDS: readonly ((k: number) => string)[] = [
  k => `let n${k % 50} = ${k}; const { a, ...rest } = { a: n${k % 50}, b: [${k}] }; a + rest.b.length`,
  () =>
    `import { readFileSync } from 'node:fs'; import os from 'node:os'; os.EOL.length + typeof readFileSync`,
  k => `display({ 'text/plain': 'value ${k}' }); console.log('line', ${k}); console.error('warned')`,
  k => `const fail = () => { throw new Error('meant ${k}') }; fail()`,
  () => `const sum = tf.tidy(() => tf.ones([32, 32]).matMul(tf.ones([32, 32])).sum()); sum.dataSync()[0]`,
  k => `function fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2) } fib(${5 + (k % 5)})`,
  k => `class Box${k % 10}<T> { constructor(readonly value: T) {} map<U>(f: (value: T) => U) { return new Box${k % 10}(f(this.value)) } }
new Box${k % 10}(${k}).map(n => 'v' + n)`,
  k =>
    `enum Kind { One, Two = ${k} } interface Row { n: number } const rows: Row[] = [{ n: Kind.Two }]; await Promise.all(rows.map(async ({ n }) => { await null; return n }))`,
  k => `let broken${k} = = 1`,
  k =>
    `sum.dispose(); setTimeout(() => console.log('late ${k}'), 1); await new Promise(resolve => setTimeout(resolve, 2))`,
];

/** Megabytes: V8's heap of the main thread once collected, and the process. */
async function memory(kernel: Kernel): Promise<{ heap: number; resident: number; tensors: number }> {
  const [heap, tensors] = JSON.parse(
    (
      await evaluate(
        kernel,
        'gc(); gc(); JSON.stringify([process.memoryUsage().heapUsed, tf.memory().numTensors])',
      )
    ).slice(1, -1),
  ) as [number, number];
  const resident = execFileSync('ps', ['-o', 'rss=', '-p', String(kernel.pid)], { encoding: 'utf8' });
  return { heap: heap / 2 ** 20, resident: Number(resident) / 1024, tensors };
}

/** Mean of the middle half. */
function typical(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b).slice(times.length / 4, (times.length * 3) / 4);
  return sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
}

test(`${CELLS} cells: time per cell does not grow, memory settles`, async context => {
  const kernel = await startKernel(context, { flags: ['--expose-gc'] });
  await evaluate(kernel, "import * as tf from '@tensorflow/tfjs'; tf.ones([2]).dispose();");
  const times: number[] = [];
  const outcomes = { ok: 0, error: 0, aborted: 0 };
  const samples: Awaited<ReturnType<typeof memory>>[] = [];
  for (let k = 0; k < CELLS; k++) {
    const start = performance.now();
    const { status } = await kernel.execute(KINDS[k % KINDS.length]!(k));
    times.push(performance.now() - start);
    outcomes[status]++;
    if ((k + 1) % (CELLS / SAMPLES) === 0) samples.push(await memory(kernel));
  }
  assert.deepEqual(outcomes, { ok: CELLS * 0.8, error: CELLS * 0.2, aborted: 0 });
  const tenth = CELLS / 10;
  const [first, last] = [typical(times.slice(0, tenth)), typical(times.slice(-tenth))];
  const ratio = last / first;
  context.diagnostic(
    `${first.toFixed(2)} ms a cell in the first tenth, ${last.toFixed(2)} in the last: ratio ${ratio.toFixed(2)}`,
  );
  const least = (from: number) => Math.min(...samples.slice(from, from + 5).map(({ resident }) => resident));
  const resident = least(SAMPLES - 5) - least(5);
  const [early, end] = [samples[1]!, samples.at(-1)!];
  context.diagnostic(
    `heap ${early.heap.toFixed(1)} MB after a tenth, ${end.heap.toFixed(1)} at the end; ` +
      `process ${least(5).toFixed(0)} MB in the second quarter, ${least(SAMPLES - 5).toFixed(0)} in the last`,
  );
  assert.ok(ratio < MOST_RATIO, `${ratio} times as long at the end`);
  assert.ok(end.heap - early.heap < MOST_HEAP_MB, `the heap grew by ${end.heap - early.heap} MB`);
  assert.ok(resident < MOST_RESIDENT_MB, `the process grew by ${resident} MB`);
  assert.equal(end.tensors, early.tensors);
});
