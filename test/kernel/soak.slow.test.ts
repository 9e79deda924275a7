// Many cells in one kernel, of every kind: time per cell does not grow and memory settles.
// 1,000 cells; GATEBOOK_LONG=1 runs 10,000.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import type { Kernel } from '../../kernel/client.ts';
import { evaluate, startKernel } from './kernel.ts';

const CELLS = process.env.GATEBOOK_LONG === '1' ? 10_000 : 1_000;
/** Time of a cell in the old kernel to that in a new one, by turns, mean of the middle half each. */
const MOST_RATIO = 2;
/** What V8's heap may grow by from a tenth of the cells on: source and map of 2,000 cells are kept for errors. */
const MOST_HEAP_MB = 30;
/**
 * What the rest of the process may grow by (other threads, native TensorFlow): from the least seen in the second
 * quarter to the least in the last, as it goes up and down by 50 MB.
 */
const MOST_REST_MB = 80;
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

interface Memory {
  /** Megabytes that live on V8's heap of the main thread. */
  readonly heap: number;
  /** Megabytes of the process besides what that heap has reserved. */
  readonly rest: number;
  readonly tensors: number;
}

const MEASURE = `gc(); gc();
JSON.stringify([process.memoryUsage().heapUsed, process.memoryUsage().heapTotal, tf.memory().numTensors])`;

async function memory(kernel: Kernel): Promise<Memory> {
  const text = await evaluate(kernel, MEASURE);
  const [used, total, tensors] = JSON.parse(text.slice(1, -1)) as [number, number, number];
  const resident = execFileSync('ps', ['-o', 'rss=', '-p', String(kernel.pid)], { encoding: 'utf8' });
  return { heap: used / 2 ** 20, rest: Number(resident) / 1024 - total / 2 ** 20, tensors };
}

/** Mean of the middle half. */
function typical(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b).slice(times.length / 4, (times.length * 3) / 4);
  return sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
}

interface Soaked {
  readonly kernel: Kernel;
  readonly times: number[];
}

async function begin(context: TestContext): Promise<Soaked> {
  const kernel = await startKernel(context, { flags: ['--expose-gc'] });
  await evaluate(kernel, "import * as tf from '@tensorflow/tfjs'; tf.ones([2]).dispose();");
  return { kernel, times: [] };
}

/** Runs the k-th cell and notes its time. */
async function runOne({ kernel, times }: Soaked, k: number): Promise<'ok' | 'error' | 'aborted'> {
  const start = performance.now();
  const { status } = await kernel.execute(KINDS[k % KINDS.length]!(k));
  times.push(performance.now() - start);
  return status;
}

test(`${CELLS} cells: time per cell does not grow, memory settles`, async context => {
  const old = await begin(context);
  const outcomes = { ok: 0, error: 0, aborted: 0 };
  const samples: Memory[] = [];
  for (let k = 0; k < CELLS; k++) {
    outcomes[await runOne(old, k)]++;
    if ((k + 1) % (CELLS / SAMPLES) === 0) samples.push(await memory(old.kernel));
  }
  assert.deepEqual(outcomes, { ok: CELLS * 0.8, error: CELLS * 0.2, aborted: 0 });
  const least = (from: number) => Math.min(...samples.slice(from, from + 5).map(({ rest }) => rest));
  const grown = least(SAMPLES - 5) - least(5);
  const [early, end] = [samples[1]!, samples.at(-1)!];
  context.diagnostic(
    `heap ${early.heap.toFixed(1)} MB after a tenth, ${end.heap.toFixed(1)} at the end; ` +
      `the rest ${least(5).toFixed(0)} MB in the second quarter, ${least(SAMPLES - 5).toFixed(0)} in the last`,
  );
  assert.ok(end.heap - early.heap < MOST_HEAP_MB, `the heap grew by ${end.heap - early.heap} MB`);
  assert.ok(grown < MOST_REST_MB, `the rest of the process grew by ${grown} MB`);
  assert.equal(end.tensors, early.tensors);

  // The machine may be busier now than it was: a kernel that has just begun runs its first tenth beside.
  const tenth = CELLS / 10;
  const first = typical(old.times.slice(0, tenth));
  const fresh = await begin(context);
  for (let k = 0; k < 50; k++) await runOne(fresh, k); // V8 has to warm up
  for (const one of [old, fresh]) one.times.length = 0;
  for (let k = 0; k < tenth; k++) for (const one of [old, fresh]) await runOne(one, k);
  const [last, beside] = [typical(old.times), typical(fresh.times)];
  const ratio = last / beside;
  context.diagnostic(
    `${first.toFixed(2)} ms a cell in the first tenth, ${last.toFixed(2)} in another at the end, ` +
      `${beside.toFixed(2)} in a new kernel beside it: ratio ${ratio.toFixed(2)}`,
  );
  assert.ok(ratio < MOST_RATIO, `${ratio} times as long at the end`);
});
