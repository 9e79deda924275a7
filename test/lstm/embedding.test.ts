// A model that begins with an embedding trains on every backend, tfjs' WebAssembly too, which has no gradient of it; and
// the other kernels that it lacks give what tfjs' own other backends give.
import assert from 'node:assert/strict';
import { testOnBackends } from './backends.ts';
import type { EmbeddingFindings } from './embedding.entry.ts';
import { relativeError } from './reference.ts';

const seen: EmbeddingFindings[] = [];

testOnBackends<EmbeddingFindings>('gradients of an embedding', 'lstm/embedding.entry.js', found => {
  assert.equal(Object.keys(found.values).length, 5);
  assert.ok(found.losses.at(-1)! < 0.5 * found.losses[0]!, `${found.losses}`);
  assert.deepEqual(found.leaks, [0, 0]);
  for (const other of seen) {
    for (const [name, values] of Object.entries(found.values))
      assert.ok(relativeError(values, other.values[name]!) < 1e-5, name);
    assert.ok(relativeError(found.losses, other.losses) < 1e-4, 'losses');
  }
  seen.push(found);
});
