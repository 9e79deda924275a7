// The layer inside models, on every backend: it trains, it is saved and loaded by plain tfjs, its traces
// are what the model gives out, and it leaves no tensor and no native handle behind.
import assert from 'node:assert/strict';
import { testOnBackends } from './backends.ts';
import type { LayerFindings } from './layer.entry.ts';

testOnBackends<LayerFindings>('the layer in models', 'lstm/layer.entry.js', (found, backend) => {
  assert.equal(found.backend, backend);
  assert.equal(Object.keys(found.leaks).length, backend === 'tensorflow' ? 4 : 3);
  for (const [kernel, grown] of Object.entries(found.leaks)) assert.deepEqual(grown, [0, 0, 0], kernel);
  assert.deepEqual(found.fitLeaks, [0, 0, 0], 'model.fit');
  assert.deepEqual(found.traceLeaks, [0, 0, 0], 'trace, clamp and train');
  assert.ok(found.losses.at(-1)! < 0.5 * found.losses[0]!, `loss fell: ${found.losses}`);
  assert.ok(found.loadedIsPlain, "loaded as tfjs-layers' own class");
  assert.ok(found.loadedError < 1e-5, `loaded: ${found.loadedError}`);
  assert.equal(Object.keys(found.traceErrors).length, 8);
  for (const [name, error] of Object.entries(found.traceErrors)) assert.ok(error < 1e-5, `${name}: ${error}`);
  assert.ok(found.sameSeed, 'same seed, same weights after training');
});
