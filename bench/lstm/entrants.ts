// Ours and tf.layers.lstm, each with the forward run and the training step that all rows share: dense layer
// H -> D on every step, mean squared error, Adam, targets in the shape of the input.
import type { LayersModel, Tensor3D } from '@tensorflow/tfjs';
import { gates, type LstmLayer, lstm, tf, trace, train } from '../../kernel/lstm/index.ts';
import { type ArrayKernelName, forwardOn } from '../../kernel/lstm/kernels/arrays.ts';
import type { KernelChoice } from '../../kernel/lstm/kernels/choose.ts';
import { emptyGates, type Run } from '../../kernel/lstm/kernels/loop.ts';
import { timeMajor } from '../../kernel/lstm/kernels/sizes.ts';
import type { Size, Task } from './sizes.ts';

/** The usual orthogonal one takes seconds at 256 units, minutes at 1,024. */
const recurrentInitializer = 'glorotUniform';

export interface Entrant {
  readonly name: string;
  /** Milliseconds of one of so many calls. */
  readonly run: (calls: number) => Promise<number>;
  readonly dispose: () => void;
  /** Calls in one measurement at most, where one takes long. */
  readonly most?: number;
}

function input([batch, steps, inputs]: Size): Tensor3D {
  const x = tf.randomNormal([batch, steps, inputs], 0, 1, 'float32', 1) as Tensor3D;
  x.dataSync();
  return x;
}

/** By a call with one step: a whole one would leave its memory behind. */
function build(layer: LstmLayer, [batch, , inputs]: Size): void {
  const first = tf.zeros([batch, 1, inputs]);
  tf.dispose([first, layer.apply(first) as Tensor3D]);
}

export function ours(task: Task, size: Size, kernel: KernelChoice = 'auto'): Entrant {
  return task === 'forward' ? oursForward(size, kernel) : oursTraining(size, kernel);
}

/** All gates as tensors: i, f, g, o, c and h. */
function oursForward(size: Size, kernel: KernelChoice): Entrant {
  const [batch, steps, inputs, units] = size;
  const x = input(size);
  const layer = lstm({ units, kernel, recurrentInitializer, returnSequences: true, seed: 1 });
  build(layer, size);
  return {
    name: `gates, ${layer.kernelFor(batch, steps, inputs)}`,
    run: calls => time(calls, () => tf.dispose({ ...gates(layer, x, { kernel }) })),
    dispose: () => tf.dispose([x, ...layer.getWeights()]),
  };
}

/** All gates read out into a Trace. */
export function oursTrace(size: Size, kernel: KernelChoice = 'auto'): Entrant {
  const [batch, steps, inputs, units] = size;
  const x = input(size);
  const layer = lstm({ units, kernel, recurrentInitializer, returnSequences: true, seed: 1 });
  build(layer, size);
  return {
    name: `trace, ${layer.kernelFor(batch, steps, inputs)}`,
    run: calls => time(calls, () => trace(layer, x)),
    dispose: () => tf.dispose([x, ...layer.getWeights()]),
  };
}

/** The kernel on arrays, all gates into the same ones each time: without what tensors cost. Time-major. */
export function oursArrays(size: Size, kernel: ArrayKernelName): Entrant {
  const [batch, steps, inputs, units] = size;
  const sizes = { batch, steps, inputs, units };
  const normal = (count: number) => Float32Array.from({ length: count }, () => (Math.random() - 0.5) * 0.6);
  const run: Run = {
    sizes,
    weights: {
      kernel: normal(inputs * 4 * units),
      recurrentKernel: normal(units * 4 * units),
      bias: normal(4 * units),
    },
    activations: { gates: 'sigmoid', values: 'tanh' },
    x: normal(batch * steps * inputs),
    inputOrder: timeMajor(sizes),
    order: timeMajor(sizes),
    initial: { h: new Float32Array(batch * units), c: new Float32Array(batch * units) },
  };
  const gates = emptyGates(sizes);
  return {
    name: `gates as arrays, ${kernel}`,
    run: calls => time(calls, () => void forwardOn(kernel, run, gates)),
    dispose: () => {},
  };
}

function oursTraining(size: Size, kernel: KernelChoice): Entrant {
  const [batch, steps, inputs, units] = size;
  const [x, y] = [input(size), input(size)];
  const layer = lstm({
    units,
    kernel,
    recurrentInitializer,
    returnSequences: true,
    seed: 1,
    inputShape: [steps, inputs],
  });
  const model = withHead(layer, inputs);
  const options = { learningRate: 1e-3, loss: 'meanSquaredError', clip: Number.POSITIVE_INFINITY } as const;
  return {
    name: `train, ${layer.kernelFor(batch, steps, inputs)}`,
    run: async calls =>
      ((await train(model, [{ x, y }], { ...options, steps: calls })).seconds * 1000) / calls,
    dispose: () => {
      tf.dispose([x, y]);
      model.dispose();
    },
  };
}

function peerOptions(units: number) {
  return { units, recurrentInitializer, recurrentActivation: 'sigmoid', returnSequences: true } as const;
}

export function tfLayers(task: Task, size: Size): Entrant {
  return task === 'forward' ? tfLayersForward(size) : tfLayersTraining(size);
}

/** h alone, read out: on every backend the work is then done. */
function tfLayersForward(size: Size): Entrant {
  const x = input(size);
  const layer = tf.layers.lstm(peerOptions(size[3]));
  const forward = () => {
    const h = layer.apply(x) as Tensor3D;
    h.dataSync();
    h.dispose();
  };
  return {
    name: 'tf.layers.lstm',
    most: 1,
    run: calls => time(calls, forward),
    dispose: () => tf.dispose([x, ...layer.getWeights()]),
  };
}

function tfLayersTraining(size: Size): Entrant {
  const [, steps, inputs, units] = size;
  const [x, y] = [input(size), input(size)];
  const model = withHead(tf.layers.lstm({ ...peerOptions(units), inputShape: [steps, inputs] }), inputs);
  const adam = tf.train.adam(1e-3);
  const step = () => {
    const loss = adam.minimize(
      () => tf.losses.meanSquaredError(y, model.apply(x, { training: true }) as Tensor3D),
      true,
    );
    loss?.dataSync();
    loss?.dispose();
  };
  return {
    name: 'tf.layers.lstm, tf.train.adam',
    most: 1,
    run: calls => time(calls, step),
    dispose: () => {
      tf.dispose([x, y]);
      model.dispose();
      adam.dispose();
    },
  };
}

function withHead(
  layer: Parameters<ReturnType<typeof tf.sequential>['add']>[0],
  inputs: number,
): LayersModel {
  return tf.sequential({ layers: [layer, tf.layers.dense({ units: inputs })] });
}

/** Milliseconds of one of so many calls. */
export async function time(calls: number, work: () => unknown): Promise<number> {
  const start = performance.now();
  for (let call = 0; call < calls; call++) {
    const pending = work();
    if (pending instanceof Promise) await pending;
  }
  return (performance.now() - start) / calls;
}
