// Forward and gradients as PyTorch's nn.LSTM and Keras' LSTM compute them (committed reference files, made by
// imports/references/make_gradients.py), padding and packed sequences among them, on every backend and kernel.
import assert from 'node:assert/strict';
import { testOnBackends } from './backends.ts';
import type { GradientLine } from './gradients.entry.ts';

testOnBackends<GradientLine[]>(
  'same values and gradients as PyTorch and Keras',
  'lstm/gradients.entry.js',
  (lines, backend) => {
    // 6 cases of PyTorch and 7 of Keras, each 3 outputs and 6 gradients
    assert.equal(lines.length, 13 * 9 * (backend === 'tensorflow' ? 4 : 3));
    assert.deepEqual(
      lines.filter(({ error }) => !(error < 1e-5)),
      [],
    );
  },
);
