// `variant({kind: 'CIFG', ...})`: one of Greff's nine networks as a tf.layers layer that trains, traces and draws
// like `lstm`. It runs on a plain loop, which is quick enough for small models and the same on every backend.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { runOp } from '../engine-op.ts';
import { emptyGates } from '../kernels/loop.ts';
import type { Gates, Sizes } from '../kernels/sizes.ts';
import { type Every, rejectUnknown } from '../known-names.ts';
import { LSTM_OPTIONS, LstmLayer, type LstmOptions, partsOf, weightsOf } from '../layer.ts';
import { floatsOf, sizesOf } from '../op.ts';
import { tf } from '../tf.ts';
import { KINDS, type Kind, type KindName } from './kinds.ts';
import { type VariantRun, variantBackward, variantForward } from './loop.ts';

/** What a variant fixes itself, and what its loop does not do. */
const LEFT_OUT = [
  ...(['kernel', 'activation', 'recurrentActivation', 'useBias'] as const),
  ...(['stateful', 'returnState', 'dropout', 'recurrentDropout', 'dropoutFunc'] as const),
] as const;

/** Options of `lstm`, but for {@link LEFT_OUT what a variant has not}. */
export interface VariantOptions extends Omit<LstmOptions, (typeof LEFT_OUT)[number]> {
  /** Greff's name of the network. */
  readonly kind: KindName;
}

const SHARED = Object.fromEntries(
  Object.entries(LSTM_OPTIONS).filter(([name]) => !(LEFT_OUT as readonly string[]).includes(name)),
) as Every<Omit<LstmOptions, (typeof LEFT_OUT)[number]>>;
const OPTIONS: Every<VariantOptions> = { ...SHARED, kind: true };

interface CallOptions {
  readonly mask?: Tensor | Tensor[] | null;
  readonly initialState?: Tensor[] | null;
}

type Extra = { readonly peephole: Tensor | null; readonly gateKernel: Tensor | null };

/** The layer that {@link variant} makes. */
export class VariantLayer extends LstmLayer {
  static override readonly className = 'GatebookLstmVariant';
  readonly kindName: KindName;
  #peephole: ReturnType<LstmLayer['addWeight']> | null = null;
  #gateKernel: ReturnType<LstmLayer['addWeight']> | null = null;

  constructor({ kind, ...options }: VariantOptions) {
    super({ ...options, kernel: 'loop' });
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
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor3D;
    const { initialState, mask } = (kwargs ?? {}) as CallOptions;
    return tf.tidy(() => {
      const padded = Array.isArray(mask) ? mask[0] : mask;
      if (padded && floatsOf(padded).includes(0))
        throw new TypeError(
          `Cannot run '${this.name}' on padded steps: it is a variant (${this.kindName}), and only lstm layers know masks.`,
        );
      const ordered = partsOf(this).goBackwards ? x.reverse(1) : x;
      const all = variantOp(this, ordered, (initialState ?? []) as Tensor2D[]);
      const [batch, steps, units] = all.shape;
      if (this.returnSequences) return all;
      return all.slice([0, steps - 1, 0], [batch, 1, units]).reshape([batch, units]);
    });
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

/** Every gate of a variant's run over x [B, T, D]; arrays are batch-major. */
export function runVariant(
  layer: VariantLayer,
  x: Tensor3D,
  [h, c]: readonly Tensor2D[],
): { readonly run: VariantRun; readonly gates: Gates } {
  const run = runOf(layer, x, h ?? null, c ?? null);
  return { run, gates: variantForward(run, emptyGates(run.sizes)) };
}

function runOf(layer: VariantLayer, x: Tensor3D, h: Tensor2D | null, c: Tensor2D | null): VariantRun {
  const { kernel, recurrentKernel, bias } = weightsOf(layer);
  const { peephole, gateKernel } = layer.extra;
  const sizes: Sizes = sizesOf({ x, recurrentKernel });
  const state = (tensor: Tensor | null) =>
    tensor ? floatsOf(tensor) : new Float32Array(sizes.batch * sizes.units);
  return {
    kind: layer.kind,
    sizes,
    weights: {
      kernel: floatsOf(kernel),
      recurrentKernel: floatsOf(recurrentKernel),
      bias: floatsOf(bias as Tensor),
      peephole: peephole && floatsOf(peephole),
      gateKernel: gateKernel && floatsOf(gateKernel),
    },
    x: floatsOf(x),
    initial: { h: state(h), c: state(c) },
  };
}

/** h after every step, [B, T, H]; differentiable in x, every weight and the first states. */
function variantOp(layer: VariantLayer, x: Tensor3D, [h, c]: readonly Tensor2D[]): Tensor3D {
  const all = { x, ...weightsOf(layer), ...layer.extra, h: h ?? null, c: c ?? null };
  const given = Object.entries(all).filter((entry): entry is [string, Tensor] => entry[1] !== null);
  let ran: ReturnType<typeof runVariant> | null = null;
  return runOp({
    inputs: Object.fromEntries(given),
    forwardFunc: () => {
      ran = runVariant(layer, x, h && c ? [h, c] : []);
      const { batch, steps, units } = ran.run.sizes;
      return tf.tensor3d(ran.gates.h, [batch, steps, units]);
    },
    backwardsFunc: dy => {
      const { run, gates } = ran as NonNullable<typeof ran>;
      const slopes = variantBackward(run, gates, { h: floatsOf(dy), c: null });
      const thunk = ([name, tensor]: [string, Tensor]) =>
        [name, () => tf.tensor(slopes[name as keyof typeof slopes] as Float32Array, tensor.shape)] as const;
      return Object.fromEntries(given.map(thunk));
    },
  }) as Tensor3D;
}

/**
 * A layer of one of Greff's nine networks, for `tf.sequential`, `train`, `model.fit`, `trace` and `model.save`.
 * Input [batch, steps, features]. Peepholes and gate recurrence begin at zero.
 * Source: Greff et al. 2015, "LSTM: A Search Space Odyssey", section 3.
 * @throws RangeError for an unknown kind or option.
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
