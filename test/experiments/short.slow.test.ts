// The experiments in short, a fixed seed each: seconds where the papers' settings take minutes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberCut } from '../../experiments/agreement.ts';
import { solveLag } from '../../experiments/hochreiter.ts';
import { reberStrings } from '../../experiments/reber.ts';
import {
  continualNet,
  learnString,
  rateLegal,
  readStream,
  reberNet,
  statesAfter,
} from '../../experiments/reber-nets.ts';
import { accuracyOf } from '../../experiments/variants.ts';
import { seededRandom } from '../../kernel/lstm/index.ts';

test('2a with a lag of 10 is solved', () => {
  const needed = solveLag(10, 1, 100, 20_000);
  assert.ok(needed !== null && needed > 50, `needed ${needed}`);
});

test('embedded Reber: the legal next symbols are told at more and more steps', () => {
  const strings = reberStrings(100, seededRandom(1001));
  const net = reberNet(1);
  const before = rateLegal(net, strings);
  const random = seededRandom(7);
  for (let count = 0; count < 6000; count++)
    learnString(net, strings[Math.floor(random() * strings.length)]!, 0.5);
  const after = rateLegal(net, strings);
  assert.ok(before < 0.3 && after > 0.75, `${before} to ${after}`);
});

test('continual Reber: without a forget gate the cell state grows with the stream, with one it stays', () => {
  const growth = [false, true].map(forgetGate => {
    const net = continualNet(forgetGate, 1);
    const random = seededRandom(1001);
    for (let count = 0; count < 3000; count++) readStream(net, random, { rate: 0.5, longest: 1000 });
    const [early, late] = statesAfter(net, [300, 30_000], 3001) as [number, number];
    return { early, late };
  });
  const [without, with_] = growth as [(typeof growth)[0], (typeof growth)[0]];
  const told = JSON.stringify(growth);
  assert.ok(without.late > 20 * without.early, told);
  assert.ok(with_.late < 3 * with_.early + 5, told);
});

test("Greff's ordering: the usual LSTM holds and lets go, one without a forget gate does not", async () => {
  const [usual, without] = [await accuracyOf('NP', 1, 150), await accuracyOf('NFG', 1, 150)];
  assert.ok(usual > without + 0.1, `NP ${usual}, NFG ${without}`);
});

test('number agreement is learnt, and is chance without the units that hold it', async () => {
  const { whole, cut } = await numberCut(1, 300);
  const told = JSON.stringify({ whole, cut });
  assert.ok(whole.incongruent > 0.95, told);
  const { congruent, incongruent } = cut.at(-1)!;
  assert.ok(Math.abs(congruent - 0.5) < 0.15 && Math.abs(incongruent - 0.5) < 0.15, told);
});
