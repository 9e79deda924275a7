// Models with our layers learn what models with tf.layers' own learn, and these learn it accelerated too; nothing
// is left behind by calls with padding, dropout, states and gradients.
import assert from 'node:assert/strict';
import { testOnBackends } from './backends.ts';
import type { ModelFindings } from './dropin-models.entry.ts';

testOnBackends<ModelFindings>('models of drop-ins', 'lstm/dropin-models.entry.js', (found, backend) => {
  assert.equal(Object.keys(found.trained).length, 10);
  for (const [name, error] of Object.entries(found.trained)) assert.ok(error < 1e-5, `${name}: ${error}`);
  for (const [name, wrong] of Object.entries(found.accelerated)) assert.deepEqual(wrong, [], name);
  assert.equal(Object.keys(found.leaks).length, backend === 'tensorflow' ? 10 : 9);
  for (const [name, grown] of Object.entries(found.leaks)) assert.deepEqual(grown, [0, 0, 0, 0], name);
});
