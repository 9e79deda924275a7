// `rnn({...})`: the tanh RNN that lessons put beside the LSTM, a tf.layers layer with the options, weights and
// file format of tf.layers.simpleRNN that runs as one op. tf.layers' own makes some ten TensorFlow calls a step,
// and so takes a minute where this takes a second. Masks, dropout and rarer activations run there all the same.
import type { layers, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { runOp } from './engine-op.ts';
import { type ActivationName, activationName } from './kernels/activations.ts';
import { type RnnRun, rnnBackward, rnnForward } from './kernels/rnn-loop.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { initializers } from './layer.ts';
import { RNN_ARGS } from './layer-options.ts';
import { tf } from './tf.ts';

type TfjsRnn = ReturnType<typeof layers.simpleRNN>;
type TfjsRnnArgs = Parameters<typeof layers.simpleRNN>[0];

/** Options of tf.layers.simpleRNN, and a seed. */
export interface RnnOptions extends Omit<TfjsRnnArgs, 'cell'> {
  /** Same seed, same initial weights (Glorot uniform kernel, orthogonal recurrent kernel). */
  readonly seed?: number;
}

const OPTIONS: Every<RnnOptions> = { ...RNN_ARGS, seed: true };

interface CallOptions {
  readonly mask?: Tensor | Tensor[] | null;
  readonly training?: boolean | null;
  readonly initialState?: Tensor[] | null;
}

/** The parts of tfjs-layers' class that are there at run time but not in its types. */
interface Parts {
  readonly cell: {
    readonly activation: { getClassName(): string };
    readonly kernel: { read(): Tensor };
    readonly recurrentKernel: { read(): Tensor };
    readonly bias: { read(): Tensor } | null;
    readonly dropout: number;
    readonly recurrentDropout: number;
  };
  readonly states_: Tensor[] | null;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
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

  constructor({ seed, ...options }: RnnOptions) {
    if (!Number.isInteger(options.units) || options.units < 1)
      throw new RangeError(`rnn: units is ${String(options.units)}, expected a whole number of at least 1.`);
    super({ ...initializers(seed), ...options } as TfjsRnnArgs);
    this.seed = seed ?? null;
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor | Tensor[] {
    const options = (kwargs ?? {}) as CallOptions;
    const { cell } = this.#parts;
    const activation = activationName(cell.activation.getClassName());
    const drops = Boolean(options.training) && cell.dropout + cell.recurrentDropout > 0;
    if (!activation || drops || options.mask) return super.call(inputs, kwargs as never);
    return tf.tidy(() => this.#run(inputs, options, activation));
  }

  get #parts(): Parts {
    return this as unknown as Parts;
  }

  #run(inputs: Tensor | Tensor[], options: CallOptions, activation: ActivationName): Tensor | Tensor[] {
    const { cell, stateful, states_, goBackwards } = this.#parts;
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor3D;
    const [h] = options.initialState ?? (stateful ? states_ : null) ?? [];
    const all = rnnOp(
      {
        x: goBackwards ? x.reverse(1) : x,
        kernel: cell.kernel.read() as Tensor2D,
        recurrentKernel: cell.recurrentKernel.read() as Tensor2D,
        bias: cell.bias?.read() ?? null,
        h: (h as Tensor2D) ?? null,
      },
      activation,
    );
    const [batch, steps, units] = all.shape;
    const last = () => all.slice([0, steps - 1, 0], [batch, 1, units]).reshape<Tensor2D>([batch, units]);
    if (stateful) this.resetStates([last()], options.training ?? false);
    const output = this.returnSequences ? all : last();
    return this.returnState ? [output, last()] : output;
  }
}

interface RnnInputs {
  readonly x: Tensor3D;
  readonly kernel: Tensor2D;
  readonly recurrentKernel: Tensor2D;
  readonly bias: Tensor | null;
  readonly h: Tensor2D | null;
}

/** h after every step, [B,T,H]. Differentiable in every input. */
function rnnOp(inputs: RnnInputs, activation: ActivationName): Tensor3D {
  const run = loopRun(inputs, activation);
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
function loopRun({ x, kernel, recurrentKernel, bias, h }: RnnInputs, activation: ActivationName): RnnRun {
  const [batch, steps, inputs] = x.shape;
  const units = recurrentKernel.shape[0];
  const values = (tensor: Tensor) => tensor.dataSync<'float32'>();
  return {
    sizes: { batch, steps, inputs, units },
    activation,
    x: values(x),
    kernel: values(kernel),
    recurrentKernel: values(recurrentKernel),
    bias: bias && values(bias),
    h: h ? values(h) : new Float32Array(batch * units),
  };
}

/**
 * A tanh RNN layer for `tf.sequential`, `tf.model`, `train`, `model.fit` and `model.save`.
 * Input [batch, steps, features].
 * @throws RangeError for an unknown option, or when units is not a whole number of at least 1
 */
export function rnn(options: RnnOptions): RnnLayer {
  rejectUnknown('make an RNN layer', options, OPTIONS);
  return new RnnLayer(options);
}
