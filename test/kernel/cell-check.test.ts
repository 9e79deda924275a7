// Code of an interrupted cell that waits: it stops at its next step, wherever it was written.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Checkpoint } from '../../kernel/session/checkpoint.ts';
import { Evaluator } from '../../kernel/session/evaluate.ts';

/** Runs cells, the last without waiting for it, interrupts, and says what the variable `turns` does then. */
async function turnsAfterInterrupt(
  ...cells: readonly string[]
): Promise<readonly [before: number, after: number]> {
  const check = new Checkpoint();
  const evaluator = new Evaluator({ folder: tmpdir(), check });
  const [last = '', ...earlier] = [...cells].reverse();
  await evaluator.run('let turns = 0', 1);
  for (const cell of earlier.reverse()) await evaluator.run(cell, 2);
  const running = evaluator.run(last, 3).catch((error: Error) => error.name);
  await new Promise(setImmediate); // else compiling may have used up the time of the timer
  await wait(10);
  check.interrupt();
  const before = (await evaluator.run('turns', 4)).value as number;
  assert.equal(await running, 'Interrupted');
  await wait(10);
  return [before, (await evaluator.run('turns', 5)).value as number];
}

const places: Readonly<Record<string, readonly string[]>> = {
  'in the cell': ['for (;;) { await new Promise(setImmediate); turns++ }'],
  'in a function of an earlier cell': [
    'const spin = async () => { for (;;) { await new Promise(setImmediate); turns++ } }',
    'await spin()',
  ],
  'in a method of a class': [
    'class Spinner { async spin() { while (true) { await new Promise(setImmediate); turns++ } } }\nawait new Spinner().spin()',
  ],
  'in for await': [
    'const ticks = { async next() { await new Promise(setImmediate); return { done: false, value: 1 } }, [Symbol.asyncIterator]() { return this } };\nfor await (const tick of ticks) turns += tick;',
  ],
};

for (const [place, cells] of Object.entries(places)) {
  test(`an interrupt ends a loop that waits ${place}`, async () => {
    const [before, after] = await turnsAfterInterrupt(...cells);
    assert.ok(before > 0);
    assert.equal(after, before);
  });
}
