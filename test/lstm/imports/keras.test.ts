// Keras models: outputs and states are those that Keras itself computed.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs';
import { unzipSync, zipSync } from 'fflate';
import { fromKeras } from '../../../kernel/lstm/imports/keras.ts';
import { accelerate, importLstm, LstmLayer, tf, trace } from '../../../kernel/lstm/index.ts';
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
    const { changed, fast } = accelerate(model);
    assert.deepEqual([changed.length, fast.length], [0, 4], 'its layers run as one op already');
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

for (const ending of ['keras', 'h5'])
  test(`Keras 3's own values: a mask noted as a layer, and a model in the model (.${ending})`, async () => {
    const reference = referenceOf('keras-masked');
    const { model, found } = await fromKeras(fileOf(`keras-masked.${ending}`));
    assert.equal(found.length, 3);
    const x = tensorOf(reference, 'x', 'int32');
    assertNear(model.predict(x) as Tensor, tensorOf(reference, 'y'), 'y');
    assert.equal(trace(model, x).layers.length, 3);
  });

test("Keras 3's own values: steps that Masking leaves out", async () => {
  const reference = referenceOf('keras-gaps');
  const { model } = await fromKeras(fileOf('keras-gaps.keras'));
  assertNear(model.predict(tensorOf(reference, 'x')) as Tensor, tensorOf(reference, 'y'), 'y');
});

for (const file of ['keras2.keras', 'keras2.h5', 'keras2-tfjs/model.json'])
  test(`Keras 2's own values: hardSigmoid gates, both ways, backward, initial states (${file})`, async () => {
    const reference = referenceOf('keras2');
    const { model } = await fromKeras(fileOf(file));
    const x = tensorOf(reference, 'x');
    assertNear(model.predict(x) as Tensor, tensorOf(reference, 'y'), 'y');
    const hard = trace(model, x);
    assert.equal(hard.layer, 'hard');
    assertNear(
      tf.tensor3d([...hard.h], [...hard.shape]).transpose([1, 0, 2]),
      tensorOf(reference, 'hard'),
      'h',
    );
  });

test("what tensorflowjs' converter wrote is traced as tf.loadLayersModel loads it, too", async () => {
  const reference = referenceOf('keras2');
  const json = JSON.parse(readFileSync(fileOf('keras2-tfjs/model.json'), 'utf8'));
  const weightData = Uint8Array.from(readFileSync(fileOf('keras2-tfjs/group1-shard1of1.bin'))).buffer;
  const [{ weights: weightSpecs }] = json.weightsManifest;
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology: json.modelTopology, weightSpecs, weightData }),
  );
  const x = tensorOf(reference, 'x');
  assertNear(model.predict(x) as Tensor, tensorOf(reference, 'y'), 'y');
  const seen = trace(model, x);
  assertNear(
    tf.tensor3d([...seen.h], [...seen.shape]).transpose([1, 0, 2]),
    tensorOf(reference, 'hard'),
    'h',
  );
});

test('one layer alone, as our own layers', async () => {
  const reference = referenceOf('keras2');
  const { model, layers } = await fromKeras(fileOf('keras2.keras'), { layer: 'hard' });
  assert.ok(layers[0] instanceof LstmLayer);
  assertNear(model.predict(tensorOf(reference, 'x')) as Tensor, tensorOf(reference, 'hard'), 'h');
  const both = await fromKeras(fileOf('keras2.h5'), { layer: 'both' });
  assert.deepEqual(both.found, ['both: 4 inputs, 2 units, both directions']);
});

test('importLstm sees what a file is', async () => {
  const found = async (file: string, options = {}) => (await importLstm(fileOf(file), options)).found.length;
  assert.equal(await found('keras-tagger.keras'), 4);
  assert.equal(await found('keras2.h5', { layer: 'both' }), 1);
  assert.equal(await found('keras2-tfjs/model.json'), 5);
  assert.equal(await found('pytorch-one.safetensors'), 1);
  assert.equal(await found('onnx-two.onnx', { node: 'left' }), 1);
  await assert.rejects(
    found('onnx-two.onnx', { prefix: 'left' }),
    /no option 'prefix' for such a file\. It has 'node'/,
  );
  await assert.rejects(
    found('common.py'),
    /none of \.safetensors, \.onnx, .* saved with safetensors\.torch\.save_file/,
  );
});

test('an import disposed leaves no tensor, and one that fails neither', async () => {
  const file = fileOf('keras-translator.keras');
  const once = async () => {
    (await fromKeras(file)).dispose();
    await assert.rejects(fromKeras(fileOf('keras-odd.keras')), /the file has nothing/);
  };
  await once();
  const before = tf.memory().numTensors;
  await once();
  assert.equal(tf.memory().numTensors, before);
});

/** keras-tagger.keras, otherwise described. */
function tagger(change: (config: string) => string): Uint8Array {
  const files = unzipSync(readFileSync(fileOf('keras-tagger.keras')));
  const config = new TextDecoder().decode(files['config.json']);
  return zipSync({ ...files, 'config.json': new TextEncoder().encode(change(config)) });
}

test('a layer alone that merges or reads its directions otherwise is refused', async () => {
  const summed = tagger(config => config.replace(/"merge_mode": ?"concat"/, '"merge_mode":"sum"'));
  await assert.rejects(fromKeras(summed, { layer: 'both' }), /'both': its merge_mode is sum, .* whole/);
  const backwards = tagger(config => config.replaceAll(/"go_backwards": ?false/g, '"go_backwards":true'));
  await assert.rejects(fromKeras(backwards, { layer: 'both' }), /'both': its LSTM goes backwards itself/);
  const { found } = await fromKeras(
    tagger(config => config),
    { layer: 'both' },
  );
  assert.match(found[0]!, /both directions/);
});

test('a zip that states more bytes than it can hold is refused before room is made', async () => {
  const bytes = Buffer.from(tagger(config => config));
  const entry = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])); // the first of the central directory
  for (let at = entry; at >= 0; at = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), at + 4))
    bytes.writeUInt32LE(0x7fffffff, at + 24);
  await assert.rejects(fromKeras(bytes), /the zip says that \S+ has 2147483647 bytes, \d+ cannot hold them/);
});

test('only files in its folder are read for a model.json', async t => {
  const root = mkdtempSync(join(tmpdir(), 'gatebook-keras-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'model'));
  copyFileSync(fileOf('keras2-tfjs/group1-shard1of1.bin'), join(root, 'secret.bin'));
  const json = readFileSync(fileOf('keras2-tfjs/model.json'), 'utf8');
  const file = join(root, 'model', 'model.json');
  for (const path of ['../secret.bin', 'a/../../secret.bin', join(root, 'secret.bin')]) {
    writeFileSync(file, json.replace('group1-shard1of1.bin', path));
    await assert.rejects(fromKeras(file), /secret\.bin is not in the folder of the model/);
  }
});

test('a shard that is not there or not whole is named, with what would mend it', async t => {
  const root = mkdtempSync(join(tmpdir(), 'gatebook-keras-'));
  t.after(() => rmSync(root, { recursive: true }));
  const file = join(root, 'model.json');
  copyFileSync(fileOf('keras2-tfjs/model.json'), file);
  await assert.rejects(fromKeras(file), {
    name: 'RangeError',
    message:
      /import model\.json: model\.json names 'group1-shard1of1\.bin' beside it, and there is no such file in '.*'\. Copy all files/,
  });
  const shard = readFileSync(fileOf('keras2-tfjs/group1-shard1of1.bin'));
  writeFileSync(join(root, 'group1-shard1of1.bin'), shard.subarray(8));
  await assert.rejects(
    fromKeras(file),
    /group1-shard1of1\.bin beside it has \d+ bytes, its weights take \d+\. Copy the model again/,
  );
});

test('errors say what the file has', async () => {
  const file = fileOf('keras-tagger.keras');
  await assert.rejects(fromKeras(file, { layer: 'bot' }), {
    message: /no LSTM layer is called 'bot'; did you mean both\? It has low, both, top\./,
  });
  await assert.rejects(fromKeras(fileOf('keras-hard.keras')), /'hard': it has Keras 3's hard_sigmoid/);
  await assert.rejects(
    fromKeras(fileOf('keras-own-mask.keras')),
    /'told': it is called with a mask from 'own'/,
  );
  await assert.rejects(fromKeras(fileOf('keras-other.keras')), /tf\.layers has no layer UnitNormalization/);
  await assert.rejects(fromKeras(fileOf('onnx-one.onnx')), /it is no \.keras file/);
  await assert.rejects(
    fromKeras(new Uint8Array([0x50, 0x4b, 3, 4])),
    /Cannot import the bytes given as a Keras model/,
  );
  await assert.rejects(fromKeras(new Uint8Array([0x89, 0x48, 0x44, 0x46])), /as HDF5/);
  const json = readFileSync(fileOf('keras2-tfjs/model.json'));
  await assert.rejects(fromKeras(new Uint8Array(json)), /Give its path/);
  await assert.rejects(fromKeras(file, { layr: 'low' } as never), /did you mean layer\?/);
});
