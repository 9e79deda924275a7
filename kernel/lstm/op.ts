// The differentiable op of the lstm layer: a whole sequence at once, h (and c where asked) out. Its gates
// stay inside: on native TensorFlow as saved tensors, in the loop as plain arrays, until the gradient ran.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { runOp } from './engine-op.ts';
import { type ArrayKernelName, backwardOn, forwardOn } from './kernels/arrays.ts';
import {
  BLOCK_OUTPUTS,
  type BlockInputs,
  type BlockOutputs,
  blockBackward,
  blockForward,
} from './kernels/block.ts';
import type { KernelName } from './kernels/choose.ts';
import type { Run } from './kernels/loop.ts';
import type { OutputGradients } from './kernels/loop-gradient.ts';
import { type Activations, batchMajor, type Gates, type Sizes } from './kernels/sizes.ts';
import { tf } from './tf.ts';

/** x [B,T,D], kernel [D,4H], recurrentKernel [H,4H], bias [4H] or null, h and c [B,H] or null for zeros. */
export interface OpInputs {
  readonly x: Tensor3D;
  readonly kernel: Tensor2D;
  readonly recurrentKernel: Tensor2D;
  readonly bias: Tensor | null;
  readonly h: Tensor2D | null;
  readonly c: Tensor2D | null;
}

/** How the op runs, and what it gives out. */
export interface OpOptions {
  readonly kernel: KernelName;
  readonly activations: Activations;
  /** Every step, or the last alone. */
  readonly steps: 'all' | 'last';
  /** Whether c is put behind h, so that a row is [h, c]. */
  readonly cells: boolean;
  /** [B][T], 0 where a step is padding: it repeats the h and c before it. Not on BlockLSTMV2. */
  readonly mask?: Float32Array | null;
  /** [B, H], factors of the h that the recurrence sees (recurrent dropout). Not on BlockLSTMV2. */
  readonly recurrentScale?: Float32Array | null;
}

type InputGradients = { readonly [Name in keyof OpInputs]: () => Tensor };

/** What runs an op: its value, and how to get the gradients from the value's. */
interface Result {
  readonly value: Tensor;
  readonly backward: (dy: Tensor, saved: Tensor[]) => InputGradients;
}

/** [B,T,H] or, for the last step alone, [B,H]; 2H wide with `cells`. Differentiable in every input. */
export function lstmOp(inputs: OpInputs, options: OpOptions): Tensor {
  const { kernel } = options;
  const run: typeof runBlock =
    kernel === 'BlockLSTMV2' ? runBlock : (given, how) => runArrays(kernel, given, how);
  let result: Result | null = null;
  return runOp({
    inputs: Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor !== null)),
    forwardFunc: (_, save) => {
      result = run(inputs, options, save);
      return result.value;
    },
    backwardsFunc: (dy, saved) => (result as Result).backward(dy, saved),
  });
}

export function sizesOf({ x, recurrentKernel }: Pick<OpInputs, 'x' | 'recurrentKernel'>): Sizes {
  const [batch, steps, inputs] = x.shape;
  return { batch, steps, inputs, units: recurrentKernel.shape[0] };
}

/** A tensor's values for kernels that know floats alone. The array may be the tensor's own: to be read only. */
export function floatsOf(tensor: Tensor): Float32Array {
  const values = tensor.dataSync();
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

const held = new WeakMap<object, Float32Array>();

/** The same for weights, which are read again and again: kept as long as TensorFlow's own, as they never change. */
function weightFloatsOf(tensor: Tensor): Float32Array {
  const values = held.get(tensor.dataId) ?? floatsOf(tensor);
  held.set(tensor.dataId, values);
  return values;
}

/** The op's inputs as the loop takes them. Arrays may be the tensors' own: they are only read. */
export function loopRun(inputs: OpInputs, activations: Activations): Run {
  const sizes = sizesOf(inputs);
  const values = floatsOf;
  const state = (tensor: Tensor | null) =>
    tensor ? values(tensor) : new Float32Array(sizes.batch * sizes.units);
  return {
    sizes,
    weights: {
      kernel: weightFloatsOf(inputs.kernel),
      recurrentKernel: weightFloatsOf(inputs.recurrentKernel),
      bias: inputs.bias && weightFloatsOf(inputs.bias),
    },
    activations,
    x: values(inputs.x),
    inputOrder: batchMajor(sizes),
    order: batchMajor(sizes),
    initial: { h: state(inputs.h), c: state(inputs.c) },
  };
}

function runArrays(kernel: ArrayKernelName, inputs: OpInputs, options: OpOptions): Result {
  const { mask, recurrentScale } = options;
  const run: Run = {
    ...loopRun(inputs, options.activations),
    ...(mask ? { mask } : {}),
    ...(recurrentScale ? { recurrentScale } : {}),
  };
  const gates = forwardOn(kernel, run);
  const { batch, inputs: width, units } = run.sizes;
  const value = tf.tensor(packOutput(gates, run.sizes, options), outputShape(run.sizes, options));
  return {
    value,
    backward: dy => {
      const slopes = backwardOn(
        kernel,
        run,
        gates,
        unpackGradient(dy.dataSync<'float32'>(), run.sizes, options),
      );
      return {
        x: () => tf.tensor(slopes.x(), inputs.x.shape),
        kernel: () => tf.tensor(slopes.kernel(), [width, 4 * units]),
        recurrentKernel: () => tf.tensor(slopes.recurrentKernel(), [units, 4 * units]),
        bias: () => tf.tensor(slopes.bias(), [4 * units]),
        h: () => tf.tensor(slopes.h(), [batch, units]),
        c: () => tf.tensor(slopes.c(), [batch, units]),
      };
    },
  };
}

function outputShape({ batch, steps, units }: Sizes, options: OpOptions): number[] {
  const width = options.cells ? 2 * units : units;
  return options.steps === 'all' ? [batch, steps, width] : [batch, width];
}

/** Rows of h, or of h and c, at every step or the last. */
function packOutput(gates: Gates, { batch, steps, units }: Sizes, options: OpOptions): Float32Array {
  if (options.steps === 'all' && !options.cells) return gates.h; // shared with the tensor: both only read it
  const sources = options.cells ? [gates.h, gates.c] : [gates.h];
  const rows = rowsGiven(batch, steps, options);
  const out = new Float32Array(rows.length * sources.length * units);
  let at = 0;
  for (const row of rows)
    for (const source of sources) {
      out.set(source.subarray(row * units, (row + 1) * units), at);
      at += units;
    }
  return out;
}

function unpackGradient(
  dy: Float32Array,
  { batch, steps, units }: Sizes,
  options: OpOptions,
): OutputGradients {
  if (options.steps === 'all' && !options.cells) return { h: dy };
  const h = new Float32Array(batch * steps * units);
  const c = new Float32Array(options.cells ? h.length : 0);
  const targets = options.cells ? [h, c] : [h];
  let at = 0;
  for (const row of rowsGiven(batch, steps, options))
    for (const target of targets) {
      target.set(dy.subarray(at, at + units), row * units);
      at += units;
    }
  return options.cells ? { h, c } : { h };
}

/** Rows of a batch-major sequence that the op gives out. */
function rowsGiven(batch: number, steps: number, options: OpOptions): readonly number[] {
  if (options.steps === 'all') return Array.from({ length: batch * steps }, (_, row) => row);
  return Array.from({ length: batch }, (_, row) => row * steps + steps - 1);
}

function runBlock(inputs: OpInputs, options: OpOptions, save: (tensors: Tensor[]) => void): Result {
  const sizes = sizesOf(inputs);
  const given = blockInputs(inputs, sizes);
  const outputs = blockForward(given, sizes.units);
  save([given.x, given.w, given.b, given.h, given.c, ...BLOCK_OUTPUTS.map(name => outputs[name])]);
  return {
    value: blockValue(outputs, sizes, options),
    // The gradient op runs once, here: each thunk has a tidy of its own, which would dispose what it shared.
    backward: (dy, saved) => blockGradients(saved, dy, sizes, options),
  };
}

export function blockInputs({ x, kernel, recurrentKernel, bias, h, c }: OpInputs, sizes: Sizes): BlockInputs {
  const { batch, units } = sizes;
  return {
    x: swapBatchAndTime(x),
    w: tf.concat2d([kernel, recurrentKernel], 0),
    b: bias ?? tf.zeros([4 * units]),
    h: h ?? tf.zeros([batch, units]),
    c: c ?? tf.zeros([batch, units]),
  };
}

/** [B,T,..] to [T,B,..] and back; without work where one of them is 1. */
function swapBatchAndTime(x: Tensor3D): Tensor3D {
  const [first, second, width] = x.shape;
  return first === 1 || second === 1 ? x.reshape([second, first, width]) : x.transpose([1, 0, 2]);
}

function blockValue({ h, c }: BlockOutputs, { batch, steps, units }: Sizes, options: OpOptions): Tensor {
  const all = options.cells ? tf.concat3d([h, c], 2) : h;
  if (options.steps === 'all') return swapBatchAndTime(all);
  const width = options.cells ? 2 * units : units;
  return all.slice([steps - 1, 0, 0], [1, batch, width]).reshape([batch, width]);
}

function blockGradients(saved: Tensor[], dy: Tensor, sizes: Sizes, options: OpOptions): InputGradients {
  const { inputs, units } = sizes;
  const [x, w, b, h, c, ...gates] = saved as [Tensor3D, Tensor2D, Tensor, Tensor2D, Tensor2D, ...Tensor3D[]];
  const outputs = Object.fromEntries(
    BLOCK_OUTPUTS.map((name, at) => [name, gates[at]]),
  ) as unknown as BlockOutputs;
  const [dh, dc] = blockOutputGradients(dy, outputs.h, sizes, options);
  const gradients = blockBackward({ x, w, b, h, c }, outputs, dc, dh, sizes);
  return {
    x: () => swapBatchAndTime(gradients.x),
    kernel: () => gradients.w.slice([0, 0], [inputs, 4 * units]),
    recurrentKernel: () => gradients.w.slice([inputs, 0], [units, 4 * units]),
    bias: () => gradients.b,
    h: () => gradients.h,
    c: () => gradients.c,
  };
}

function blockOutputGradients(
  dy: Tensor,
  h: Tensor3D,
  { batch, steps, units }: Sizes,
  options: OpOptions,
): readonly [Tensor3D, Tensor3D] {
  const width = options.cells ? 2 * units : units;
  const all =
    options.steps === 'all'
      ? swapBatchAndTime(dy as Tensor3D)
      : tf.pad3d(dy.reshape([1, batch, width]), [
          [steps - 1, 0],
          [0, 0],
          [0, 0],
        ]);
  if (!options.cells) return [all, tf.zerosLike(h)];
  const [dh, dc] = tf.split(all, 2, 2);
  return [dh as Tensor3D, dc as Tensor3D];
}
