// Child program of layer.test.ts: on the backend that GATEBOOK_BACKEND names, trains, saves, loads, counts
// tensors and native handles, and says what it found as JSON.
import type { LayersModel, Tensor, Tensor3D } from '@tensorflow/tfjs';
import { clamp, lstm, tf, trace, train } from '../../kernel/lstm/index.ts';
import type { KernelName } from '../../kernel/lstm/kernels/choose.ts';
import { relativeError } from './reference.ts';

export interface LayerFindings {
  readonly backend: string;
  /** Tensors, data and native handles that 200 runs with gradient left behind, by kernel. */
  readonly leaks: Readonly<Record<string, readonly number[]>>;
  readonly fitLeaks: readonly number[];
  readonly traceLeaks: readonly number[];
  readonly losses: readonly number[];
  /** h of the layer against the saved model loaded by plain tfjs. */
  readonly loadedError: number;
  readonly loadedIsPlain: boolean;
  /** Largest difference between what a model gives out and what its trace says. */
  readonly traceErrors: Readonly<Record<string, number>>;
  readonly sameSeed: boolean;
}

const native = tf.getBackend() === 'tensorflow';
const kernels: readonly KernelName[] = [
  'addon',
  'wasm',
  'loop',
  ...(native ? (['BlockLSTMV2'] as const) : []),
];

function counts(): number[] {
  const backend = tf.backend() as unknown as {
    numDataIds(): number;
    binding?: unknown;
    getNumOfTFTensors?(): number;
  };
  return [tf.memory().numTensors, backend.numDataIds(), native ? (backend.getNumOfTFTensors?.() ?? -1) : 0];
}

async function growth(work: () => void | Promise<void>): Promise<number[]> {
  await work(); // once for what is kept on purpose: one int64 length a T
  const before = counts();
  await work();
  return counts().map((count, at) => count - before[at]!);
}

function leaksOf(kernel: KernelName): Promise<number[]> {
  const layer = lstm({ units: 5, kernel, returnSequences: true, returnState: true });
  const x = tf.randomNormal([3, 7, 4]) as Tensor3D;
  const loss = (input: Tensor) => {
    const [h, , c] = layer.apply(input) as [Tensor, Tensor, Tensor];
    return h.square().mean().add(c.mean());
  };
  return growth(() => {
    for (let run = 0; run < 100; run++) tf.dispose([tf.grad(loss)(x), ...(layer.apply(x) as Tensor[])]);
  });
}

function model(seed = 1): LayersModel {
  return tf.sequential({
    layers: [
      lstm({ units: 6, seed, returnSequences: true, inputShape: [8, 3] }),
      lstm({ units: 4, seed: seed + 1 }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed }) }),
    ],
  });
}

const x = tf.randomNormal([64, 8, 3], 0, 1, 'float32', 2) as Tensor3D;
const y = x.slice([0, 0, 0], [64, 1, 1]).reshape([64, 1]);

async function fit(): Promise<{ losses: number[]; leaks: number[]; own: LayersModel }> {
  const own = model();
  own.compile({ optimizer: tf.train.adam(0.02), loss: 'meanSquaredError' });
  const losses: number[] = [];
  const leaks = await growth(async () => {
    const { history } = await own.fit(x, y, { epochs: 6, batchSize: 16, shuffle: false, verbose: 0 });
    losses.push(...(history.loss as number[]));
  });
  return { losses, leaks, own };
}

async function saveAndLoad(own: LayersModel): Promise<{ error: number; plain: boolean }> {
  let saved: Parameters<typeof tf.io.fromMemory>[0] | null = null;
  await own.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
  const error = relativeError(
    (loaded.predict(x) as Tensor).dataSync(),
    (own.predict(x) as Tensor).dataSync(),
  );
  return { error, plain: loaded.layers[0]!.constructor === tf.layers.lstm({ units: 1 }).constructor };
}

/** Models of several shapes: what trace says of the last LSTM layer must be what the model gives out. */
function traceErrors(): Record<string, number> {
  const input = tf.input({ shape: [8, 3] });
  const plain = { units: 4, returnSequences: true, inputShape: [8, 3] };
  const [encoded, h, c] = lstm({ units: 4, returnSequences: true, returnState: true }).apply(
    input,
  ) as never[];
  const decoded = lstm({ units: 4, returnSequences: true }).apply(encoded!, {
    initialState: [h, c],
  }) as never;
  const models: Record<string, LayersModel> = {
    ours: tf.sequential({ layers: [lstm({ ...plain, seed: 3 })] }),
    'tf.layers': tf.sequential({ layers: [tf.layers.lstm({ ...plain, recurrentActivation: 'sigmoid' })] }),
    hardSigmoid: tf.sequential({ layers: [tf.layers.lstm(plain)] }),
    backwards: tf.sequential({ layers: [tf.layers.lstm({ ...plain, goBackwards: true })] }),
    'no bias': tf.sequential({ layers: [lstm({ ...plain, useBias: false })] }),
    nested: tf.sequential({ layers: [tf.sequential({ layers: [lstm(plain)] })] }),
    'with states': tf.model({ inputs: input, outputs: decoded }),
    masked: tf.sequential({ layers: [tf.layers.masking({ maskValue: 0, inputShape: [8, 3] }), lstm(plain)] }),
  };
  const padded = tf.tidy(() =>
    tf.keep(x.mul(tf.range(0, 8).less(6).cast('float32').reshape([1, 8, 1])) as Tensor3D),
  );
  return Object.fromEntries(
    Object.entries(models).map(([name, one]) => {
      const given = name === 'masked' ? padded : x;
      const expected = tf.tidy(() =>
        (one.predict(given, { batchSize: 64 }) as Tensor).transpose([1, 0, 2]).dataSync().slice(),
      );
      return [name, relativeError(trace(one, given).layers.at(-1)!.h, expected)];
    }),
  );
}

const { losses, leaks: fitLeaks, own } = await fit();
const loaded = await saveAndLoad(own);
const leaks: Record<string, number[]> = {};
for (const kernel of kernels) leaks[kernel] = await leaksOf(kernel);
const [one, other] = [model(9), model(9)];
for (const twin of [one, other]) await train(twin, [{ x, y }], { steps: 5, loss: 'meanSquaredError' });
const traceLeaks = await growth(async () => {
  trace(own, x);
  clamp(own, x, { ablate: [0] }).output.dispose();
  await train(own, [{ x, y }], { steps: 3, loss: 'meanSquaredError' });
});
const findings: LayerFindings = {
  backend: tf.getBackend(),
  leaks,
  fitLeaks,
  traceLeaks,
  losses,
  loadedError: loaded.error,
  loadedIsPlain: loaded.plain,
  traceErrors: traceErrors(),
  sameSeed: one
    .getWeights()
    .every((weight, at) => relativeError(weight.dataSync(), other.getWeights()[at]!.dataSync()) === 0),
};
process.stdout.write(`${JSON.stringify(findings)}\n`);
