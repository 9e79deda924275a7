// The layer against oracles that others wrote, on every backend and kernel: tf.layers.lstm and ONNX Runtime.
import assert from 'node:assert/strict';
import { testOnBackends } from './backends.ts';
import type { ParityLine } from './parity.entry.ts';

testOnBackends<ParityLine[]>(
  'same numbers as tf.layers.lstm and ONNX Runtime',
  'lstm/parity.entry.js',
  (lines, backend) => {
    assert.equal(lines.length, backend === 'tensorflow' ? 240 : 180);
    const off = lines.filter(({ error }) => !(error < 1e-5));
    assert.deepEqual(off, []);
  },
);
