// `lstm({...})`: a tf.layers layer with the options, weights and file format of tf.layers.lstm that runs
// as one op. Whatever the op has no part for (masks, dropout, rarer activations) runs in tf.layers' own
// step-by-step LSTM, which this class extends.
import type { layers, SymbolicTensor, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { backendName } from '../tensorflow/load.ts';
import { type ActivationName, activationName } from './kernels/activations.ts';
import { chooseKernel, type KernelChoice, type KernelName } from './kernels/choose.ts';
import { type Activations, COLUMNS } from './kernels/sizes.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { LSTM_ARGS } from './layer-options.ts';
import { lstmOp, type OpInputs, type OpOptions, sizesOf } from './op.ts';
import { glorotUniform, orthogonal } from './random.ts';
import { tf } from './tf.ts';

type LSTMLayerArgs = Parameters<typeof layers.lstm>[0];

/** Initial bias of each gate, where it is not the usual one. */
export type GateBias = Partial<Readonly<Record<(typeof COLUMNS)[number], number>>>;

/**
 * Options of tf.layers.lstm, and ours. Two defaults are Keras' instead of tfjs': `recurrentActivation` is
 * 'sigmoid' and `unitForgetBias` is true.
 */
export interface LstmOptions extends Omit<LSTMLayerArgs, 'cell'> {
  /** Same seed, same initial weights (Glorot uniform kernel, orthogonal recurrent kernel). */
  readonly seed?: number;
  /** Initial bias by gate; gates not named keep 0, and f keeps 1. */
  readonly gateBias?: GateBias;
  /** What runs it. 'auto' (the default) chooses by size. */
  readonly kernel?: KernelChoice;
}

export const LSTM_OPTIONS: Every<LstmOptions> = { ...LSTM_ARGS, seed: true, gateBias: true, kernel: true };

/** tfjs-layers' own LSTM layer. */
export type TfjsLstm = ReturnType<typeof layers.lstm>;

/** The weights of an LSTM cell; bias is null with `useBias: false`. */
export interface CellWeights {
  readonly kernel: Tensor2D;
  readonly recurrentKernel: Tensor2D;
  readonly bias: Tensor | null;
}

interface Variable {
  read(): Tensor;
  write(value: Tensor): unknown;
}

/** As much of tfjs-layers' LSTMCell as is read here; its types keep these to themselves. */
interface Cell {
  readonly units: number;
  readonly activation: { getClassName(): string };
  readonly recurrentActivation: { getClassName(): string };
  readonly kernel: Variable;
  readonly recurrentKernel: Variable;
  readonly bias: Variable | null;
  readonly dropout: number;
  readonly recurrentDropout: number;
}

interface CallOptions {
  readonly mask?: Tensor | Tensor[] | null;
  readonly training?: boolean | null;
  readonly initialState?: Tensor[] | null;
}

/** The parts of tfjs-layers' RNN class that are there at run time but not in its types. */
interface RnnParts {
  readonly cell: Cell;
  readonly states_: Tensor[] | null;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
}

/** What tfjs-layers has at run time and keeps out of its types. */
export function partsOf(layer: TfjsLstm): RnnParts {
  return layer as unknown as RnnParts;
}

/** The weights now, as tensors that belong to the layer: not to be disposed. */
export function weightsOf(layer: TfjsLstm): CellWeights {
  const { kernel, recurrentKernel, bias } = partsOf(layer).cell;
  return {
    kernel: kernel.read() as Tensor2D,
    recurrentKernel: recurrentKernel.read() as Tensor2D,
    bias: bias?.read() ?? null,
  };
}

/** The layer's activations as the kernels know them, or null where they do not. */
export function activationsOf(layer: TfjsLstm): Activations | null {
  const { activation, recurrentActivation } = partsOf(layer).cell;
  const values: ActivationName | null = activationName(activation.getClassName());
  const gates: ActivationName | null = activationName(recurrentActivation.getClassName());
  return values && gates ? { values, gates } : null;
}

// The class is not exported, but every layer has it (named, so that the first of the user is number 1).
// Extending it keeps models, files and `instanceof`.
const TfjsLstmClass = tf.layers.lstm({ units: 1, name: 'class' }).constructor as new (
  args: LSTMLayerArgs,
) => TfjsLstm;

/** Whether a layer is an LSTM, tfjs-layers' own or ours. */
export function isLstm(layer: object): layer is TfjsLstm {
  return layer instanceof TfjsLstmClass;
}

/** The layer that {@link lstm} makes: a `tf.layers.lstm` whose whole sequence runs as one op. */
export class LstmLayer extends TfjsLstmClass {
  /** In saved models, so that tfjs alone can load them. */
  static readonly className: string = 'LSTM';
  readonly seed: number | null;
  readonly kernelChoice: KernelChoice;
  readonly #gateBias: GateBias | null;

  constructor(options: LstmOptions) {
    super(completeOptions(options));
    this.seed = options.seed ?? null;
    this.kernelChoice = options.kernel ?? 'auto';
    this.#gateBias = options.gateBias ?? null;
  }

  override build(inputShape: (number | null)[] | (number | null)[][]): void {
    super.build(inputShape);
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
    const options = (kwargs ?? {}) as CallOptions;
    const activations = this.#needsSteps(options) ? null : activationsOf(this);
    if (!activations) return super.call(inputs, kwargs as never);
    return tf.tidy(() => this.#run(inputs, options, activations));
  }

  /** Which kernel runs an input of this shape, [B, T, D]. */
  kernelFor(batch: number, steps: number, inputs: number): KernelName | 'tf.layers' {
    const activations = activationsOf(this);
    if (!activations) return 'tf.layers';
    const { units } = partsOf(this).cell;
    return chooseKernel(this.kernelChoice, backendName(), activations, { batch, steps, inputs, units });
  }

  #needsSteps({ mask, training }: CallOptions): boolean {
    const { dropout, recurrentDropout } = partsOf(this).cell;
    return Boolean(mask) || (Boolean(training) && dropout + recurrentDropout > 0);
  }

  #run(inputs: Tensor | Tensor[], options: CallOptions, activations: Activations): Tensor | Tensor[] {
    const { stateful, goBackwards, cell, states_ } = partsOf(this);
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor3D;
    const [h, c] = (options.initialState ?? (stateful ? states_ : null) ?? []) as Tensor2D[];
    const given: OpInputs = {
      x: goBackwards ? x.reverse(1) : x,
      ...weightsOf(this),
      h: h ?? null,
      c: c ?? null,
    };
    const cells = Boolean(this.returnState) || stateful;
    const steps: OpOptions['steps'] = this.returnSequences ? 'all' : 'last';
    const kernel = chooseKernel(this.kernelChoice, backendName(), activations, sizesOf(given));
    const value = lstmOp(given, { kernel, activations, steps, cells });
    if (!cells) return value;
    const [output, lastH, lastC] = splitStates(value, cell.units);
    if (stateful) this.resetStates([lastH, lastC], options.training ?? false);
    return this.returnState ? [output, lastH, lastC] : output;
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

/** [.., 2H] of the op into the layer's output and the states after the last step. */
function splitStates(value: Tensor, units: number): readonly [Tensor, Tensor, Tensor] {
  const [h, c] = tf.split(value, 2, -1) as [Tensor, Tensor];
  if (value.rank === 2) return [h, h.clone(), c];
  const [batch, steps] = value.shape as [number, number];
  const last = (all: Tensor) => all.slice([0, steps - 1, 0], [batch, 1, units]).reshape([batch, units]);
  return [h, last(h), last(c)];
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
 * An LSTM layer for `tf.sequential`, `tf.model`, `model.fit` and `model.save`. Input [batch, steps, features].
 * @throws RangeError for options that are unknown, and options or input shapes that do not fit.
 */
export function lstm(options: LstmOptions): LstmLayer {
  rejectUnknown('make an LSTM layer', options, LSTM_OPTIONS);
  if (options.gateBias)
    rejectUnknown('set gateBias', options.gateBias, { i: true, f: true, g: true, o: true });
  return new LstmLayer(options);
}
