// Which models can be trained on plain arrays: LSTM layers one on another and at most one dense layer on top.
// TensorFlow's tape costs more than such a small model's sums, so `train` leaves it aside for these.
import type { LayersModel, layers } from '@tensorflow/tfjs';
import { backendName } from '../tensorflow/load.ts';
import type { ArrayKernelName } from './kernels/arrays.ts';
import { chooseKernel, type KernelName } from './kernels/choose.ts';
import { activationsOf, LstmLayer, partsOf } from './layer.ts';
import { tf } from './tf.ts';

type Layer = layers.Layer;

/** A dense layer's part of a stack. */
export interface StackHead {
  readonly units: number;
  readonly useBias: boolean;
  readonly softmax: boolean;
}

/** An LSTM layer's part. */
export interface StackLayer {
  readonly useBias: boolean;
  /** Every step is given out, not the last alone. */
  readonly allSteps: boolean;
}

export interface Stack {
  /** From the input upwards; only the last may give out its last step alone. */
  readonly layers: readonly StackLayer[];
  readonly kernel: ArrayKernelName;
  readonly head: StackHead | null;
}

/** Parts of tfjs-layers' classes that are there at run time but not in their types. */
interface Hidden {
  readonly trainable: boolean;
  readonly kernelRegularizer?: unknown;
  readonly recurrentRegularizer?: unknown;
  readonly biasRegularizer?: unknown;
  readonly activityRegularizer?: unknown;
  readonly units: number;
  readonly useBias: boolean;
  readonly activation: { getClassName(): string };
}

/** The model as a stack, or null where it is none: then it trains on the tape. */
export function stackOf(model: LayersModel): Stack | null {
  if (!(model instanceof tf.Sequential)) return null;
  const inner = model.layers.filter(layer => layer.getClassName() !== 'InputLayer');
  const top = inner.at(-1);
  const head = top && !(top instanceof LstmLayer) ? headOf(top) : null;
  const lower = head ? inner.slice(0, -1) : inner;
  if (lower.length === 0 || !lower.every(isPlain)) return null;
  if (lower.slice(0, -1).some(layer => !layer.returnSequences)) return null;
  const [kernel, ...others] = new Set(lower.map(kernelOf));
  if (others.length > 0 || (kernel !== 'addon' && kernel !== 'wasm')) return null;
  const layers = lower.map(layer => ({
    useBias: partsOf(layer).cell.bias !== null,
    allSteps: Boolean(layer.returnSequences),
  }));
  return { layers, kernel, head };
}

/** By what was asked: for any size the compiled kernels leave the tape behind. */
function kernelOf(layer: LstmLayer): KernelName | null {
  const activations = activationsOf(layer);
  const small = { batch: 1, steps: 1, inputs: 1, units: 1 };
  if (activations?.gates !== 'sigmoid' || activations.values !== 'tanh') return null; // as stack-step runs them
  return chooseKernel(layer.kernelChoice, backendName(), activations, small);
}

function headOf(layer: Layer): StackHead | null {
  const { units, useBias, activation } = layer as unknown as Hidden;
  const isFree = layer.getClassName() === 'Dense' && !isBound(layer);
  const name = isFree ? activation.getClassName() : '';
  return name === 'linear' || name === 'softmax' ? { units, useBias, softmax: name === 'softmax' } : null;
}

/** Whether the compiled kernels know all that this layer does. */
function isPlain(layer: Layer): layer is LstmLayer {
  if (
    !(layer instanceof LstmLayer) ||
    layer.constructor !== LstmLayer ||
    isBound(layer) ||
    isBound(layer.cell as unknown as Layer)
  )
    return false;
  const { cell, stateful, goBackwards } = partsOf(layer);
  return !stateful && !goBackwards && !layer.returnState && cell.dropout + cell.recurrentDropout === 0;
}

/** Whether something beside the data moves the weights, or keeps them from moving. */
function isBound(layer: Layer): boolean {
  const { trainable, ...parts } = layer as unknown as Hidden;
  const regularizers = [
    ...[parts.kernelRegularizer, parts.recurrentRegularizer, parts.biasRegularizer],
    parts.activityRegularizer,
  ];
  const constrained = layer.weights?.some(weight => weight.constraint) ?? false;
  return trainable === false || constrained || regularizers.some(Boolean);
}
