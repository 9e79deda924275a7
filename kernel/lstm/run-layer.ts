// Runs one LSTM layer on one input with every gate given out, by the same kernel that runs the layer.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { backendName } from '../tensorflow/load.ts';
import { type ArrayKernelName, forwardOn } from './kernels/arrays.ts';
import { blockForward } from './kernels/block.ts';
import { chooseArrayKernel, chooseKernel, type KernelName } from './kernels/choose.ts';
import type { Run } from './kernels/loop.ts';
import { type Activations, type Forced, type Gates, type Sizes, timeMajor } from './kernels/sizes.ts';
import { activationsOf, LstmLayer, partsOf, type TfjsLstm, weightsOf } from './layer.ts';
import { maskOf } from './layer-inputs.ts';
import { blockInputs, loopRun, type OpInputs, sizesOf } from './op.ts';
import { tf } from './tf.ts';
import { VariantLayer, variantRun } from './variants/layer.ts';
import { variantForward } from './variants/loop.ts';

/** A trace keeps c and h; the activation between them would be a seventh array of their size. */
type TracedGates = Omit<Gates, 'a'>;

/** What the layer was called with, and every gate of the call: time-major, in the order it was run. */
export interface LayerRun {
  readonly layer: TfjsLstm;
  readonly sizes: Sizes;
  readonly gates: TracedGates;
  /** States before the first step, each [B, H]. */
  readonly h0: Float32Array;
  readonly c0: Float32Array;
  readonly kernel: KernelName;
}

/** What a model passes to its layer beside the input, and what is held fixed. */
export interface RunOptions {
  readonly initialState?: readonly Tensor[] | null;
  /** [B, T], zero where a step is padding. */
  readonly mask?: Tensor | null;
  readonly forced?: Forced | null;
}

/** @throws TypeError for an activation that no kernel knows. */
export function runLayer(layer: TfjsLstm, x: Tensor3D, options: RunOptions): LayerRun {
  if (layer instanceof VariantLayer) return runVariantLayer(layer, x, options);
  const activations = activationsOf(layer);
  if (!activations) throw unknownActivation(layer);
  const { stateful, states_, goBackwards } = partsOf(layer);
  const [h, c] = (options.initialState ?? (stateful ? states_ : null) ?? []) as Tensor2D[];
  return tidyAround(() => {
    const given = {
      x: goBackwards ? x.reverse(1) : x,
      ...weightsOf(layer),
      h: h ?? null,
      c: c ?? null,
    };
    const sizes = sizesOf(given);
    requireStates(layer, [given.h, given.c], [sizes.batch, sizes.units]);
    const choice = layer instanceof LstmLayer ? layer.kernelChoice : 'auto';
    const choose = options.mask ? chooseArrayKernel : chooseKernel;
    const isForced = holdsAnything(options.forced ?? {});
    const kernel = isForced ? 'loop' : choose(choice, backendName(), activations, sizes);
    const { gates, initial } =
      kernel === 'BlockLSTMV2'
        ? runBlock(given, sizes)
        : runArrays(kernel, given, activations, goBackwards, options);
    return { layer, sizes, gates, h0: initial.h, c0: initial.c, kernel };
  });
}

/** Kernels read states as long as they must be. @throws RangeError for others */
function requireStates(layer: TfjsLstm, states: readonly (Tensor | null)[], shape: readonly number[]): void {
  const wrong = states.find(state => state && state.shape.join() !== shape.join());
  if (wrong)
    throw new RangeError(
      `Cannot run the LSTM layer '${layer.name}': an initial state has shape [${wrong.shape.join(', ')}], expected [${shape.join(', ')}].`,
    );
}

function runVariantLayer(layer: VariantLayer, x: Tensor3D, options: RunOptions): LayerRun {
  return tidyAround(() => {
    const { stateful, states_, goBackwards } = partsOf(layer);
    const [h = null, c = null] = (options.initialState ?? (stateful ? states_ : null) ?? []) as Tensor2D[];
    const { mask, forced } = options;
    const run = variantRun(layer, {
      ...{ x: goBackwards ? x.reverse(1) : x, h, c, held: forced?.values ?? null },
      mask: mask ? maskOf(`the variant '${layer.name}'`, mask, x, goBackwards) : null,
    });
    const { sizes, initial } = run;
    requireStates(layer, [h, c], [sizes.batch, sizes.units]);
    const gates = variantForward(run);
    return {
      ...{ layer, sizes, gates, kernel: 'loop' as const },
      ...{ h0: initial.h.slice(), c0: initial.c.slice() },
    };
  });
}

function holdsAnything({ steps: _, ablate = [], ...gates }: Forced): boolean {
  return ablate.length > 0 || Object.keys(gates).length > 0;
}

type Outcome = { readonly gates: TracedGates; readonly initial: Run['initial'] };

function runArrays(
  kernel: ArrayKernelName,
  given: OpInputs,
  activations: Activations,
  backwards: boolean,
  options: RunOptions,
): Outcome {
  const base = loopRun(given, activations);
  const mask = options.mask ? maskValues(options.mask, backwards) : null;
  const run: Run = {
    ...base,
    initial: { h: base.initial.h.slice(), c: base.initial.c.slice() },
    order: timeMajor(base.sizes),
    ...(options.forced && holdsAnything(options.forced) ? { forced: options.forced } : {}),
    ...(mask ? { mask } : {}),
  };
  return { gates: forwardOn(kernel, run), initial: run.initial };
}

/** [B, T] (or [B, T, 1]) to the loop's [T][B]. */
function maskValues(mask: Tensor, backwards: boolean): Float32Array {
  return tf.tidy(() => {
    const [batch, steps] = mask.shape as [number, number];
    const flat = mask.cast('float32').reshape<Tensor2D>([batch, steps]);
    const ordered = backwards ? flat.reverse(1) : flat;
    return ordered.transpose().dataSync<'float32'>().slice();
  });
}

function runBlock(given: OpInputs, sizes: Sizes): Outcome {
  const inputs = blockInputs(given, sizes);
  const outputs = blockForward(inputs, sizes.units);
  const read = (tensor: Tensor) => tensor.dataSync<'float32'>();
  const { i, f, g, o, c, h } = outputs;
  return {
    gates: { i: read(i), f: read(f), g: read(g), o: read(o), c: read(c), h: read(h) },
    initial: { h: read(inputs.h).slice(), c: read(inputs.c).slice() },
  };
}

export function unknownActivation(layer: TfjsLstm): TypeError {
  const { activation, recurrentActivation } = partsOf(layer).cell;
  return new TypeError(
    `Cannot run layer '${layer.name}' gate by gate: its activations are '${activation.getClassName()}' and '${recurrentActivation.getClassName()}', known are sigmoid, hardSigmoid, tanh, linear and relu.`,
  );
}

/** What the layer itself would have given out for this run: sequences or the last step, and states. */
export function outputOf({ layer, sizes, gates }: LayerRun): Tensor | Tensor[] {
  const { batch, steps, units } = sizes;
  const last = (values: Float32Array) =>
    tf.tensor2d(values.slice((steps - 1) * batch * units), [batch, units]);
  const output = layer.returnSequences
    ? tf.tensor3d(gates.h, [steps, batch, units]).transpose([1, 0, 2])
    : last(gates.h);
  return layer.returnState ? [output, last(gates.h), last(gates.c)] : output;
}

/** tf.tidy for what is no tensor: it would search every array of a result for tensors. */
export function tidyAround<T>(work: () => T): T {
  let result: { readonly value: T } | null = null;
  tf.tidy(() => {
    result = { value: work() };
  });
  return (result as unknown as { readonly value: T }).value;
}
