// One call of an LSTM layer as a differentiable op that may hold values: forward by the layer's own kernel (the
// plain loop where something is held or masked), backward by `flowBack`, through all that was not held.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { runOp } from '../engine-op.ts';
import { addOuter, biasGradient } from '../kernels/loop-gradient.ts';
import type { ForcedValues } from '../kernels/sizes.ts';
import { activationsOf, partsOf, type TfjsLstm, weightsOf } from '../layer.ts';
import { floatsOf } from '../op.ts';
import { type LayerRun, runLayer } from '../run-layer.ts';
import { tf } from '../tf.ts';
import { VariantLayer } from '../variants/layer.ts';
import { type Flow, flowBack, type Pass, sumOf } from './flow.ts';

/** A call as it went; `flow` is filled when gradients pass. */
export interface HeardCall {
  readonly run: LayerRun;
  flow: Flow | null;
}

export interface CallInput {
  readonly layer: TfjsLstm;
  /** [B, T, D] */
  readonly x: Tensor3D;
  readonly mask: Tensor | null;
  readonly initialState: readonly Tensor[] | null;
  readonly held: ForcedValues | null;
  /** A scalar that the call counts as depending on, so that gradients pass it; null for none. */
  readonly probe: Tensor | null;
}

/** What the layer gives out, as tensors with gradients in x, the weights and the states given. */
export function callLayer(input: CallInput, listen: (run: LayerRun) => HeardCall): Tensor | Tensor[] {
  const { layer, x, probe, initialState } = input;
  const [h, c] = initialState ?? [];
  const tensors = { x, ...weightsOf(layer), h, c, probe };
  const given = Object.entries(tensors).filter(([, tensor]) => tensor) as [string, Tensor][];
  let back: (dy: Tensor) => Readonly<Record<string, () => Tensor>>;
  const states = runOp({
    inputs: Object.fromEntries(given),
    forwardFunc: () => {
      const { mask, held } = input;
      const run = runLayer(layer, x, { mask, initialState, forced: held && { values: held } });
      back = backwardOf(input, listen(run));
      return tf.tensor3d(packed(run), [run.sizes.steps, run.sizes.batch, 2 * run.sizes.units]);
    },
    backwardsFunc: dy => back(dy),
  });
  return outputsOf(layer, states as Tensor3D);
}

/** Rows of h and c, [T, B, 2H]. */
function packed({ gates, sizes }: LayerRun): Float32Array {
  const { batch, steps, units } = sizes;
  const out = new Float32Array(steps * batch * 2 * units);
  for (let row = 0; row < steps * batch; row++) {
    out.set(gates.h.subarray(row * units, (row + 1) * units), 2 * row * units);
    out.set(gates.c.subarray(row * units, (row + 1) * units), (2 * row + 1) * units);
  }
  return out;
}

function outputsOf(layer: TfjsLstm, states: Tensor3D): Tensor | Tensor[] {
  const [steps, batch, width] = states.shape;
  const units = width / 2;
  const last = (from: number) =>
    states.slice([steps - 1, 0, from], [1, batch, units]).reshape([batch, units]) as Tensor;
  const output = layer.returnSequences
    ? states.slice([0, 0, 0], [steps, batch, units]).transpose([1, 0, 2])
    : last(0);
  return layer.returnState ? [output, last(0), last(units)] : output;
}

/** Reads now what the way back needs: by then a tidy may have taken the tensors. */
function backwardOf(input: CallInput, call: HeardCall): (dy: Tensor) => Record<string, () => Tensor> {
  const { layer, held, mask } = input;
  const { sizes, gates, h0, c0 } = call.run;
  const activations = activationsOf(layer);
  if (layer instanceof VariantLayer || !activations)
    return () => {
      throw new TypeError(
        `Cannot take gradients through '${layer.name}' here: only lstm layers can be run with gradients gate by gate, not variants.`,
      );
    };
  const { kernel, recurrentKernel, bias } = weightsOf(layer);
  const weights = {
    kernel: floatsOf(kernel),
    recurrentKernel: floatsOf(recurrentKernel),
    bias: bias && floatsOf(bias),
  };
  const { goBackwards } = partsOf(layer);
  const ordered = (tensor: Tensor) =>
    tf.tidy(() => floatsOf(goBackwards ? tensor.reverse(1) : tensor).slice());
  const pass: Pass = {
    ...{ sizes, gates, h0, c0, weights, activations, held: held ?? {} },
    mask: mask && ordered(mask.cast('float32')),
  };
  const x = ordered(input.x);
  return dy => {
    const flow = flowBack(pass, unpacked(dy.dataSync<'float32'>(), pass));
    call.flow = call.flow ? sumOf(call.flow, flow) : flow;
    return gradientsOf(pass, x, flow, goBackwards);
  };
}

function unpacked(dy: Float32Array, { sizes }: Pass): { h: Float32Array; c: Float32Array } {
  const { batch, steps, units } = sizes;
  const [h, c] = [new Float32Array(steps * batch * units), new Float32Array(steps * batch * units)];
  for (let row = 0; row < steps * batch; row++) {
    h.set(dy.subarray(2 * row * units, (2 * row + 1) * units), row * units);
    c.set(dy.subarray((2 * row + 1) * units, (2 * row + 2) * units), row * units);
  }
  return { h, c };
}

/** @param x [B, T, D] in the order it was run */
function gradientsOf(
  pass: Pass,
  x: Float32Array,
  flow: Flow,
  backwards: boolean,
): Record<string, () => Tensor> {
  const { batch, steps, inputs, units } = pass.sizes;
  return {
    x: () => {
      const slopes = tf.tensor3d(flow.x, [steps, batch, inputs]).transpose([1, 0, 2]);
      return backwards ? slopes.reverse(1) : slopes;
    },
    kernel: () => outerSum(pass, flow, inputs, (step, row) => [x, (row * steps + step) * inputs]),
    recurrentKernel: () =>
      outerSum(pass, flow, units, (step, row) =>
        step === 0 ? [pass.h0, row * units] : [pass.gates.h, ((step - 1) * batch + row) * units],
      ),
    bias: () => tf.tensor1d(biasGradient(flow.z, 4 * units)),
    h: () => tf.tensor2d(flow.h0, [batch, units]),
    c: () => tf.tensor2d(flow.c0, [batch, units]),
    probe: () => tf.scalar(0),
  };
}

/** Gradient of a matrix, [width, 4H], from what was multiplied with it at each step and row. */
function outerSum(
  { sizes }: Pass,
  flow: Flow,
  width: number,
  at: (step: number, row: number) => readonly [Float32Array, number],
): Tensor2D {
  const { batch, steps, units } = sizes;
  const sums = new Float64Array(width * 4 * units);
  for (let step = 0; step < steps; step++)
    for (let row = 0; row < batch; row++) {
      const [values, start] = at(step, row);
      addOuter(sums, values, start, width, flow.z, (step * batch + row) * 4 * units, 4 * units);
    }
  return tf.tensor2d(new Float32Array(sums), [width, 4 * units]);
}
