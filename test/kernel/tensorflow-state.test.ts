// What tfjs leaves behind when a gradient throws or is interrupted is cleared away at the cell's end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, runCell, startCell, startKernel } from './kernel.ts';

const SET_UP = `
import * as tf from '@tensorflow/tfjs';
const x = tf.scalar(2);
const w = tf.ones([3, 3]);
const broken = tf.customGrad((y, save) => {
  (save as Function)([y]);
  return { value: (y as typeof x).square(), gradFunc: () => { throw new Error('no slope'); } };
});
const gradientThrows = tf.grad(y => broken(y).exp());
const lossThrows = tf.grad(y => { w.matMul(w).mul(y).square(); throw new Error('no loss'); });
const lossHangs = tf.grad(y => { w.matMul(w).mul(y).square(); console.log('go'); for (;;) ; });
const state = () => {
  const { activeTape, gradientDepth, kernelDepth, scopeStack } = tf.engine().state;
  const { numTensors } = tf.memory();
  return JSON.stringify({ tape: activeTape?.length ?? null, gradientDepth, kernelDepth, scopes: scopeStack.length, numTensors });
};
tf.grad(y => y.square())(x).dispose(); // makes what tfjs makes once
`;
const CLEAN = '{"tape":null,"gradientDepth":0,"kernelDepth":0,"scopes":0,"numTensors":2}';

for (const backend of ['cpu', 'tensorflow']) {
  test(`gradients that throw leave no tensors behind on ${backend}`, async context => {
    const kernel = await startKernel(context, { env: { ...process.env, GATEBOOK_BACKEND: backend } });
    const { reply } = await runCell(kernel, SET_UP);
    if (backend === 'tensorflow' && reply.status === 'error' && !process.env.CI)
      return context.skip('TensorFlow is not native');
    assert.equal(reply.status, 'ok');
    assert.equal(await evaluate(kernel, 'state()'), `'${CLEAN}'`);
    for (const name of ['gradientThrows', 'lossThrows']) {
      const thrown = await runCell(kernel, `${name}(x)`);
      assert.equal(thrown.reply.status, 'error');
      assert.equal(await evaluate(kernel, 'state()'), `'${CLEAN}'`, name);
      const caught = `let tape; try { ${name}(x); } catch { tape = state(); }\ntape`;
      assert.doesNotMatch(await evaluate(kernel, caught), /"tape":null/, 'tfjs does it by itself now');
      assert.equal(await evaluate(kernel, 'state()'), `'${CLEAN}'`, `${name}, caught`);
    }
    const { done } = await startCell(kernel, 'lossHangs(x)', 'go');
    await kernel.interrupt();
    await done;
    assert.equal(await evaluate(kernel, 'state()'), `'${CLEAN}'`, 'interrupted');
    assert.equal(await evaluate(kernel, 'tf.tidy(() => tf.grad(y => y.square())(x).dataSync()[0])'), '4');
  });
}
