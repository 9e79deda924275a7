// `lstm({...})`: a tf.layers layer with the options, weights and file format of tf.layers.lstm that runs
// as one op, with masks, dropout and states. Only activations that the kernels do not know (elu, selu, softsign
// and the like) run in tf.layers' own step-by-step LSTM, which this class extends.
import type { layers, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { backendName } from '../tensorflow/load.ts';
import { chooseArrayKernel, chooseKernel, type KernelChoice, type KernelName } from './kernels/choose.ts';
import { COLUMNS } from './kernels/sizes.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { callLstm } from './layer-call.ts';
import { type DropoutSeed, dropoutSeeds } from './layer-inputs.ts';
import { LSTM_ARGS } from './layer-options.ts';
import { activationsOf, partsOf, TfjsLstmClass, weightsOf } from './layer-parts.ts';
import { glorotUniform, orthogonal } from './random.ts';
import { tf } from './tf.ts';

export { activationsOf, type CellWeights, isLstm, partsOf, type TfjsLstm, weightsOf } from './layer-parts.ts';

type LSTMLayerArgs = Parameters<typeof layers.lstm>[0];

/** Initial bias of each gate, any number, the same for all units: i, g and o begin at 0 and f at 1 where they are not named. */
export type GateBias = Partial<Readonly<Record<(typeof COLUMNS)[number], number>>>;

/**
 * Options of tf.layers.lstm, and ours. Two defaults are Keras' instead of tfjs': `recurrentActivation` is
 * 'sigmoid' and `unitForgetBias` is true. Those of tf.layers are, with their defaults:
 *
 * - `units`: size H of h and c, a whole number from 1. The one that must be given.
 * - `inputShape`: [steps, features] of the first layer of a model; steps may be null for any number.
 * - `returnSequences` (false): h of every step, [B, T, H], in place of the last, [B, H]. `returnState` (false): h and c
 *   of the last step besides. `goBackwards` (false): reads from the last step; the output is in the order it was read.
 * - `stateful` (false): a call begins with the states the last ended with; needs `batchInputShape` [B, T, D], and
 *   `layer.resetStates()` where a sequence begins anew.
 * - `activation` ('tanh') of candidate and cell, `recurrentActivation` of the gates. sigmoid, hardSigmoid
 *   (0.2 x + 0.5, cut at 0 and 1), tanh, linear and relu run as one op, others step by step in tf.layers.
 * - `useBias` (true); `unitForgetBias`: f's bias begins at 1 (Jozefowicz et al. 2015).
 * - `dropout`, `recurrentDropout` (0): share of inputs, and of h as the recurrence sees it, that is dropped in
 *   training, 0 to 1; the others are scaled by 1 / (1 - rate), the same ones at every step of a call.
 * - `kernelInitializer` (glorotNormal in tfjs, with a `seed` glorotUniform), `recurrentInitializer` (orthogonal),
 *   `biasInitializer` (zeros); `…Regularizer` and `…Constraint` of kernel, recurrentKernel and bias (none).
 * - `weights`, `trainable`, `name`, `batchSize`, `dtype`: as of every layer. Weights are kernel [D, 4H],
 *   recurrentKernel [H, 4H] and bias [4H], columns i, f, g, o.
 *
 * An option that is none of these is refused, with the nearest that is.
 */
export interface LstmOptions extends Omit<LSTMLayerArgs, 'cell'> {
  /** A whole number. Same seed, same initial weights (Glorot uniform kernel, orthogonal recurrent kernel), same dropout. By chance unless given. */
  readonly seed?: number;
  /** Initial bias by gate; gates not named keep 0, and f keeps 1 (0 with unitForgetBias: false). Not with useBias: false. */
  readonly gateBias?: GateBias;
  /**
   * What runs it. 'auto' (the default) chooses by size. With padding or recurrent dropout BlockLSTMV2, which has
   * neither, leaves a call to the best of the others; all but the loop need sigmoid (or, but for BlockLSTMV2, hardSigmoid) gates and tanh.
   */
  readonly kernel?: KernelChoice;
}

export const LSTM_OPTIONS: Every<LstmOptions> = { ...LSTM_ARGS, seed: true, gateBias: true, kernel: true };

/** The layer that {@link lstm} makes: a `tf.layers.lstm` whose whole sequence runs as one op. */
export class LstmLayer extends TfjsLstmClass {
  /** In saved models, so that tfjs alone can load them. */
  static readonly className: string = 'LSTM';
  readonly seed: number | null;
  readonly kernelChoice: KernelChoice;
  /** As they were given. */
  readonly options: LstmOptions;
  readonly #gateBias: GateBias | null;
  readonly #dropoutSeed: DropoutSeed;

  constructor(options: LstmOptions) {
    super(completeOptions(options));
    this.options = options;
    this.seed = options.seed ?? null;
    this.#dropoutSeed = dropoutSeeds(this.seed);
    this.kernelChoice = options.kernel ?? 'auto';
    this.#gateBias = options.gateBias ?? null;
  }

  override build(inputShape: (number | null)[] | (number | null)[][]): void {
    tf.tidy(() => super.build(inputShape)); // tfjs leaves what it makes the forget gate's bias of
    const { bias, units } = partsOf(this).cell;
    const wanted = this.#gateBias;
    if (!bias || !wanted) return;
    tf.tidy(() => {
      const columns = COLUMNS.map(
        (gate, at) =>
          wanted[gate] ??
          bias
            .read()
            .slice([at * units], [units])
            .dataSync(),
      );
      const values = columns.flatMap(value =>
        typeof value === 'number' ? new Array<number>(units).fill(value) : [...value],
      );
      bias.write(tf.tensor1d(values));
    });
  }

  override apply(
    inputs: Tensor | Tensor[] | SymbolicTensor | SymbolicTensor[],
    kwargs?: Record<string, unknown>,
  ): Tensor | Tensor[] | SymbolicTensor | SymbolicTensor[] {
    const first = Array.isArray(inputs) ? inputs[0] : inputs;
    this.#checkShape(first?.shape);
    return super.apply(inputs, kwargs as never);
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor | Tensor[] {
    const value = callLstm(this, inputs, kwargs, {
      kernel: this.kernelChoice,
      dropoutSeed: this.#dropoutSeed,
    });
    return value ?? super.call(inputs, kwargs as never);
  }

  /** Which kernel runs an input of this shape, [B, T, D]; `masked` also with recurrent dropout. */
  kernelFor(batch: number, steps: number, inputs: number, masked = false): KernelName | 'tf.layers' {
    const activations = activationsOf(this);
    if (!activations) return 'tf.layers';
    const sizes = { batch, steps, inputs, units: partsOf(this).cell.units };
    const choose = masked ? chooseArrayKernel : chooseKernel;
    return choose(this.kernelChoice, backendName(), activations, sizes);
  }

  #checkShape(shape: readonly (number | null)[] | undefined): void {
    if (!shape)
      throw new TypeError(
        `Cannot run the LSTM layer '${this.name}': its input is no tensor, expected [batch, steps, features].`,
      );
    const known = this.built ? weightsOf(this).kernel.shape[0] : null;
    const width = shape[2];
    const fits = shape.length === 3 && (known === null || width === null || width === known);
    if (fits) return;
    throw new RangeError(
      `Cannot run the LSTM layer '${this.name}': its input has shape [${shape.map(size => size ?? '?').join(', ')}], expected [batch, steps, ${known ?? 'features'}].`,
    );
  }
}

function completeOptions(options: LstmOptions): LSTMLayerArgs {
  const { units, useBias, gateBias } = options;
  if (!Number.isInteger(units) || units < 1)
    throw new RangeError(`lstm: units is ${String(units)}, expected a whole number of at least 1.`);
  if (gateBias && useBias === false)
    throw new RangeError('lstm: gateBias was given with useBias: false. Leave one of them out.');
  const { seed, gateBias: _, kernel: __, ...own } = options;
  return {
    recurrentActivation: 'sigmoid',
    unitForgetBias: true,
    ...initializers(seed),
    ...own,
  } as LSTMLayerArgs;
}

/**
 * tfjs' own initializers, so that they are saved under their names, with our values: seeded ones repeat on
 * every backend, and ours make the orthogonal matrix without tfjs' slow QR decomposition.
 */
export function initializers(seed: number | undefined): Partial<LSTMLayerArgs> {
  const noted = seed === undefined ? {} : { seed };
  const recurrentInitializer = tf.initializers.orthogonal(noted as { seed: number });
  const recurrentSeed = 2 * (seed ?? Math.floor(Math.random() * 2 ** 30)) + 1;
  recurrentInitializer.apply = shape => seeded(orthogonal, shape, recurrentSeed);
  if (seed === undefined) return { recurrentInitializer };
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  kernelInitializer.apply = shape => seeded(glorotUniform, shape, 2 * seed);
  return { kernelInitializer, recurrentInitializer };
}

type Fill = (rows: number, columns: number, seed: number) => Float32Array;

function seeded(fill: Fill, shape: readonly (number | null)[], seed: number): Tensor {
  const [rows, columns] = shape as [number, number];
  return tf.tensor2d(fill(rows, columns, seed), [rows, columns]);
}

/**
 * An LSTM layer for `tf.sequential`, `tf.model`, `model.fit` and `model.save`, with every option of tf.layers.lstm.
 * Input [batch, steps, features]; output [batch, units], or [batch, steps, units] with `returnSequences`; with
 * `returnState` h and c [batch, units] of the last step follow. Where a mask says padding, h and c stay as they
 * were, whatever the input is. `dropout` and `recurrentDropout` (0 to 1) drop the same values at every step of a
 * call, in training alone. To read both ways, see {@link bidirectional}: tf.layers.bidirectional makes copies of
 * its layer that are tf.layers' own.
 * @throws RangeError for options that are unknown, and options, input, mask or states whose shapes do not fit;
 *   TypeError for input that holds no numbers
 * @example
 * ```ts
 * import { lstm, tf } from 'gatebook';
 * const layer = lstm({ units: 8, inputShape: [null, 4], returnSequences: true, seed: 1 });
 * const model = tf.sequential({ layers: [layer, tf.layers.dense({ units: 2 })] });
 * const output = model.predict(tf.zeros([1, 20, 4])) as tf.Tensor;
 * output.shape; // [1, 20, 2]
 * layer.countParams(); // 416
 * ```
 */
export function lstm(options: LstmOptions): LstmLayer {
  rejectUnknown('make an LSTM layer', options, LSTM_OPTIONS);
  if (options.gateBias)
    rejectUnknown('set gateBias', options.gateBias, { i: true, f: true, g: true, o: true });
  return new LstmLayer(options);
}
