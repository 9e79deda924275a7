// Runs a model while listening in on its LSTM layers: each call is computed with its gates, and may be
// changed. So a trace sees what the layer really gets (masks, states, whatever lies before it), whatever
// the model is: sequential, functional, nested, bidirectional.
import type { LayersModel, layers, Tensor, Tensor3D } from '@tensorflow/tfjs';
import { isLstm, type TfjsLstm } from './layer.ts';
import { type LayerRun, outputOf, runLayer } from './run-layer.ts';
import { tf } from './tf.ts';

export type Layer = layers.Layer;

/** Layers that hold other layers, by the names that tfjs-layers gives to what they hold. */
interface Holder {
  readonly layers?: readonly Layer[];
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
}

/** Every LSTM layer in or below `layer`, in order. */
export function lstmLayers(layer: Layer): readonly TfjsLstm[] {
  return layersThat(isLstm, layer);
}

/** Every layer in or below `layer` that is such a one, in order; what stands within one is not looked at. */
export function layersThat<Found extends object>(
  isOne: (layer: object) => layer is Found,
  layer: Layer,
): readonly Found[] {
  if (isOne(layer)) return [layer];
  const holder = layer as unknown as Holder;
  // A Bidirectional's `layer` is what it was made from, and never runs.
  const inner = holder.forwardLayer ? [holder.forwardLayer, holder.backwardLayer] : [holder.layer];
  const held = [...(holder.layers ?? []), ...inner];
  return held.flatMap(inner => (inner ? layersThat(isOne, inner) : []));
}

interface CallOptions {
  readonly mask?: Tensor | Tensor[] | null;
  readonly initialState?: Tensor[] | null;
}

type Call = (inputs: Tensor | Tensor[], kwargs: CallOptions | null) => Tensor | Tensor[];

/** Runs `work`, which must be synchronous, with each layer's `call` replaced. */
export function replacingCalls<T>(
  layers: readonly TfjsLstm[],
  callOf: (layer: TfjsLstm) => Call,
  work: () => T,
): T {
  const restore = () => {
    for (const layer of layers) Reflect.deleteProperty(layer, 'call'); // the class's own shows again
  };
  queueMicrotask(restore); // an interrupt ends `work` without its `finally`
  try {
    for (const layer of layers)
      Object.defineProperty(layer, 'call', { value: callOf(layer), configurable: true });
    return work();
  } finally {
    restore();
  }
}

/** Runs `work` with the calls of `layers` computed gate by gate; returns what `work` gave and each call. */
export function listenTo<T>(
  layers: readonly TfjsLstm[],
  work: () => T,
): { readonly result: T; readonly runs: readonly LayerRun[] } {
  const runs = new Map<string, LayerRun>();
  const callOf =
    (layer: TfjsLstm): Call =>
    (inputs, kwargs) => {
      const x = first(inputs) as Tensor3D;
      const mask = first(kwargs?.mask ?? null);
      const initialState = kwargs?.initialState ?? null;
      const call = callKey(layer, [x, mask, ...(initialState ?? [])]);
      const run = runs.get(call) ?? runLayer(layer, x, { mask, initialState });
      runs.set(call, run);
      return outputOf(run);
    };
  const result = replacingCalls(layers, callOf, work);
  return { result, runs: [...runs.values()] };
}

/** tfjs calls a layer with several outputs once for each that is used, with the same tensors: it is one call. */
export function callKey(layer: TfjsLstm, given: readonly (Tensor | null)[]): string {
  return [layer.id, ...given.map(tensor => tensor?.id ?? '-')].join(' ');
}

function first<T>(value: T | T[]): T {
  return Array.isArray(value) ? (value[0] as T) : value;
}

/** Whatever can stand for an input: a tensor, nested numbers, or one of these for each of several inputs. */
export type ModelInput = Tensor | NestedNumbers | readonly Tensor[];
export type NestedNumbers =
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly (readonly (readonly number[])[])[];

/**
 * `x` as the input tensors of a model, or of a layer that wants [batch, steps, features]. A single
 * sequence without its batch dimension gets one. Call inside tf.tidy.
 * @throws RangeError naming the shapes when they do not fit; TypeError when x holds something else than numbers.
 */
export function inputTensors(target: Layer, x: ModelInput): Tensor[] {
  const expected = expectedShapes(target);
  const given = isTensors(x) ? [...x] : [x instanceof tf.Tensor ? x : numbersAsTensor(target, x)];
  if (given.length !== expected.length)
    throw new RangeError(
      `Cannot run '${target.name}': ${given.length} inputs were given, expected ${expected.length}.`,
    );
  return given.map((tensor, at) => fitted(target, tensor, expected[at] ?? []));
}

function isTensors(x: ModelInput): x is readonly Tensor[] {
  return Array.isArray(x) && x.length > 0 && x.every(item => item instanceof tf.Tensor);
}

/** tfjs would take texts for numbers, and rows of different lengths for a shape that they have not. */
function numbersAsTensor(target: Layer, x: unknown): Tensor {
  const shape = shapeOfNumbers(x, problem => {
    throw new TypeError(
      `Cannot run '${target.name}': x ${problem}, expected a tensor or nested lists of numbers.`,
    );
  });
  return tf.tensor(x as number[], [...shape]);
}

function shapeOfNumbers(x: unknown, refuse: (problem: string) => never): readonly number[] {
  if (ArrayBuffer.isView(x) && !(x instanceof DataView)) return [(x as Float32Array).length];
  if (!Array.isArray(x)) return refuse(`${x === undefined ? 'is' : 'holds'} ${kindOf(x)}`);
  if (x.every(item => typeof item === 'number')) return [x.length];
  const shapes = x.map(item => shapeOfNumbers(item, refuse).join(', '));
  const odd = shapes.findIndex(shape => shape !== shapes[0]);
  if (odd > 0) refuse(`has a part of shape [${shapes[0]}] and one of shape [${shapes[odd]}] (number ${odd})`);
  return [x.length, ...(shapes[0] ?? '').split(', ').map(Number)];
}

/** A value in a word or two, for messages about what should have been something else. */
export function kindOf(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return `an instance of ${value.constructor?.name ?? 'no class'}`;
  if (typeof value === 'string') return `the text '${value.slice(0, 20)}'`;
  return typeof value === 'function' ? 'a function' : String(value);
}

function expectedShapes(target: Layer): readonly (readonly (number | null)[])[] {
  if (!isModel(target)) return [[null, null, isLstm(target) && target.built ? kernelRows(target) : null]];
  return target.inputs.map(input => input.shape);
}

function kernelRows(layer: TfjsLstm): number | null {
  return layer.getWeights()[0]?.shape[0] ?? null;
}

export function isModel(target: Layer): target is LayersModel {
  return target instanceof tf.LayersModel;
}

function fitted(target: Layer, tensor: Tensor, expected: readonly (number | null)[]): Tensor {
  if (tensor.isDisposed) throw new TypeError(`Cannot run '${target.name}': x has been disposed.`);
  const full = tensor.rank === expected.length - 1 ? tensor.expandDims(0) : tensor;
  const fits =
    full.rank === expected.length &&
    expected.every((size, axis) => size === null || axis === 0 || size === full.shape[axis]);
  if (fits && full.size > 0) return full;
  const names = expected.map(
    (size, axis) => size ?? (axis === 0 ? 'batch' : axis === 1 ? 'steps' : 'features'),
  );
  throw new RangeError(
    `Cannot run '${target.name}': x has shape [${tensor.shape.join(', ')}], expected [${names.join(', ')}].`,
  );
}

/** Applies a model or a layer to its inputs, all rows at once. The result is the caller's to dispose. */
export function runTarget(target: Layer, inputs: Tensor[]): Tensor | Tensor[] {
  if (!isModel(target)) return target.apply(inputs[0] as Tensor) as Tensor | Tensor[];
  const batchSize = inputs[0]?.shape[0] ?? 1;
  return target.predict(inputs.length === 1 ? (inputs[0] as Tensor) : inputs, { batchSize });
}
