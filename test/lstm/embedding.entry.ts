// Child program of embedding.test.ts: on the backend that GATEBOOK_BACKEND names, gradients that tfjs' WebAssembly has not
// by itself, and the training of a model with an embedding, as JSON.
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import { lstm, tf, train } from '../../kernel/lstm/index.ts';
import { numbers } from './reference.ts';

export interface EmbeddingFindings {
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly losses: readonly number[];
  /** Tensors and data left by ten gradients. */
  readonly leaks: readonly number[];
}

const tensor = (shape: number[], seed: number): Tensor =>
  tf.tensor(
    Float32Array.from(
      numbers(
        shape.reduce((a, b) => a * b),
        1,
        seed,
      ),
    ),
    shape,
  );
const ids = tf.tensor2d([0, 2, 2, 1, 4, 0], [2, 3], 'int32');
const factors = tensor([2, 3, 4], 2);
const [image, filter, deep] = [tensor([1, 5, 5, 2], 3), tensor([2, 2, 2, 3], 4), tensor([2, 2, 2, 1], 5)];
const works: Readonly<Record<string, () => Tensor>> = {
  embedding: () => tf.grad(table => tf.gather(table, ids).mul(factors).sum())(tensor([5, 4], 1)),
  convolution: () =>
    tf.grad(by =>
      tf
        .conv2d(image as Tensor4D, by as Tensor4D, 1, 'same')
        .square()
        .sum(),
    )(filter),
  'depthwise, filter': () =>
    tf.grad(by =>
      tf
        .depthwiseConv2d(image as Tensor4D, by as Tensor4D, 1, 'valid')
        .square()
        .sum(),
    )(deep),
  'depthwise, input': () =>
    tf.grad(of =>
      tf
        .depthwiseConv2d(of as Tensor4D, deep as Tensor4D, 1, 'valid')
        .square()
        .sum(),
    )(image),
  einsum: () => tf.einsum('bij,jk->bik', tensor([2, 3, 4], 6) as Tensor3D, tensor([4, 2], 7) as Tensor2D),
};
const run = () =>
  Object.fromEntries(
    Object.entries(works).map(([name, work]) => [name, tf.tidy(() => [...work().dataSync()])]),
  );
const values = run();
const counts = () => [
  tf.memory().numTensors,
  (tf.backend() as unknown as { numDataIds(): number }).numDataIds(),
];
const before = counts();
for (let time = 0; time < 10; time++) run();
const leaks = counts().map((count, at) => count - before[at]!);

const model = tf.sequential({
  layers: [
    tf.layers.embedding({
      ...{ inputDim: 5, outputDim: 3, inputLength: 3, maskZero: true },
      embeddingsInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 1 }),
    }),
    lstm({ units: 4, seed: 1 }),
    tf.layers.dense({ units: 2, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
  ],
});
const { losses } = await train(model, [{ x: ids, y: [0, 1] }], { steps: 30, learningRate: 0.05 });
const findings: EmbeddingFindings = { values, losses: [...losses], leaks };
process.stdout.write(`${JSON.stringify(findings)}\n`);
