// The experiments in short, a fixed seed each: seconds where the papers' settings take minutes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOCHREITER, orderNet, PAIR } from '../../experiments/hochreiter.ts';
import { solveLag } from '../../experiments/lag.ts';
import { learnUntil, readSequence, type Stop } from '../../experiments/on-line.ts';
import { reberStrings } from '../../experiments/reber.ts';
import { learnString, rateLegal, reberNet } from '../../experiments/reber-nets.ts';
import { marked, type Sequence, temporalOrder } from '../../experiments/sequences.ts';
import { type HochreiterOptions, hochreiter1997, seededRandom } from '../../kernel/lstm/index.ts';

test('2a with a lag of 10 is solved', () => {
  const { needed } = solveLag(10, 1, 1000, 20_000);
  assert.ok(needed !== null && needed > 50, `needed ${needed}`);
});

/** A seed of an experiment as in the paper, up to `limit` sequences. */
async function ran(name: string, seed: number, limit: number) {
  const { needed, figures } = await HOCHREITER.find(one => one.name === name)!.run(seed, limit);
  return { needed, wrong: figures!['wrong of 2560 fresh']!, figures: figures! };
}

for (const [name, seed, limit] of [
  ['2c', 1, 90_000],
  ['6a', 1, 60_000],
] as const)
  test(`${name} as in the paper is solved, and of 2,560 fresh sequences few are wrong`, async () => {
    const { needed, wrong } = await ran(name, seed, limit);
    assert.ok(needed !== null && needed > 2000, `needed ${needed}`);
    assert.ok(wrong <= 5, `${wrong} wrong`);
  });

test('4 as in the paper: the mean error alone is small after 100,000, and the sum is nearly always told', async () => {
  const { wrong, figures } = await ran('4', 1, 100_000);
  assert.ok(figures['needed until the mean error alone was below 0.01']! > 2000, JSON.stringify(figures));
  assert.ok(wrong < 60, `${wrong} wrong`);
});

/** Sequences that a net of the paper needs at a rate of .5, five times the paper's. */
function faster(
  options: HochreiterOptions,
  seed: number,
  draw: (random: () => number) => Sequence,
  stop: Stop,
) {
  const net = hochreiter1997({ ...options, seed });
  const random = seededRandom(1000 + seed);
  return learnUntil(() => readSequence(net, draw(random), 0.5), stop, 100_000).needed;
}

test('5 with T = 20 at a rate of .5 meets the criterion', () => {
  const stop = { run: 2000, below: 0.04, wrong: 139 };
  const needed = faster(PAIR, 1, random => marked('product', 20, random), stop);
  assert.ok(needed !== null && needed > 2000, `needed ${needed}`);
});

test('6b at a rate of .5 meets the criterion', () => {
  const stop = { run: 2000, below: 0.3, mean: 0.1 };
  const needed = faster(orderNet(3), 2, random => temporalOrder(3, random), stop);
  assert.ok(needed !== null && needed > 2000, `needed ${needed}`);
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
