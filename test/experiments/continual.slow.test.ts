// Continual embedded Reber in short: one seed, and streams of thousands of symbols in place of a million.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ContinualKind,
  continualNet,
  learnStream,
  statesAfter,
  testStream,
} from '../../experiments/continual.ts';
import { continualReber, legalCode, reberCode } from '../../experiments/reber.ts';
import { reberReader } from '../../experiments/reber-reader.ts';
import { hochreiter1997, seededRandom } from '../../kernel/lstm/index.ts';

const KIND: ContinualKind = { forgetGate: true, decay: 1, resets: false };
const LONG = 20_000;

/** Learns until a fresh stream of 20,000 symbols is read without a mistake; null where none is. */
function solve(kind: ContinualKind, limit: number) {
  const net = continualNet(kind.forgetGate, 1);
  const random = seededRandom(1001);
  let best = 0;
  for (let streams = 1; streams <= limit && best < LONG; streams++) {
    learnStream(net, random, kind, LONG);
    best = Math.max(best, testStream(net, seededRandom(streams), kind, LONG));
  }
  return { net, best };
}

test('with forget gates a stream is read on and on, and the state stays; without them it is lost and the state grows', () => {
  const [with_, without] = [true, false].map(forgetGate => {
    const { net, best } = solve({ ...KIND, forgetGate }, 12_000);
    const [early, late] = statesAfter(net, [300, 30_000], 7) as [number, number];
    return { best, early, late };
  }) as [Solved, Solved];
  const told = JSON.stringify({ with_, without });
  assert.equal(with_.best, LONG, told);
  assert.ok(without.best < 200, told);
  assert.ok(with_.late < 10 * with_.early, told);
  assert.ok(without.late > 30 * without.early, told);
});

interface Solved {
  readonly best: number;
  readonly early: number;
  readonly late: number;
}

for (const forgetGate of [true, false])
  test(`what only reads says what the net says${forgetGate ? ', with forget gates' : ''}, from the state it is in`, () => {
    const net = continualNet(forgetGate, 3);
    const random = seededRandom(4);
    for (let count = 0; count < 300; count++) learnStream(net, random, { ...KIND, forgetGate });
    const reader = reberReader(net);
    let [read, largest] = [0, 0];
    for (const { symbol, legal } of continualReber(random)) {
      const [said, own] = [net.step(reberCode(symbol)), reader.step(symbol)];
      for (const [at, value] of said.entries()) largest = Math.max(largest, Math.abs(value - own[at]!));
      assert.ok(legalCode(legal).filter(Boolean).length === legal.length);
      if (++read === 2000) break;
    }
    assert.ok(largest < 1e-12, `${largest}`);
  });

test('a net that is not of Gers et al. is not read wrongly, but refused', () => {
  assert.throws(() => reberReader(hochreiter1997({ inputs: 7, blocks: 1, outputs: 7 })), /not that of Gers/);
});
