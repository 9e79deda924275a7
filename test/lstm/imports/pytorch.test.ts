// safetensors of PyTorch's nn.LSTM: outputs and states are those that PyTorch computed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { fromSafetensors } from '../../../kernel/lstm/imports/pytorch.ts';
import { LstmLayer, tf, trace } from '../../../kernel/lstm/index.ts';
import { assertNear, fileOf, referenceOf, tensorOf } from './reference.ts';

/** h or c of every level and direction after its last step, [levels * directions, B, H], as PyTorch gives them. */
function lastStates(seen: ReturnType<typeof trace>, name: 'h' | 'c'): Tensor {
  const last = seen.layers.map(one => {
    const [steps, batch, units] = one.shape;
    return tf.tensor2d(one[name].slice((steps - 1) * batch * units), [batch, units]);
  });
  return tf.stack(last);
}

for (const name of ['one', 'prefix', 'both-ways', 'half', 'bfloat', 'double'])
  test(`PyTorch's own values: ${name}`, async () => {
    const reference = referenceOf(`pytorch-${name}`);
    const { model, layers } = await fromSafetensors(fileOf(`pytorch-${name}.safetensors`));
    const x = tensorOf(reference, 'x');
    assertNear(model.predict(x) as Tensor, tensorOf(reference, 'y'), 'y');
    const seen = trace(model, x);
    assert.equal(seen.layers.length, layers.length);
    assertNear(lastStates(seen, 'h'), tensorOf(reference, 'h'), 'h');
    assertNear(lastStates(seen, 'c'), tensorOf(reference, 'c'), 'c');
    if (name === 'both-ways') return; // a prefix read backward ends elsewhere
    const cells = tf.stack(seen.layers.map(one => tf.tensor3d([...one.c], [...one.shape])));
    assertNear(cells.transpose([1, 0, 2, 3]), tensorOf(reference, 'cellsByStep'), 'c of every step');
  });

test('what comes is a model to build on, of our own layers', async () => {
  const bytes = readFileSync(fileOf('pytorch-both-ways.safetensors'));
  const { model, layers, found } = await fromSafetensors(new Uint8Array(bytes), { prefix: '' });
  assert.ok(layers.every(layer => layer instanceof LstmLayer));
  assert.deepEqual(
    layers.map(({ goBackwards }) => goBackwards),
    [false, true, false, true],
  );
  assert.deepEqual(found, [
    'lstm_l0: 3 inputs, 4 units, both directions',
    'lstm_l1: 8 inputs, 4 units, both directions',
  ]);
  model.add(tf.layers.dense({ units: 2 }));
  const x = tf.ones([1, 3, 3]) as Tensor3D;
  assert.deepEqual((model.predict(x) as Tensor).shape, [1, 3, 2]);
  assert.equal(trace(model, x).layers.length, 4);
  const around = tf.sequential({
    layers: [(await fromSafetensors(bytes)).model, tf.layers.dense({ units: 1 })],
  });
  assert.equal(trace(around, x).layers.length, 4);
});

test('an import disposed leaves no tensor', async () => {
  await fromSafetensors(fileOf('pytorch-both-ways.safetensors')).then(made => made.dispose());
  const before = tf.memory().numTensors;
  const made = await fromSafetensors(fileOf('pytorch-both-ways.safetensors'));
  made.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test('errors say what the file has', async () => {
  const file = (name: string) => fileOf(`pytorch-${name}.safetensors`);
  await assert.rejects(fromSafetensors(file('prefix'), { prefix: 'encoder.lst' }), {
    message: /no LSTM has the prefix 'encoder\.lst'; did you mean encoder\.lstm\?/,
  });
  await assert.rejects(fromSafetensors(file('gru')), /it has 6 rows for 2 units, .* This is an nn\.GRU\./);
  await assert.rejects(fromSafetensors(file('projected')), /it has projections \(weight_hr_l0, proj_size\)/);
  await assert.rejects(fromSafetensors(file('nowhere')), /there is no such file/);
  await assert.rejects(fromSafetensors(fileOf('onnx-one.onnx')), /as safetensors: its header/);
  await assert.rejects(fromSafetensors(new Uint8Array(4)), /it has 4 bytes/);
  const cut = readFileSync(file('one')).subarray(0, -8);
  await assert.rejects(
    fromSafetensors(new Uint8Array(cut)),
    /takes \d+ bytes, bytes \d+ to \d+ of \d+ were given/,
  );
  const headed = (header: string) => {
    const bytes = Buffer.concat([Buffer.alloc(8), Buffer.from(header)]);
    bytes.writeBigUInt64LE(BigInt(header.length));
    return fromSafetensors(bytes);
  };
  await assert.rejects(headed('null'), /its header is no object/);
  for (const entry of ['null', '3', '{"dtype":"F32","shape":[1],"data_offsets":5}'])
    await assert.rejects(headed(`{"a":${entry}}`), /Cannot read 'a' of .* no shape or no data_offsets/);
  await assert.rejects(fromSafetensors(file('one'), { prefx: 'a' } as never), /did you mean prefix\?/);
  await assert.rejects(fromSafetensors(3 as never), /from number: expected a path/);
});

test('of several LSTMs one is chosen by its prefix', async () => {
  const header = (name: string) => ({ [name]: { dtype: 'F32', shape: [4, 1], data_offsets: [0, 16] } });
  const text = JSON.stringify(
    Object.assign(
      {},
      ...['a', 'b'].flatMap(one => ['ih', 'hh'].map(kind => header(`${one}.weight_${kind}_l0`))),
    ),
  );
  const bytes = Buffer.concat([Buffer.alloc(8), Buffer.from(text), Buffer.alloc(16)]);
  bytes.writeBigUInt64LE(BigInt(text.length));
  await assert.rejects(fromSafetensors(bytes), /it has 2 LSTMs, with the prefixes 'a', 'b'\. Say which/);
  const { layers } = await fromSafetensors(bytes, { prefix: 'b.' });
  assert.deepEqual(
    layers.map(({ name }) => name),
    ['b_l0'],
  );
});
