// `variant({kind: 'CIFG', ...})`: one of Greff's nine networks as a tf.layers layer that trains, traces and draws
// like `lstm`. It runs on a plain loop, which is quick enough for small models and the same on every backend.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { runOp } from '../engine-op.ts';
import type { ForcedValues, Sizes } from '../kernels/sizes.ts';
import { type Every, rejectUnknown } from '../known-names.ts';
import { LSTM_OPTIONS, LstmLayer, type LstmOptions, partsOf, weightsOf } from '../layer.ts';
import {
  type CallOptions,
  type DropoutSeed,
  dropoutSeeds,
  inputOf,
  maskOf,
  recurrentScaleOf,
  statesOf,
  withDropout,
} from '../layer-inputs.ts';
import { outputsOfStates, packed, unpacked } from '../layer-states.ts';
import { floatsOf, sizesOf } from '../op.ts';
import { tf } from '../tf.ts';
import { KINDS, type Kind, type KindName } from './kinds.ts';
import { type VariantGates, type VariantRun, variantForward } from './loop.ts';
import { variantBackward } from './loop-gradient.ts';

/** What a variant fixes itself. */
const LEFT_OUT = ['kernel', 'activation', 'recurrentActivation', 'useBias'] as const;

/**
 * Options of {@link lstm}, masks, dropout and states among them, but for `activation`, `recurrentActivation` and `useBias`,
 * which the kind says, and `kernel`.
 */
export interface VariantOptions extends Omit<LstmOptions, (typeof LEFT_OUT)[number]> {
  /** Greff's name of the network: V, NIG, NFG, NOG, NIAF, NOAF, CIFG, NP or FGR. {@link KINDS} says what each is. */
  readonly kind: KindName;
}

const SHARED = Object.fromEntries(
  Object.entries(LSTM_OPTIONS).filter(([name]) => !(LEFT_OUT as readonly string[]).includes(name)),
) as Every<Omit<LstmOptions, (typeof LEFT_OUT)[number]>>;
const OPTIONS: Every<VariantOptions> = { ...SHARED, kind: true };

type Extra = { readonly peephole: Tensor | null; readonly gateKernel: Tensor | null };

/** The layer that {@link variant} makes. */
export class VariantLayer extends LstmLayer {
  static override readonly className = 'GatebookLstmVariant';
  readonly kindName: KindName;
  #peephole: ReturnType<LstmLayer['addWeight']> | null = null;
  #gateKernel: ReturnType<LstmLayer['addWeight']> | null = null;
  readonly #dropoutSeed: DropoutSeed;

  constructor({ kind, ...options }: VariantOptions) {
    super({ ...options, kernel: 'loop' });
    this.#dropoutSeed = dropoutSeeds(this.seed);
    // A saved model has it in snake case, as tfjs writes every text of a configuration.
    this.kindName = kind.replaceAll('_', '').toUpperCase() as KindName;
  }

  get kind(): Kind {
    return KINDS[this.kindName];
  }

  /** Beside kernel, recurrentKernel and bias: peephole [3, H] (i, f, o) and gateKernel [3H, 3H], where it has them. */
  override build(inputShape: Parameters<LstmLayer['build']>[0]): void {
    super.build(inputShape);
    const { units } = partsOf(this).cell;
    const make = (name: string, shape: number[]) =>
      this.addWeight(name, shape, 'float32', tf.initializers.zeros() as never);
    if (this.kind.peepholes) this.#peephole = make('peephole', [3, units]);
    if (this.kind.gateRecurrence) this.#gateKernel = make('gateKernel', [3 * units, 3 * units]);
  }

  override get trainableWeights(): LstmLayer['trainableWeights'] {
    return this.trainable ? [...super.trainableWeights, ...this.#extraWeights] : [];
  }

  override get nonTrainableWeights(): LstmLayer['nonTrainableWeights'] {
    return this.trainable ? super.nonTrainableWeights : [...super.nonTrainableWeights, ...this.#extraWeights];
  }

  override getConfig(): ReturnType<LstmLayer['getConfig']> {
    return { ...super.getConfig(), kind: this.kindName };
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor | Tensor[] {
    return tf.tidy(() => this.#run(inputs, (kwargs ?? {}) as CallOptions));
  }

  #run(inputs: Tensor | Tensor[], options: CallOptions): Tensor | Tensor[] {
    const parts = partsOf(this);
    const what = `the variant '${this.name}' (${this.kindName})`;
    const x = inputOf(what, inputs, weightsOf(this).kernel.shape[0]);
    const [h, c] = statesOf(what, parts, inputs, options, ['h', 'c']);
    const dropped = options.training ? withDropout(x, parts, this.#dropoutSeed) : x;
    const given: VariantInputs = {
      x: parts.goBackwards ? dropped.reverse(1) : dropped,
      ...{ h: h ?? null, c: c ?? null },
      mask: maskOf(what, options.mask, x, parts.goBackwards),
      recurrentScale: options.training ? recurrentScaleOf(parts, x.shape[0], this.#dropoutSeed) : null,
    };
    const isLast = !this.returnSequences;
    if (!this.returnState && !parts.stateful) return variantOp(this, given, hiddenAlone(isLast));
    const [output, ...last] = outputsOfStates(this, variantOp(this, given, WITH_CELLS) as Tensor3D);
    // Not as training: then tf.layers keeps the states of every call, which its own gradient reads and ours does not.
    if (parts.stateful) this.resetStates(last);
    return this.returnState ? [output, ...last] : output;
  }

  /** Tensors of the weights that only variants have. */
  get extra(): Extra {
    return { peephole: this.#peephole?.read() ?? null, gateKernel: this.#gateKernel?.read() ?? null };
  }

  get #extraWeights(): LstmLayer['weights'] {
    return [this.#peephole, this.#gateKernel].filter(weight => weight !== null && weight !== undefined);
  }
}
tf.serialization.registerClass(VariantLayer as never);

/** What a variant is run with: x [B, T, D] in the order of the run, states [B, H]. */
export interface VariantInputs {
  readonly x: Tensor3D;
  readonly h: Tensor2D | null;
  readonly c: Tensor2D | null;
  /** [B][T], 0 where a step is padding. */
  readonly mask?: Float32Array | null;
  /** [B, H], of recurrent dropout. */
  readonly recurrentScale?: Float32Array | null;
  readonly held?: ForcedValues | null;
}

/** Arrays may be the tensors' own: they are only read. */
export function variantWeights(layer: VariantLayer): VariantRun['weights'] {
  const { kernel, recurrentKernel, bias } = weightsOf(layer);
  const { peephole, gateKernel } = layer.extra;
  return {
    kernel: floatsOf(kernel),
    recurrentKernel: floatsOf(recurrentKernel),
    bias: floatsOf(bias as Tensor),
    peephole: peephole && floatsOf(peephole),
    gateKernel: gateKernel && floatsOf(gateKernel),
  };
}

/** The same of its arrays. */
export function variantRun(layer: VariantLayer, inputs: VariantInputs): VariantRun {
  const sizes: Sizes = sizesOf({ x: inputs.x, recurrentKernel: weightsOf(layer).recurrentKernel });
  const state = (tensor: Tensor | null) =>
    tensor ? floatsOf(tensor) : new Float32Array(sizes.batch * sizes.units);
  return {
    kind: layer.kind,
    sizes,
    weights: variantWeights(layer),
    x: floatsOf(inputs.x),
    initial: { h: state(inputs.h), c: state(inputs.c) },
    mask: inputs.mask ?? null,
    recurrentScale: inputs.recurrentScale ?? null,
    held: inputs.held ?? {},
  };
}

/** Which states come out of the op, as what tensor; and back from the gradient on it. */
interface Form {
  readonly out: (gates: VariantGates, sizes: Sizes) => Tensor;
  readonly back: (dy: Float32Array, sizes: Sizes) => { readonly h: Float32Array; readonly c: Float32Array };
}

/** h and c after every step, [T, B, 2H]. */
const WITH_CELLS: Form = { out: packed, back: unpacked };

/** h as the layer gives it out, with no operation more on the tape: every step, [B, T, H], or the last, [B, H]. */
function hiddenAlone(isLast: boolean): Form {
  const eachRow = ({ batch, steps, units }: Sizes, move: (inside: number, outside: number) => void) => {
    for (let row = 0; row < batch; row++)
      for (let step = isLast ? steps - 1 : 0; step < steps; step++)
        move((step * batch + row) * units, (isLast ? row : row * steps + step) * units);
  };
  return {
    out: ({ h }, sizes) => {
      const { batch, steps, units } = sizes;
      const values = new Float32Array(batch * (isLast ? 1 : steps) * units);
      eachRow(sizes, (inside, outside) => values.set(h.subarray(inside, inside + units), outside));
      return isLast ? tf.tensor2d(values, [batch, units]) : tf.tensor3d(values, [batch, steps, units]);
    },
    back: (dy, sizes) => {
      const { batch, steps, units } = sizes;
      const [h, c] = [new Float32Array(steps * batch * units), new Float32Array(steps * batch * units)];
      eachRow(sizes, (inside, outside) => h.set(dy.subarray(outside, outside + units), inside));
      return { h, c };
    },
  };
}

/** The states in a form; differentiable in x, every weight and the first states. */
function variantOp(layer: VariantLayer, inputs: VariantInputs, form: Form): Tensor {
  const { x, h, c } = inputs;
  const all = { x, ...weightsOf(layer), ...layer.extra, h, c };
  const given = Object.entries(all).filter((entry): entry is [string, Tensor] => entry[1] !== null);
  let back: (dy: Tensor) => Readonly<Record<string, () => Tensor>>;
  return runOp({
    inputs: Object.fromEntries(given),
    forwardFunc: () => {
      const run = variantRun(layer, inputs);
      const gates = variantForward(run);
      back = dy =>
        variantGradients(variantBackward(run, gates, form.back(floatsOf(dy), run.sizes)), run.sizes);
      return form.out(gates, run.sizes);
    },
    backwardsFunc: dy => back(dy),
  }) as Tensor3D;
}

/** By the names of the inputs, in their shapes; of x in the order of the run. */
export function variantGradients(
  { flow, weights }: ReturnType<typeof variantBackward>,
  { batch, steps, inputs, units }: Sizes,
): Readonly<Record<string, () => Tensor>> {
  return {
    x: () => tf.tensor3d(flow.x, [steps, batch, inputs]).transpose([1, 0, 2]),
    kernel: () => tf.tensor2d(weights.kernel as Float32Array, [inputs, 4 * units]),
    recurrentKernel: () => tf.tensor2d(weights.recurrentKernel as Float32Array, [units, 4 * units]),
    bias: () => tf.tensor1d(weights.bias as Float32Array),
    peephole: () => tf.tensor2d(weights.peephole as Float32Array, [3, units]),
    gateKernel: () => tf.tensor2d(weights.gateKernel as Float32Array, [3 * units, 3 * units]),
    h: () => tf.tensor2d(flow.h0, [batch, units]),
    c: () => tf.tensor2d(flow.c0, [batch, units]),
  };
}

/**
 * A layer of one of Greff's nine networks, for `tf.sequential`, `train`, `model.fit`, `trace`, `clamp`, `learningFlow` and
 * `model.save`. Input, outputs, masks, dropout and states are those of {@link lstm}. Peepholes and gate recurrence begin
 * at zero. Gates that a kind has not are 1 in traces. FGR's gates see none at the first step of a call, `stateful` or not. It runs on a plain loop, the same on every backend.
 * Source: Greff et al. 2015, "LSTM: A Search Space Odyssey", section 3.
 * @throws RangeError for an unknown kind or option; and, when it runs, for input, mask or states whose shapes do not fit
 * @example
 * ```ts
 * import { tf, trace, variant } from 'gatebook';
 * const coupled = variant({ kind: 'CIFG', units: 3, returnSequences: true, seed: 1 });
 * const { f, i } = trace(coupled, tf.ones([1, 5, 2]));
 * Math.abs(f.value(4, 0, 0) + i.value(4, 0, 0) - 1) < 1e-6; // true
 * ```
 */
export function variant(options: VariantOptions): VariantLayer {
  rejectUnknown('make a variant of the LSTM', options, OPTIONS);
  if (!Object.hasOwn(KINDS, options.kind))
    throw new RangeError(
      `Cannot make variant '${String(options.kind)}' of the LSTM: there are ${Object.keys(KINDS).join(', ')}.`,
    );
  return new VariantLayer(options);
}
