// ONNX LSTM nodes: outputs and states are those that ONNX Runtime (or PyTorch, before it exported) computed.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { fromOnnx } from '../../../kernel/lstm/imports/onnx.ts';
import { tf, trace } from '../../../kernel/lstm/index.ts';
import { assertNear, fileOf, type Reference, referenceOf, tensorOf } from './reference.ts';

/** ONNX's x [T, B, D] as a layer takes it. */
const batchFirst = (reference: Reference): Tensor3D => tensorOf(reference, 'x').transpose([1, 0, 2]);

/** ONNX's Y [T, directions, B, H] as a layer gives it, [B, T, directions * H]. */
function sequence(reference: Reference, name: string): Tensor {
  const y = tensorOf(reference, name);
  const [steps, directions, batch, units] = y.shape as [number, number, number, number];
  return y.transpose([2, 0, 1, 3]).reshape([batch, steps, directions * units]);
}

function lastCells(seen: ReturnType<typeof trace>): Tensor {
  const [steps, batch, units] = seen.shape;
  return tf.tensor3d([...seen.c.slice((steps - 1) * batch * units)], [1, batch, units]);
}

test("ONNX Runtime's own values: one node, forward and backward, and hardSigmoid gates", async () => {
  for (const [file, node] of Object.entries({ one: 'only', reverse: 'back', 'hard-sigmoid': 'hard' })) {
    const reference = referenceOf(`onnx-${file}`);
    const { model } = await fromOnnx(fileOf(`onnx-${file}.onnx`));
    const x = batchFirst(reference);
    const y = model.predict(x) as Tensor;
    assertNear(file === 'reverse' ? y.reverse(1) : y, sequence(reference, `${node}.Y`), file);
    assertNear(lastCells(trace(model, x)), tensorOf(reference, `${node}.C`), `${file}: c`);
  }
});

test("ONNX Runtime's own values: nodes that follow each other are one stack", async () => {
  const reference = referenceOf('onnx-stack');
  const { model, layers, found } = await fromOnnx(new Uint8Array(readFileSync(fileOf('onnx-stack.onnx'))));
  assert.equal(layers.length, 3);
  assert.deepEqual(found, [
    'first: 3 inputs, 4 units, both directions',
    'second: 8 inputs, 4 units, forward',
  ]);
  const x = batchFirst(reference);
  assertNear(model.predict(x) as Tensor, sequence(reference, 'second.Y'), 'second');
  assertNear(lastCells(trace(model, x).layers[2]!), tensorOf(reference, 'second.C'), 'c');
  const first = await fromOnnx(fileOf('onnx-stack.onnx'), { node: 'first' });
  assertNear(first.model.predict(x) as Tensor, sequence(reference, 'first.Y'), 'first');
});

test('two nodes side by side are taken by name', async () => {
  const reference = referenceOf('onnx-two');
  const file = fileOf('onnx-two.onnx');
  await assert.rejects(fromOnnx(file), /its LSTM nodes left, right do not follow one another\. Say which/);
  const { model } = await fromOnnx(file, { node: 'right' });
  assertNear(model.predict(batchFirst(reference)) as Tensor, sequence(reference, 'right.Y'), 'right');
});

test('numbers in a file beside the model', async () => {
  const reference = referenceOf('onnx-external');
  const { model } = await fromOnnx(fileOf('onnx-external.onnx'));
  assertNear(model.predict(batchFirst(reference)) as Tensor, sequence(reference, 'beside.Y'), 'y');
  const bytes = new Uint8Array(readFileSync(fileOf('onnx-external.onnx')));
  await assert.rejects(
    fromOnnx(bytes),
    /its numbers are in onnx-external\.data, beside the model\. Give the model's path/,
  );
});

test('numbers beside the model are read where it says, and only if they are there', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-onnx-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'model.onnx');
  const bytes = readFileSync(fileOf('onnx-external.onnx'));
  /** Of the same length, so that the protobuf around it stays as it is. */
  const withText = (from: string, to: string) => {
    const at = bytes.indexOf(from);
    writeFileSync(
      file,
      Buffer.concat([bytes.subarray(0, at), Buffer.from(to), bytes.subarray(at + from.length)]),
    );
    return fromOnnx(file);
  };
  await assert.rejects(withText('192', '192'), /are in onnx-external\.data, .*: there is no such file/);
  copyFileSync(fileOf('onnx-external.data'), join(folder, 'onnx-external.data'));
  await withText('192', '192');
  for (const length of ['9e9', '-16', 'abc', '1.5'])
    await assert.rejects(
      withText('192', length),
      /'beside\.W': it should be \S+ bytes at 0 of onnx-external/,
    );
  await assert.rejects(withText('onnx-external.data', '../ternal.data/...'), /is not in the folder/);
});

test("PyTorch's values from the file that PyTorch exported: two levels, both directions", async () => {
  const reference = referenceOf('onnx-from-pytorch');
  const { model, layers } = await fromOnnx(fileOf('onnx-from-pytorch.onnx'));
  assert.equal(layers.length, 4);
  assertNear(model.predict(tensorOf(reference, 'x')) as Tensor, tensorOf(reference, 'y'), 'y');
});

test('errors say what the graph has', async () => {
  const file = (name: string) => fileOf(`onnx-${name}.onnx`);
  await assert.rejects(
    fromOnnx(file('peepholes')),
    /'peep': it has peepholes \(input P\), which lstm\(\) has not/,
  );
  await assert.rejects(fromOnnx(file('coupled')), /coupled input and forget gates \(input_forget\)/);
  await assert.rejects(
    fromOnnx(file('two'), { node: 'rigth' }),
    /no LSTM node is called 'rigth'; did you mean right\?/,
  );
  await assert.rejects(fromOnnx(fileOf('pytorch-one.safetensors')), /as an ONNX model/);
  await assert.rejects(fromOnnx(new Uint8Array()), /it has no graph/);
  await assert.rejects(fromOnnx(file('one'), { nod: 'a' } as never), /did you mean node\?/);
});
