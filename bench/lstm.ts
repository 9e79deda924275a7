// The LSTM against tf.layers.lstm on the same TensorFlow: a forward run with every gate read out (the peer
// gives h alone), and a training step (dense layer on each step, squared error, Adam).
import type { LayersModel, Tensor3D } from '@tensorflow/tfjs';
import { gates, lstm, tf, trace, train } from '../kernel/lstm/index.ts';
import type { KernelChoice } from '../kernel/lstm/kernels/choose.ts';
import { backendStatus } from '../kernel/tensorflow/load.ts';

const SIZES = [
  [1, 20, 30, 16],
  [1, 100, 2, 4],
  [1, 100, 32, 64],
  [32, 100, 32, 64],
  [64, 128, 128, 256],
] as const;

const status = backendStatus();
export const about =
  status.state === 'ready'
    ? `LSTM against tf.layers.lstm, B,T,D,H, on ${status.backend} ${status.tensorflow ?? ''} (tfjs ${status.tfjs})`
    : 'LSTM against tf.layers.lstm';

interface Measurement {
  readonly case: string;
  readonly ours: string;
  readonly peer: string;
  readonly unit: 'ms';
  readonly oursRun: () => Promise<number>;
  readonly peerRun: () => Promise<number>;
  readonly seconds: number;
  readonly dispose: () => void;
}

/** Which kernels to show; GATEBOOK_KERNEL=loop,BlockLSTMV2 shows each by itself. */
const KERNELS = (process.env.GATEBOOK_KERNEL?.split(',') ?? ['auto']) as KernelChoice[];

export function* cases(): Generator<Measurement> {
  for (const size of SIZES) for (const kernel of KERNELS) yield forwardCase(size, kernel, 'gates');
  for (const size of SIZES) for (const kernel of KERNELS) yield forwardCase(size, kernel, 'trace');
  for (const size of SIZES) for (const kernel of KERNELS) yield trainingCase(size, kernel);
}

type Size = (typeof SIZES)[number];

function input([batch, steps, inputs]: Size): Tensor3D {
  return tf.randomNormal([batch, steps, inputs], 0, 1, 'float32', 1);
}

/** Its own orthogonal initializer takes seconds at 256 units, and says so on every layer. */
function peerOptions(units: number) {
  const recurrentInitializer = 'glorotUniform';
  return { units, recurrentInitializer, recurrentActivation: 'sigmoid', returnSequences: true } as const;
}

/** `gates`: all gates as tensors, as the peer's h is one. `trace`: all of them read out into a Trace. */
function forwardCase(size: Size, kernel: KernelChoice, what: 'gates' | 'trace'): Measurement {
  const x = input(size);
  x.dataSync();
  const [batch, steps, inputs, units] = size;
  const ours = lstm({ units, kernel, returnSequences: true, seed: 1 });
  const peer = tf.layers.lstm(peerOptions(units));
  tf.dispose([ours.apply(x) as Tensor3D, peer.apply(x) as Tensor3D]);
  peer.setWeights(ours.getWeights());
  const small = batch * units < 1000;
  const tensors = () => tf.dispose({ ...gates(ours, x, { kernel }) });
  return {
    case: `forward ${size.join(',')}`,
    ours: `${what}, ${ours.kernelFor(batch, steps, inputs)}`,
    peer: 'tf.layers.lstm',
    unit: 'ms',
    seconds: 2,
    oursRun: () => time(small ? 20 : 2, what === 'trace' ? () => trace(ours, x) : tensors),
    peerRun: () =>
      time(1, () => {
        const h = peer.apply(x) as Tensor3D;
        if (what === 'trace') h.dataSync();
        h.dispose();
      }),
    dispose: () => tf.dispose([x, ...ours.getWeights(), ...peer.getWeights()]),
  };
}

function trainingCase(size: Size, kernel: KernelChoice): Measurement {
  const [batch, steps, inputs, units] = size;
  const [x, y] = [input(size), input(size)];
  const layer = lstm({ units, kernel, returnSequences: true, seed: 1, inputShape: [steps, inputs] });
  const own = withHead(layer, inputs);
  const theirs = withHead(tf.layers.lstm({ ...peerOptions(units), inputShape: [steps, inputs] }), inputs);
  const adam = tf.train.adam(1e-3);
  const step = () =>
    void adam
      .minimize(() => tf.losses.meanSquaredError(y, theirs.apply(x, { training: true }) as Tensor3D), true)
      ?.dispose();
  const count = batch * units < 1000 ? 20 : 2;
  return {
    case: `training step ${size.join(',')}`,
    ours: `train, ${layer.kernelFor(batch, steps, inputs)}`,
    peer: 'tf.layers.lstm, tf.train.adam',
    unit: 'ms',
    seconds: 3,
    oursRun: async () => {
      const done = await train(own, [{ x, y }], {
        steps: count,
        learningRate: 1e-3,
        loss: 'meanSquaredError',
        clip: Number.POSITIVE_INFINITY,
      });
      return (done.seconds * 1000) / count;
    },
    peerRun: () => time(1, step),
    dispose: () => {
      tf.dispose([x, y]);
      own.dispose();
      theirs.dispose();
    },
  };
}

function withHead(
  layer: Parameters<ReturnType<typeof tf.sequential>['add']>[0],
  inputs: number,
): LayersModel {
  return tf.sequential({ layers: [layer, tf.layers.dense({ units: inputs })] });
}

/** Milliseconds of one of `count` calls. */
async function time(count: number, work: () => void): Promise<number> {
  const start = performance.now();
  for (let run = 0; run < count; run++) work();
  return (performance.now() - start) / count;
}
