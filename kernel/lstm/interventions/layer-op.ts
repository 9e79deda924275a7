// One call of an LSTM layer as a differentiable op that may hold values: forward by the layer's own kernel (the
// plain loop where something is held or masked), backward by `flowBack`, through all that was not held.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { runOp } from '../engine-op.ts';
import { addOuter, biasGradient } from '../kernels/loop-gradient.ts';
import type { ForcedValues } from '../kernels/sizes.ts';
import { activationsOf, partsOf, type TfjsLstm, weightsOf } from '../layer.ts';
import { outputsOfStates, packed, unpacked } from '../layer-states.ts';
import { floatsOf } from '../op.ts';
import { type LayerRun, runLayer, unknownActivation } from '../run-layer.ts';
import { tf } from '../tf.ts';
import { VariantLayer, variantGradients, variantWeights } from '../variants/layer.ts';
import type { VariantRun } from '../variants/loop.ts';
import { variantBackward } from '../variants/loop-gradient.ts';
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
  const extra = layer instanceof VariantLayer ? layer.extra : {};
  const tensors = { x, ...weightsOf(layer), ...extra, h, c, probe };
  const given = Object.entries(tensors).filter(([, tensor]) => tensor) as [string, Tensor][];
  let back: (dy: Tensor) => Readonly<Record<string, () => Tensor>>;
  const states = runOp({
    inputs: Object.fromEntries(given),
    forwardFunc: () => {
      const { mask, held } = input;
      const run = runLayer(layer, x, { mask, initialState, forced: held && { values: held } });
      back = backwardOf(input, listen(run));
      return packed(run.gates, run.sizes);
    },
    backwardsFunc: dy => back(dy),
  });
  const [output, ...last] = outputsOfStates(layer, states as Tensor3D);
  return layer.returnState ? [output, ...last] : output;
}

type Back = (dy: Tensor) => Record<string, () => Tensor>;

/** Reads now what the way back needs: by then a tidy may have taken the tensors. */
function backwardOf(input: CallInput, call: HeardCall): Back {
  const { layer, held, mask } = input;
  const { sizes, gates, h0, c0 } = call.run;
  const { goBackwards } = partsOf(layer);
  const ordered = (tensor: Tensor) =>
    tf.tidy(() => floatsOf(goBackwards ? tensor.reverse(1) : tensor).slice());
  const masked = mask && ordered(mask.cast('float32'));
  if (layer instanceof VariantLayer) return variantBack(layer, input, call, ordered(input.x), masked);
  const activations = activationsOf(layer);
  if (!activations) throw unknownActivation(layer);
  const { kernel, recurrentKernel, bias } = weightsOf(layer);
  const weights = {
    kernel: floatsOf(kernel),
    recurrentKernel: floatsOf(recurrentKernel),
    bias: bias && floatsOf(bias),
  };
  const pass: Pass = {
    ...{ sizes, gates, h0, c0, weights, activations, held: held ?? {} },
    mask: masked,
  };
  const x = ordered(input.x);
  return dy => {
    const flow = flowBack(pass, unpacked(dy.dataSync<'float32'>(), sizes));
    call.flow = call.flow ? sumOf(call.flow, flow) : flow;
    return gradientsOf(pass, x, flow, goBackwards);
  };
}

/** @param x [B, T, D] and @param mask [B, T], both in the order of the run */
function variantBack(
  layer: VariantLayer,
  { held }: CallInput,
  call: HeardCall,
  x: Float32Array,
  mask: Float32Array | null,
): Back {
  const { sizes, gates, h0, c0 } = call.run;
  const run: VariantRun = {
    ...{ kind: layer.kind, weights: variantWeights(layer), sizes, x, mask },
    ...{ initial: { h: h0, c: c0 }, held: held ?? {}, recurrentScale: null },
  };
  const { goBackwards } = partsOf(layer);
  return dy => {
    const back = variantBackward(run, gates, unpacked(dy.dataSync<'float32'>(), sizes));
    call.flow = call.flow ? sumOf(call.flow, back.flow) : back.flow;
    const slopes = variantGradients(back, sizes);
    const ofX = slopes.x as () => Tensor;
    return { ...slopes, x: () => (goBackwards ? ofX().reverse(1) : ofX()), probe: () => tf.scalar(0) };
  };
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
