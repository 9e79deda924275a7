// The experiments in short, a fixed seed each: seconds where the papers' settings take minutes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOCHREITER } from '../../experiments/hochreiter.ts';
import { solveLag } from '../../experiments/lag.ts';
import { reberStrings } from '../../experiments/reber.ts';
import { learnString, rateLegal, reberNet } from '../../experiments/reber-nets.ts';
import { accuracyOf } from '../../experiments/variants.ts';
import { seededRandom } from '../../kernel/lstm/index.ts';

test('2a with a lag of 10 is solved', () => {
  const { needed } = solveLag(10, 1, 1000, 20_000);
  assert.ok(needed !== null && needed > 50, `needed ${needed}`);
});

/** Seed 1 of an experiment as in the paper, up to `limit` sequences. */
async function ran(name: string, limit: number) {
  return HOCHREITER.find(one => one.name === name)!.run(1, limit);
}

test('6a as in the paper is solved, and 2,560 fresh sequences are told apart', async () => {
  const { needed, figures } = await ran('6a', 60_000);
  assert.ok(needed !== null && needed > 2000, `needed ${needed}`);
  assert.ok(figures!['wrong of 2560 fresh']! <= 3, JSON.stringify(figures));
});

test('embedded Reber: the legal next symbols are told at more and more steps', () => {
  const strings = reberStrings(100, seededRandom(1001));
  const net = reberNet(1, { blocks: 3, cells: 2 });
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
