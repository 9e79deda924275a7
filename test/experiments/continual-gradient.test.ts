// What the net of Gers et al. 2000 learns from a symbol, held against differences of its loss: in a slow reference
// written from the paper's equations, in which what units see of the step before is a constant (the truncation).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { continualNet } from '../../experiments/continual.ts';
import { embeddedReber, legalCode, reberCode } from '../../experiments/reber.ts';
import { seededRandom } from '../../kernel/lstm/index.ts';

const [BLOCKS, CELLS, INPUTS] = [4, 2, 7] as const;
const COUNT = BLOCKS * CELLS;
/** What a hidden unit sees: inputs, cells of the step before, 1. What an output sees: cells, inputs, 1. */
const SEEN = INPUTS + COUNT + 1;

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

interface Weights {
  /** Rows: cells, input gates, output gates, forget gates. */
  readonly hidden: Float64Array;
  readonly readout: Float64Array;
}

/** Half the squared error after the last step; `seen` holds what hidden units saw at each. */
function lossOf(
  { hidden, readout }: Weights,
  seen: readonly (readonly number[])[],
  target: readonly number[],
) {
  const states = new Array<number>(COUNT).fill(0);
  let shown: number[] = [];
  for (const source of seen) {
    const sum = (unit: number) => source.reduce((all, x, at) => all + hidden[unit * SEEN + at]! * x, 0);
    shown = states.map((before, cell) => {
      const block = Math.floor(cell / CELLS);
      const [i, o, f] = [0, 1, 2].map(kind => sigmoid(sum(COUNT + kind * BLOCKS + block)));
      states[cell] = f! * before + i! * (4 * sigmoid(sum(cell)) - 2);
      return o! * (2 * sigmoid(states[cell]!) - 1);
    });
  }
  const read = [...shown, ...seen.at(-1)!.slice(0, INPUTS), 1];
  return target.reduce((all, wanted, k) => {
    const y = sigmoid(read.reduce((sum, x, at) => sum + readout[k * read.length + at]! * x, 0));
    return all + (wanted - y) ** 2 / 2;
  }, 0);
}

test('a symbol is learnt from by the truncated gradient of the equations, forget gates and shortcuts among them', () => {
  const net = continualNet(true, 5);
  const random = seededRandom(6);
  // Weights larger than the first ones, that every part of the gradient counts.
  for (const values of [net.weights.hidden, net.weights.readout])
    for (let at = 0; at < values.length; at++) values[at]! += 2 * random() - 1;
  const { symbols, legal } = embeddedReber(random);
  const codes = symbols.slice(0, 7).map(reberCode);
  // Cells have no bias: their last column is no weight.
  for (let cell = 0; cell < COUNT; cell++) net.weights.hidden[(cell + 1) * SEEN - 1] = 0;
  const seen = codes.map(code => {
    const source = [...code, ...net.shown, 1];
    net.step(code);
    return source;
  });
  const before = { hidden: net.weights.hidden.slice(), readout: net.weights.readout.slice() };
  const target = legalCode(legal[6]!);
  net.learn(target, 1);

  let compared = 0;
  for (const name of ['hidden', 'readout'] as const)
    for (let at = 0; at < before[name].length; at++) {
      if (name === 'hidden' && at < COUNT * SEEN && at % SEEN === SEEN - 1) continue;
      const moved = net.weights[name][at]! - before[name][at]!;
      const shifted = (by: number) => {
        const weights = { hidden: before.hidden.slice(), readout: before.readout.slice() };
        weights[name][at]! += by;
        return lossOf(weights, seen, target);
      };
      const slope = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
      assert.ok(
        Math.abs(moved + slope) < 1e-7 + 1e-5 * Math.abs(slope),
        `${name} ${at}: ${moved}, ${-slope}`,
      );
      compared++;
    }
  assert.equal(compared, 424);
});
