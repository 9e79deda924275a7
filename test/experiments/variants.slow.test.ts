// Greff's ordering in short: one seed and one learning rate for a part that must not be missing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learnt, WAYS } from '../../experiments/variants.ts';
import type { KindName } from '../../kernel/lstm/index.ts';

test('with momentum at a high rate the usual LSTM learns on, one without an output activation goes wild', async () => {
  const usual = await learnt('NP', 22, 2, WAYS.momentum, 100);
  const without = await learnt('NOAF', 22, 2, WAYS.momentum, 100);
  const told = JSON.stringify({ usual, without });
  assert.ok(usual.loss < 1 && without.loss > 2 * usual.loss, told);
});

test('what the usual LSTM has learnt it knows in far longer streams too, one without a forget gate does not', async () => {
  const known = async (kind: KindName) => {
    let sum = 0;
    for (const rate of [0.03, 0.1]) sum += (await learnt(kind, 1, rate, WAYS.adam, 600)).accuracy;
    return sum / 2;
  };
  const [usual, without] = [await known('NP'), await known('NFG')];
  assert.ok(usual > without + 0.2, `NP ${usual}, NFG ${without}`);
});
