// Keras models: outputs and states are those that Keras itself computed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs';
import { fromKeras } from '../../../kernel/lstm/imports/keras.ts';
import { tf, trace } from '../../../kernel/lstm/index.ts';
import { assertNear, fileOf, referenceOf, tensorOf } from './reference.ts';

for (const ending of ['keras', 'h5']) {
  test(`Keras 3's own values: an embedding, three levels, one of them both ways (.${ending})`, async () => {
    const reference = referenceOf('keras-tagger');
    const { model, found } = await fromKeras(fileOf(`keras-tagger.${ending}`));
    assert.equal(found.length, 4, found.join('\n'));
    const x = tensorOf(reference, 'x', 'int32');
    assertNear(model.predict(x) as Tensor, tensorOf(reference, 'y'), 'y');
    const low = trace(model, x);
    const h = tf.tensor3d([...low.h], [...low.shape]).transpose([1, 0, 2]);
    assertNear(h, tensorOf(reference, 'low'), 'h of the first level');
  });

  test(`Keras 3's own values: a decoder that begins with an encoder's states (.${ending})`, async () => {
    const reference = referenceOf('keras-translator');
    const { model } = await fromKeras(new Uint8Array(readFileSync(fileOf(`keras-translator.${ending}`))));
    const pair = [tensorOf(reference, 'read'), tensorOf(reference, 'said')];
    assertNear(model.predict(pair) as Tensor, tensorOf(reference, 'y'), 'y');
    const traces = trace(model, pair).layers;
    const [encoder, decoder] = ['encoder', 'decoder'].map(name => traces.find(({ layer }) => layer === name));
    const last = encoder!.c.slice(-2 * 4);
    assertNear(tf.tensor2d([...last], [2, 4]), tensorOf(reference, 'c'), 'c of the encoder');
    assert.deepEqual([...decoder!.c0], [...last], 'where the decoder begins');
  });
}
