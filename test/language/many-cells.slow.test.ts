// A session that goes on for long: the service's memory settles, and its answers take no longer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import v8 from 'node:v8';
import vm from 'node:vm';
import { Session } from './session.ts';

const CELLS = process.env.GATEBOOK_LONG ? 10_000 : 1000;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

function megabytes(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** As learners do: the same few cells changed and run again, new names now and then. */
function cell(turn: number): string {
  const name = turn % 10 === 0 ? `once${turn}` : `again${turn % 10}`;
  const before = turn % 10 > 1 ? `again${(turn % 10) - 1}.at(0)!` : 'tf.zeros([1])';
  return `// turn ${turn}\nconst ${name} = [${before}, tf.scalar(${turn})];\nfunction of${turn % 7}() { return ${name}.length }`;
}

test(`${CELLS} cells: memory settles`, () => {
  const session = new Session();
  session.ran("import { tf } from 'gatebook'");
  let forgotten = 0;
  const sizes: number[] = [];
  for (let turn = 1; turn <= CELLS; turn++) {
    const code = cell(turn);
    if (turn % 50 === 0) assert.deepEqual(session.errors(code), [], code);
    if (turn % 50 === 25) assert.ok(session.complete('again5[0]!.dispo|').texts.includes('dispose'));
    forgotten += session.ran(code).length;
    if (turn % (CELLS / 4) === 0) sizes.push(megabytes());
  }
  // What is left are the names declared once, one in ten, and the few cells of today.
  assert.ok(forgotten > CELLS * 0.85, `${forgotten} of ${CELLS} forgotten`);
  const grown = sizes.at(-1)! - sizes[0]!;
  assert.ok(grown < 10 + CELLS / 500, `the heap grew by ${grown.toFixed(1)} MB: ${sizes.map(Math.round)}`);
});
