// Child program of dropin.slow.test.ts: on the backend that GATEBOOK_BACKEND names, runs every kind of LSTM layer
// that tf.layers knows as tf.layers' own and as ours, and says how far outputs and gradients lie apart, as JSON.
import type { Tensor, Tensor3D, Variable } from '@tensorflow/tfjs';
import { accelerate, type LstmOptions, lstm, tf } from '../../kernel/lstm/index.ts';
import type { KernelName } from '../../kernel/lstm/kernels/choose.ts';
import { numbers, relativeError } from './reference.ts';

export interface DropinLine {
  readonly case: string;
  readonly error: number;
}

interface Case {
  readonly options?: Partial<LstmOptions>;
  readonly mask?: 'ends' | 'holes' | 'all' | 'none';
  readonly states?: boolean;
  readonly training?: boolean;
}

/** Every second or third value dropped, the same whenever it is asked: tf.layers draws four and uses one. */
const dropoutFunc = (ones: Tensor, rate: number): Tensor =>
  tf.tensor(
    Float32Array.from({ length: ones.size }, (_, at) => ((at * 7 + 3) % 5 > 1 ? 1 / (1 - rate) : 0)),
    ones.shape,
  );
const drops = { dropout: 0.3, recurrentDropout: 0.4, dropoutFunc };
const every = { returnSequences: true, returnState: true };

const CASES: Readonly<Record<string, Case>> = {
  plain: { options: every },
  'last step': {},
  'padding at the ends': { options: every, mask: 'ends' },
  'padding at the ends, last step': { mask: 'ends' },
  'padding between': { options: every, mask: 'holes', states: true },
  'all of a row padding': { options: every, mask: 'all', states: true },
  'mask of ones': { options: every, mask: 'none' },
  backwards: { options: { ...every, goBackwards: true }, mask: 'ends' },
  'no bias': { options: { ...every, useBias: false }, mask: 'holes' },
  'hard gates': { options: { ...every, recurrentActivation: 'hardSigmoid' }, mask: 'holes' },
  'relu inside': { options: { ...every, activation: 'relu' } },
  'softsign inside': { options: { ...every, activation: 'softsign' }, mask: 'ends' },
  dropout: { options: { ...every, dropout: 0.3, dropoutFunc }, training: true },
  'recurrent dropout': { options: { ...every, recurrentDropout: 0.4, dropoutFunc }, training: true },
  'both, with padding': { options: { ...every, ...drops }, mask: 'holes', states: true, training: true },
  'both, backwards, hard gates': {
    options: { ...every, ...drops, goBackwards: true, recurrentActivation: 'hardSigmoid' },
    ...{ mask: 'ends', training: true },
  },
  'dropout at rest': { options: { ...every, ...drops } },
};

const SIZES = [
  [3, 5, 3, 4],
  [1, 4, 2, 1],
  [2, 3, 9, 17],
] as const;

const native = tf.getBackend() === 'tensorflow';
const kernels: readonly KernelName[] = [
  ...(['addon', 'wasm', 'loop'] as const),
  ...(native ? (['BlockLSTMV2'] as const) : []),
];

function maskOf(kind: Case['mask'], batch: number, steps: number): Tensor | null {
  if (!kind) return null;
  const isOn = (row: number, step: number): boolean => {
    if (kind === 'none') return true;
    if (kind === 'all') return row > 0 && step !== 1;
    return kind === 'ends' ? step < steps - 1 - (row % 2) : (row + step) % 3 !== 0;
  };
  const values = Array.from({ length: batch * steps }, (_, at) =>
    isOn(Math.floor(at / steps), at % steps) ? 1 : 0,
  );
  return tf.tensor2d(values, [batch, steps], 'bool');
}

type Layer = ReturnType<typeof tf.layers.lstm>;

/** Outputs, then the gradients of x, the weights and the first states, for a loss on every output. */
function results(layer: Layer, { mask, states, training }: Case, sizes: (typeof SIZES)[number]): number[][] {
  const [batch, steps, inputs, units] = sizes;
  const values = (shape: number[], seed: number) =>
    tf.tensor(
      Float32Array.from(
        numbers(
          shape.reduce((a, b) => a * b),
          1.2,
          seed,
        ),
      ),
      shape,
    );
  return tf.tidy(() => {
    const x = values([batch, steps, inputs], 3) as Tensor3D;
    const given = maskOf(mask, batch, steps);
    const first = states ? [values([batch, units], 8), values([batch, units], 9)] : [];
    const run = (input: Tensor, ...initialState: Tensor[]): Tensor[] => {
      const kwargs = { mask: given, training, ...(initialState.length > 0 ? { initialState } : {}) };
      return [layer.call(input as never, kwargs)].flat() as Tensor[];
    };
    const outputs = run(x, ...first);
    const loss = (...input: Tensor[]) =>
      run(...(input as [Tensor])).reduce<Tensor>(
        (sum, output, at) => sum.add(output.mul(values(output.shape, 20 + at)).sum()),
        tf.scalar(0),
      );
    const weights = layer.trainableWeights.map(weight => weight.read() as Variable);
    const slopes = tf.grads(loss)([x, ...first]);
    const { grads } = tf.variableGrads(() => loss(x, ...first).asScalar(), weights);
    return [...outputs, ...slopes, ...weights.map(({ name }) => grads[name]!)].map(tensor => [
      ...tensor.dataSync(),
    ]);
  });
}

function worst(ours: number[][], theirs: number[][]): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  return Math.max(...ours.map((values, at) => relativeError(values, theirs[at]!)));
}

const lines: DropinLine[] = [];
for (const [name, one] of Object.entries(CASES))
  for (const sizes of SIZES) {
    const [batch, steps, inputs, units] = sizes;
    const bias = tf.initializers.randomUniform({ minval: -0.8, maxval: 0.8, seed: 5 });
    // Seeded: with other weights every run, a gradient that is all but zero would now and then be off relatively.
    const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
    const initializers = {
      kernelInitializer: glorot(6),
      recurrentInitializer: glorot(7),
      biasInitializer: bias,
    };
    const options = { ...initializers, ...one.options };
    const theirs = tf.layers.lstm({
      ...{ units, recurrentActivation: 'sigmoid', unitForgetBias: false },
      ...(options as object),
    });
    theirs.build([batch, steps, inputs]);
    const expected = results(theirs, one, sizes);
    for (const kernel of kernels) {
      const isKnown = kernel === 'loop' || !(kernel === 'BlockLSTMV2' ? /hard|inside/ : /inside/).test(name);
      const ours = lstm({ units, kernel: isKnown ? kernel : 'auto', ...options, unitForgetBias: false });
      ours.build([batch, steps, inputs]);
      ours.setWeights(theirs.getWeights());
      lines.push({ case: `${name} ${sizes} ${kernel}`, error: worst(results(ours, one, sizes), expected) });
    }
    const { restore } = accelerate(theirs);
    lines.push({ case: `${name} ${sizes} accelerated`, error: worst(results(theirs, one, sizes), expected) });
    restore();
    const {
      units: _,
      returnSequences = false,
      returnState = false,
      goBackwards = false,
      ...cell
    } = {
      ...{ recurrentActivation: 'sigmoid', unitForgetBias: false },
      ...(options as LstmOptions),
    };
    const around = { returnSequences, returnState, goBackwards };
    const rnn = tf.layers.rnn({ cell: tf.layers.lstmCell({ units, ...cell } as never), ...around }) as Layer;
    rnn.build([batch, steps, inputs]);
    rnn.setWeights(theirs.getWeights());
    accelerate(rnn);
    lines.push({ case: `${name} ${sizes} a cell`, error: worst(results(rnn, one, sizes), expected) });
  }

/** Two cells in one tf.layers.rnn, step by step and accelerated. */
function stackedCells({ mask, states, training }: Case, more: object): number {
  const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
  const cell = (units: number, seed: number) =>
    tf.layers.lstmCell({
      ...{ units, recurrentActivation: 'sigmoid', dropout: 0.3, recurrentDropout: 0.4, dropoutFunc },
      ...{ kernelInitializer: glorot(seed), recurrentInitializer: glorot(seed + 1) },
    } as never);
  const make = () => tf.layers.rnn({ cell: [cell(4, 6), cell(3, 8)], ...every, ...more }) as unknown as Layer;
  const run = (layer: Layer): number[][] =>
    tf.tidy(() => {
      const values = (shape: number[], seed: number) =>
        tf.tensor(
          Float32Array.from(
            numbers(
              shape.reduce((a, b) => a * b),
              1.2,
              seed,
            ),
          ),
          shape,
        );
      const x = values([3, 5, 2], 3) as Tensor3D;
      layer.build(x.shape);
      const widths = [3, 3, 4, 4]; // h and c of the last cell, then of the first
      const initialState = states ? widths.map((width, at) => values([3, width], 10 + at)) : null;
      const kwargs = { mask: maskOf(mask, 3, 5), training, ...(initialState ? { initialState } : {}) };
      const loss = (input: Tensor) =>
        ([layer.call(input as never, kwargs)].flat() as Tensor[]).reduce<Tensor>(
          (sum, output, at) => sum.add(output.mul(values(output.shape, 20 + at)).sum()),
          tf.scalar(0),
        );
      const outputs = [layer.call(x, kwargs)].flat() as Tensor[];
      const { grads } = tf.variableGrads(
        () => loss(x).asScalar(),
        layer.trainableWeights.map(weight => weight.read() as Variable),
      );
      const slopes = layer.trainableWeights.map(({ name }) => grads[name]!);
      return [...outputs, tf.grad(loss)(x), ...slopes].map(tensor => [...tensor.dataSync()]);
    });
  const [slow, fast] = [make(), make()];
  if (accelerate(fast).changed.length !== 1) return Number.POSITIVE_INFINITY;
  return worst(run(fast), run(slow));
}

const STACKS: Readonly<Record<string, readonly [Case, object]>> = {
  plain: [{}, {}],
  'padding, states': [{ mask: 'holes', states: true }, {}],
  'backwards, last step': [{ mask: 'ends' }, { goBackwards: true, returnSequences: false }],
  dropout: [{ training: true, mask: 'ends' }, {}],
};
for (const [name, [one, more]] of Object.entries(STACKS))
  lines.push({ case: `two cells, ${name}`, error: stackedCells(one, more) });
process.stdout.write(`${JSON.stringify(lines)}\n`);
