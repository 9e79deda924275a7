// Every position in which a cell may have to be stopped: code that prints `go` and then never ends.
// From shared kernel facts, section 1; each runs many times in one kernel.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Position {
  readonly name: string;
  readonly code: string;
  /** Needs TensorFlow, whose engine is examined afterwards. */
  readonly tensorflow?: boolean;
}

const LOOP = "console.log('go'); for (;;) count++;";
const FOREVER = 'await new Promise(() => {});';

/** Run once before all: what the positions use. Files are written by the test. */
export const SET_UP = `
import fs from 'node:fs';
import events from 'node:events';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { spin } from './spin.mjs';
import { loop } from './unchecked.mjs';
import { tick, tickAndCatch } from './ticks.ts';
const { spinRequired } = require('./spin.cjs');
const storage = new AsyncLocalStorage();
storage.enterWith('kept');
var count = 0;
const big = Array.from({ length: 300000 }, (_, k) => ({ k, text: 'x'.repeat(10) }));
const wasmLoop = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11,
]))).exports.f as () => void;
async function* numbers() { for (let k = 0; ; k++) yield k; }
`;

export const POSITIONS: readonly Position[] = [
  { name: 'a loop', code: LOOP },
  {
    name: 'a loop that catches and finally',
    code: `console.log('go'); for (;;) try { for (;;) count++; } catch {} finally { count--; }`,
  },
  { name: 'a loop after await null', code: `await null; ${LOOP}` },
  { name: 'a loop after I/O', code: `await fs.promises.stat('.'); ${LOOP}` },
  { name: 'a loop after a timer', code: `await sleep(2); ${LOOP}` },
  { name: 'setTimeout', code: `setTimeout(() => { ${LOOP} }, 1); ${FOREVER}` },
  {
    name: 'setInterval',
    code: `const timer = setInterval(() => { clearInterval(timer); ${LOOP} }, 1); ${FOREVER}`,
  },
  {
    name: 'setImmediate, first of its batch',
    code: `setImmediate(() => { ${LOOP} }); setImmediate(() => count++); ${FOREVER}`,
  },
  {
    name: 'setImmediate, later in its batch',
    code: `setImmediate(() => count++); setImmediate(() => { ${LOOP} }); setImmediate(() => count++); ${FOREVER}`,
  },
  { name: 'process.nextTick', code: `process.nextTick(() => { ${LOOP} }); ${FOREVER}` },
  { name: '.then', code: `Promise.resolve().then(() => { ${LOOP} }); ${FOREVER}` },
  { name: 'an async generator', code: `console.log('go'); for await (const k of numbers()) count += k;` },
  { name: 'endless microtasks', code: `console.log('go'); for (;;) await null;` },
  {
    name: 'endless .then',
    code: `console.log('go'); const again = (): unknown => Promise.resolve().then(again); await again();`,
  },
  { name: 'the callback of sort', code: `[2, 1].sort(() => { ${LOOP} return 0; });` },
  { name: 'the callback of replace', code: `'a'.replace(/a/, () => { ${LOOP} return ''; });` },
  { name: 'a JSON reviver', code: `JSON.parse('[1]', () => { ${LOOP} });` },
  { name: 'a Proxy', code: `(new Proxy({} as { x?: number }, { get: () => { ${LOOP} } })).x;` },
  {
    name: 'an event listener',
    code: `const emitter = new events.EventEmitter(); emitter.on('x', () => { ${LOOP} }); emitter.emit('x');`,
  },
  { name: 'a catastrophic regex', code: `console.log('go'); /^(a+)+$/.test('a'.repeat(60) + 'b');` },
  { name: 'JSON.stringify', code: `console.log('go'); for (;;) JSON.stringify(big);` },
  { name: 'a required module', code: `spinRequired(() => console.log('go'));` },
  { name: 'an imported module', code: `spin(() => console.log('go'));` },
  { name: 'WebAssembly', code: `console.log('go'); wasmLoop();` },
  {
    name: 'Atomics.wait',
    code: `console.log('go'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
  },
  { name: 'printing for ever', code: `for (;;) console.log('go');` },
  { name: 'displaying for ever', code: `console.log('go'); for (;;) display(++count);` },
  // Those below hear the question: nothing is killed.
  { name: 'a promise that never settles', code: `console.log('go'); ${FOREVER}` },
  { name: 'a long timer', code: `console.log('go'); await sleep(1e9);` },
  { name: 'a loop over I/O', code: `console.log('go'); for (;;) await fs.promises.stat('.');` },
  { name: 'a loop over timers', code: `console.log('go'); for (;;) await sleep(1);` },
  {
    name: 'a loop that catches at each await',
    code: `console.log('go'); for (;;) try { await sleep(1); count++; } catch {}`,
  },
  {
    name: 'a loop whose catch takes the error apart',
    code: `console.log('go'); for (;;) try { await sleep(1); count++; } catch ({ message }) { void message; }`,
  },
  {
    name: 'a loop that catches what a function waits for',
    code: `const step = async () => { try { await sleep(1); count++; } catch (error) { throw error; } };
console.log('go'); for (;;) try { await step(); } catch { count++; }`,
  },
  {
    name: 'a loop whose finally goes on',
    code: `console.log('go'); for (;;) try { await sleep(1); count++; } finally { continue; }`,
  },
  {
    name: 'a loop whose finally waits, and then goes on',
    code: `console.log('go'); for (;;) try { await sleep(1); count++; } finally { await sleep(1); if (count) continue; }`,
  },
  {
    name: 'a loop over a function whose finally returns',
    code: `const step = async () => { try { await sleep(1); count++; } finally { return 1; } };
console.log('go'); for (;;) await step();`,
  },
  {
    name: 'endless .then over timers',
    code: `const again = (): unknown => sleep(1).then(() => { count++; }).then(again); console.log('go'); await again();`,
  },
  {
    name: 'endless .then and .catch over I/O',
    code: `const again = (): unknown => fs.promises.stat('nowhere').then(again).catch(() => { count++; return again(); });
console.log('go'); await again();`,
  },
  {
    name: 'a loop at the top of a TypeScript file',
    code: `globalThis.topCount = () => void count++; await import('./top.ts');`,
  },
  { name: 'a loop in a TypeScript file', code: `await tick(() => console.log('go'), () => count++);` },
  {
    name: 'a loop in a TypeScript file that catches',
    code: `await tickAndCatch(() => console.log('go'), () => count++);`,
  },
  {
    name: 'inside AsyncLocalStorage.run',
    code: `await storage.run('inner', async () => { await null; ${LOOP} });`,
  },
  {
    name: 'tf.tidy',
    tensorflow: true,
    code: `tf.tidy(() => { console.log('go'); for (;;) tf.tidy(() => tf.add(1, 2)); });`,
  },
  {
    name: 'tf.grad',
    tensorflow: true,
    code: `tf.grad(x => { console.log('go'); for (;;) tf.tidy(() => x.square()); })(tf.scalar(2));`,
  },
  {
    name: 'model.fit',
    tensorflow: true,
    code: `await model.fit(xs, ys, { epochs: 1e9, verbose: 0, callbacks: { onEpochEnd: epoch => { if (epoch === 2) console.log('go'); } } });`,
  },
  {
    name: 'model.fit that yields',
    tensorflow: true,
    code: `await model.fit(xs, ys, { epochs: 1e9, verbose: 0, yieldEvery: 'batch', callbacks: { onEpochEnd: epoch => { if (epoch === 2) console.log('go'); } } });`,
  },
  {
    name: 'train of gatebook',
    tensorflow: true,
    code: `await train(tagger, [sentence], { steps: 1e9, onStep: step => { if (step === 20) console.log('go'); } });`,
  },
];

/** A file of the user's, in TypeScript, whose loops wait. */
const TICKS = `
const pause = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 1));
export async function tick(say: () => void, count: () => void): Promise<void> {
  say();
  for (;;) { await pause(); count(); }
}
export const tickAndCatch = async (say: () => void, count: () => void): Promise<void> => {
  say();
  for (;;) try { await pause(); count(); } catch { count(); }
};
`;

/** Another, that waits for ever before it has given anything. */
const TOP = `
console.log('go');
for (;;) try { await new Promise(resolve => setTimeout(resolve, 1)); (globalThis as any).topCount(); } finally { continue; }
export const never = 1;
`;

/** A file that is not rewritten, whose loop lives by its timers. */
const UNCHECKED = `
export async function loop(count) { for (;;) { await new Promise(resolve => setTimeout(resolve, 1)); count(); } }
`;

/** What goes on when its cell was interrupted, as it stands where no check can be put; each counts. */
export const LEFT_BEHIND: readonly Position[] = [
  {
    name: 'a timer that sets the next',
    code: `const tick = () => { count++; setTimeout(tick, 1); }; tick(); console.log('go'); ${FOREVER}`,
  },
  { name: 'an interval', code: `setInterval(() => count++, 1); console.log('go'); ${FOREVER}` },
  {
    name: 'an immediate that sets the next',
    code: `const turn = () => { count++; setImmediate(turn); }; turn(); console.log('go'); ${FOREVER}`,
  },
  { name: 'a loop of a JavaScript file', code: `console.log('go'); await loop(() => count++);` },
  {
    name: 'endless .finally',
    code: `const again = (): unknown => sleep(1).finally(() => { count++; return again(); }); console.log('go'); await again();`,
  },
];

/** Run once before the positions that need TensorFlow. */
export const TENSORFLOW_SET_UP = `
import * as tf from '@tensorflow/tfjs';
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
const xs = tf.ones([8, 2]);
const ys = tf.ones([8, 1]);
import { lstm, train } from 'gatebook';
const tagger = tf.sequential({ layers: [
  lstm({ units: 2, inputShape: [3, 1], returnSequences: true }),
  tf.layers.dense({ units: 2 }),
] });
const sentence = { x: tf.ones([1, 3, 1]), y: [[0, 1, 0]] };
`;

/** Writes the files that {@link SET_UP} imports. */
export function writeImported(folder: string): void {
  const spin = '(say) { say(); for (;;) ; }\n';
  const files = {
    'spin.mjs': `export function spin${spin}`,
    'spin.cjs': `exports.spinRequired = function ${spin}`,
    'ticks.ts': TICKS,
    'top.ts': TOP,
    'unchecked.mjs': UNCHECKED,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Gives 'sound' when timers, immediates, microtasks, I/O and AsyncLocalStorage all work. */
export const LOOP_CHECK = `
await new Promise(resolve => setTimeout(resolve, 1));
await new Promise(resolve => setImmediate(resolve));
await new Promise(resolve => process.nextTick(resolve));
await Promise.all([1, 2, 3].map(() => new Promise(resolve => setImmediate(() => setImmediate(resolve)))));
await fs.promises.stat('.');
await new Promise(resolve => queueMicrotask(() => resolve(0)));
const inner = await storage.run('inside', async () => { await null; return storage.getStore(); });
inner === 'inside' ? 'sound' : 'AsyncLocalStorage lost its value: ' + inner;
`;

/** Gives 'sound' when tidy, gradients and training are right and no scope is open. */
export const TENSORFLOW_CHECK = `
const [tidied] = tf.tidy(() => tf.add(1, 2)).dataSync();
const [slope] = tf.tidy(() => tf.grad(x => x.square())(tf.scalar(3))).dataSync();
const history = await model.fit(xs, ys, { epochs: 2, verbose: 0 });
const open = tf.engine().state.scopeStack.length;
tidied === 3 && Math.abs(slope - 6) < 1e-5 && history.epoch.length === 2 && open === 0
  ? 'sound' : 'tidy ' + tidied + ', slope ' + slope + ', epochs ' + history.epoch.length + ', open scopes ' + open;
`;
