// `rnn({...})`: the tanh RNN that lessons put beside the LSTM, a tf.layers layer with the options, weights and
// file format of tf.layers.simpleRNN that runs as one op. tf.layers' own makes some ten TensorFlow calls a step,
// and so takes a minute where this takes a second. Rarer activations run there all the same.
import type { layers, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { runOp } from './engine-op.ts';
import { type ActivationName, activationName } from './kernels/activations.ts';
import { type RnnRun, rnnBackward, rnnForward } from './kernels/rnn-loop.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { initializers } from './layer.ts';
import {
  type Called,
  type CalledCell,
  type CallOptions,
  type DropoutSeed,
  dropoutSeeds,
  inputOf,
  maskOf,
  recurrentScaleOf,
  statesOf,
  withDropout,
} from './layer-inputs.ts';
import { RNN_ARGS } from './layer-options.ts';
import { floatsOf } from './op.ts';
import { tf } from './tf.ts';

type TfjsRnn = ReturnType<typeof layers.simpleRNN>;
type TfjsRnnArgs = Parameters<typeof layers.simpleRNN>[0];

/**
 * Options of tf.layers.simpleRNN, and a seed: those of {@link LstmOptions} but for what gates have. `units` must be given;
 * `activation` is 'tanh' unless given. Weights are kernel [D, H], recurrentKernel [H, H] and bias [H].
 */
export interface RnnOptions extends Omit<TfjsRnnArgs, 'cell'> {
  /** A whole number. Same seed, same initial weights (Glorot uniform kernel, orthogonal recurrent kernel), same dropout. By chance unless given. */
  readonly seed?: number;
}

const OPTIONS: Every<RnnOptions> = { ...RNN_ARGS, seed: true };

/** The parts of tfjs-layers' class that are there at run time but not in its types. */
interface Parts extends Called {
  readonly cell: CalledCell & {
    readonly activation: { getClassName(): string };
    readonly kernel: { read(): Tensor };
    readonly recurrentKernel: { read(): Tensor };
    readonly bias: { read(): Tensor } | null;
  };
}

// The class is not exported, but every layer has it (named, so that the first of the user is number 1).
const TfjsRnnClass = tf.layers.simpleRNN({ units: 1, name: 'class' }).constructor as new (
  args: TfjsRnnArgs,
) => TfjsRnn;

/** The layer that {@link rnn} makes: a tanh RNN without gates. */
export class RnnLayer extends TfjsRnnClass {
  /** In saved models, so that tfjs alone can load them. */
  static readonly className = 'SimpleRNN';
  readonly seed: number | null;
  readonly #dropoutSeed: DropoutSeed;

  constructor({ seed, ...options }: RnnOptions) {
    if (!Number.isInteger(options.units) || options.units < 1)
      throw new RangeError(`rnn: units is ${String(options.units)}, expected a whole number of at least 1.`);
    super({ ...initializers(seed), ...options } as TfjsRnnArgs);
    this.seed = seed ?? null;
    this.#dropoutSeed = dropoutSeeds(this.seed);
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor | Tensor[] {
    const activation = activationName(this.#parts.cell.activation.getClassName());
    if (!activation) return super.call(inputs, kwargs as never);
    return tf.tidy(() => this.#run(inputs, (kwargs ?? {}) as CallOptions, activation));
  }

  get #parts(): Parts {
    return this as unknown as Parts;
  }

  #run(inputs: Tensor | Tensor[], options: CallOptions, activation: ActivationName): Tensor | Tensor[] {
    const { cell, stateful, goBackwards } = this.#parts;
    const what = `the RNN layer '${this.name}'`;
    const kernel = cell.kernel.read() as Tensor2D;
    const x = inputOf(what, inputs, kernel.shape[0]);
    const [h] = statesOf(what, this.#parts, inputs, options, ['h']);
    const dropped = options.training ? withDropout(x, this.#parts, this.#dropoutSeed) : x;
    const given = {
      x: goBackwards ? dropped.reverse(1) : dropped,
      kernel,
      recurrentKernel: cell.recurrentKernel.read() as Tensor2D,
      bias: cell.bias?.read() ?? null,
      h: h ?? null,
    };
    const [batch, steps] = x.shape;
    const all = rnnOp(given, {
      activation,
      mask: maskOf(what, options.mask, x, goBackwards),
      recurrentScale: options.training ? recurrentScaleOf(this.#parts, batch, this.#dropoutSeed) : null,
    });
    const last = () => all.slice([0, steps - 1, 0], [batch, 1, cell.units]).reshape([batch, cell.units]);
    // Not as training: then tf.layers keeps the states of every call, which its own gradient reads and ours does not.
    if (stateful) this.resetStates([last()]);
    const output = this.returnSequences ? all : last();
    return this.returnState ? [output, last()] : output;
  }
}

type HowToRun = Pick<RnnRun, 'activation' | 'mask' | 'recurrentScale'>;

interface RnnInputs {
  readonly x: Tensor3D;
  readonly kernel: Tensor2D;
  readonly recurrentKernel: Tensor2D;
  readonly bias: Tensor | null;
  readonly h: Tensor2D | null;
}

/** h after every step, [B,T,H]. Differentiable in every input. */
function rnnOp(inputs: RnnInputs, how: HowToRun): Tensor3D {
  const run = loopRun(inputs, how);
  const { batch, steps, units } = run.sizes;
  const given = Object.entries(inputs).filter((entry): entry is [string, Tensor] => entry[1] !== null);
  let h = new Float32Array(0);
  return runOp({
    inputs: Object.fromEntries(given),
    forwardFunc: () => {
      h = rnnForward(run) as typeof h;
      return tf.tensor3d(h, [batch, steps, units]);
    },
    backwardsFunc: dy => {
      const slopes = rnnBackward(run, h, dy.dataSync<'float32'>());
      const thunk = ([name, tensor]: [string, Tensor]) =>
        [name, () => tf.tensor(slopes[name as keyof RnnInputs](), tensor.shape)] as const;
      return Object.fromEntries(given.map(thunk));
    },
  }) as Tensor3D;
}

/** Arrays may be the tensors' own: they are only read. */
function loopRun({ x, kernel, recurrentKernel, bias, h }: RnnInputs, how: HowToRun): RnnRun {
  const [batch, steps, inputs] = x.shape;
  const units = recurrentKernel.shape[0];
  const values = floatsOf;
  return {
    sizes: { batch, steps, inputs, units },
    ...how,
    x: values(x),
    kernel: values(kernel),
    recurrentKernel: values(recurrentKernel),
    bias: bias && values(bias),
    h: h ? values(h) : new Float32Array(batch * units),
  };
}

/**
 * A tanh RNN layer (Elman 1990) for `tf.sequential`, `tf.model`, `train`, `model.fit` and `model.save`, with every option
 * of tf.layers.simpleRNN: h = tanh(x W + h' U + b).
 * Input [batch, steps, features]; output [batch, units], or [batch, steps, units] with `returnSequences`; with
 * `returnState` h [batch, units] of the last step follows. Masks, dropout and states are those of {@link lstm}.
 * @throws RangeError for an unknown option, when units is not a whole number of at least 1, and for input, mask or states
 *   whose shapes do not fit; TypeError for input that holds no numbers
 * @example
 * ```ts
 * import { rnn, tf } from 'gatebook';
 * const model = tf.sequential({
 *   layers: [tf.layers.masking({ inputShape: [6, 2] }), rnn({ units: 3, recurrentDropout: 0.2, seed: 1 })],
 * });
 * const output = model.predict(tf.ones([4, 6, 2])) as tf.Tensor;
 * output.shape; // [4, 3]
 * ```
 */
export function rnn(options: RnnOptions): RnnLayer {
  rejectUnknown('make an RNN layer', options, OPTIONS);
  return new RnnLayer(options);
}
