// Every kind of layer that tf.layers.lstm can be, as ours on every kernel, as tf.layers' own accelerated, and as a cell in
// tf.layers.rnn accelerated: the same outputs, states and gradients, on every backend.
import assert from 'node:assert/strict';
import { testOnBackends } from './backends.ts';
import type { DropinLine } from './dropin.entry.ts';

testOnBackends<DropinLine[]>('a drop-in for tf.layers.lstm', 'lstm/dropin.entry.js', (lines, backend) => {
  assert.equal(lines.length, 17 * 3 * (backend === 'tensorflow' ? 6 : 5) + 4);
  const off = lines.filter(({ error }) => !(error < 1e-5));
  assert.deepEqual(off, []);
});
