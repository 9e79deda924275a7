// The experiments in short, a fixed seed each: seconds where the papers' settings take minutes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { solveLag } from '../../experiments/hochreiter.ts';
import { reberStrings } from '../../experiments/reber.ts';
import { learnString, rateLegal, reberNet } from '../../experiments/reber-nets.ts';
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

test("Greff's ordering: the usual LSTM holds and lets go, one without a forget gate does not", async () => {
  const [usual, without] = [await accuracyOf('NP', 1, 150), await accuracyOf('NFG', 1, 150)];
  assert.ok(usual > without + 0.1, `NP ${usual}, NFG ${without}`);
});
