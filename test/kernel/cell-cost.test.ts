// What cells cost: loops over variables of cells, and memory in a long session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runCells } from './cells.ts';

const TURNS = 1_000_000;

/** A variable of cells against a property of an object: what the best of eight runs of each took. */
const CELL = `let total = 0;
function shared() {
  const start = performance.now();
  for (let i = 0; i < ${TURNS}; i++) total = (total + i * 3) | 0;
  return performance.now() - start;
}
function property(held: { total: number }) {
  const start = performance.now();
  for (let i = 0; i < ${TURNS}; i++) held.total = (held.total + i * 3) | 0;
  return performance.now() - start;
}
const ours: number[] = [], theirs: number[] = [];
for (let run = 0; run < 8; run++) { ours.push(shared()); theirs.push(property({ total: 0 })) }
Math.min(...ours) / Math.min(...theirs)`;

test('a loop over variables of cells costs what one over properties costs', async () => {
  // On a busy machine the optimising compiler's own thread comes late; that is not what is measured here.
  setFlagsFromString('--no-concurrent-recompilation');
  const { value } = await runCells([CELL]);
  // About 1; with getters, proxies or `with` it would be 30 and more.
  assert.ok((value as number) < 10, `${value} times a property`);
});

test('cells leave little memory behind', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const source = `interface Row { a: number }
const rows: Row[] = [{ a: 1 }, { a: 2 }];
function sum(of: Row[]): number { return of.reduce((total, { a }) => total + a, 0) }
const { length, [0]: first = { a: 0 } } = rows;
enum Kind { One, Two }
for (const row of rows) row.a += Kind.Two;
sum(rows) + length + first.a`;
  const cells = Array.from({ length: 60 }, () => source);
  await runCells(cells);
  collect();
  const before = process.memoryUsage().heapUsed;
  await runCells(cells);
  collect();
  const perCell = (process.memoryUsage().heapUsed - before) / cells.length;
  assert.ok(perCell < 20_000, `${Math.round(perCell)} bytes a cell`);
});
