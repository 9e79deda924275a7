// What cells leave behind in a long session. What they cost in time is measured in bench/kernel.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runCells } from './cells.ts';

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
