// tfjs and gatebook in cells where native TensorFlow is not in use.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toText } from '../../kernel/session/inspect.ts';
import { runCells } from './cells.ts';

process.env.GATEBOOK_BACKEND = 'cpu';

test('a part of tfjs alone has its backend too', async () => {
  const { value } = await runCells([
    "import { scalar, getBackend } from '@tensorflow/tfjs-core';\n[getBackend(), scalar(2).dataSync()[0]]",
  ]);
  assert.deepEqual(value, ['cpu', 2]);
});

test('tfjs-node gives the instance in use, and only its node part throws, with the cure', async () => {
  const cells = [
    "import * as tf from '@tensorflow/tfjs-node'; const required = require('@tensorflow/tfjs-node')",
    "import * as plain from '@tensorflow/tfjs';\n[tf.Tensor === plain.Tensor, required.Tensor === plain.Tensor, tf.getBackend(), typeof tf.io.listModels]",
  ];
  assert.deepEqual((await runCells(cells)).value, [true, true, 'cpu', 'function']);
  for (const name of ['tf', 'required']) {
    await assert.rejects(
      runCells([...cells, `${name}.node.decodeImage(new Uint8Array(4))`]),
      /tf\.node\.decodeImage needs native TensorFlow, and the backend in use is cpu\. Run `gatebook setup`/,
    );
  }
});

test('gatebook by import and by require, with the same tfjs', async () => {
  const { value } = await runCells([
    "import { tf, lstm } from 'gatebook'; import * as plain from '@tensorflow/tfjs';",
    "const library = require('gatebook');\n[tf.Tensor === plain.Tensor, library.lstm === lstm, typeof lstm, tf.getBackend()]",
  ]);
  assert.deepEqual(value, [true, true, 'function', 'cpu']);
});

test('real tensors and models as text', async () => {
  const { value } = await runCells([
    "import * as tf from '@tensorflow/tfjs';",
    'const t = tf.tensor2d([[1, 2.5], [3, 4]]); const gone = tf.scalar(1); gone.dispose();\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });\n[t, gone, tf.variable(t), model]',
  ]);
  const [t, gone, variable, model] = value as unknown[];
  assert.equal(toText(t), 'Tensor [2,2] float32\n[[1, 2.5],\n [3, 4]]');
  assert.equal(toText(gone), 'Tensor [] float32 (disposed)');
  assert.match(toText(variable), /^Variable \[2,2\] float32\n/);
  assert.match(toText(model), /Total params: 8/);
  assert.equal(toText([t]), '[ Tensor [2,2] float32 ]');
});
