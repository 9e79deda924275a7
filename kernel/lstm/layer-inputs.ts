// What a recurrent layer is called with, checked and brought into the form that its op takes: input, first states,
// padding, and dropout as tf.layers draws it. One for lstm, variant, rnn and tf.layers' own that `accelerate` was given.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { floatsOf } from './op.ts';
import { tf } from './tf.ts';

/** What a model passes to its layer beside the input. */
export interface CallOptions {
  readonly mask?: Tensor | (Tensor | null)[] | null;
  readonly training?: boolean | null;
  readonly initialState?: Tensor[] | null;
}

/** Of a recurrent cell of tf.layers, what is read here; its types keep it to themselves. */
export interface CalledCell {
  readonly units: number;
  readonly dropout: number;
  readonly recurrentDropout: number;
  /** Draws a dropout mask in place of tf.dropout. */
  readonly dropoutFunc?: ((ones: Tensor, rate: number) => Tensor) | null;
}

/** And of its layer. */
export interface Called {
  readonly cell: CalledCell;
  readonly states_: Tensor[] | null;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
}

/** Of the next dropout mask, or undefined for a random one. */
export type DropoutSeed = () => number | undefined;

/**
 * [B, T, width] as floats.
 * @param what the layer in words, such as "the LSTM layer 'a'"
 * @throws TypeError for what holds no numbers, RangeError for another shape; both name what was given and expected
 */
export function inputOf(what: string, inputs: Tensor | Tensor[], width: number): Tensor3D {
  const x = Array.isArray(inputs) ? inputs[0] : inputs;
  const refuse = (given: string) =>
    `Cannot run ${what}: its input ${given}, expected [batch, steps, ${width}] of numbers.`;
  if (!(x instanceof tf.Tensor)) throw new TypeError(refuse('is no tensor'));
  if (x.dtype === 'string' || x.dtype === 'complex64') throw new TypeError(refuse(`is of type ${x.dtype}`));
  if (x.rank !== 3 || x.shape[2] !== width || x.shape[1] === 0)
    throw new RangeError(refuse(`has shape [${x.shape.join(', ')}]`));
  return x.dtype === 'float32' ? (x as Tensor3D) : x.cast('float32');
}

/**
 * Given for this call, or kept from the last, or none for zeros; each [B, H].
 * @param names of the states, such as ['h', 'c']
 * @throws RangeError for another number of them, or other shapes
 */
export function statesOf(
  what: string,
  { cell, stateful, states_ }: Called,
  inputs: Tensor | Tensor[],
  { initialState }: CallOptions,
  names: readonly string[],
): readonly Tensor2D[] {
  const batch = (Array.isArray(inputs) ? inputs[0]! : inputs).shape[0] as number;
  // In a model inside a model tf.layers hands on the symbols of the states; the tensors stand behind the input.
  const beside = Array.isArray(inputs) && inputs.length > 1 ? inputs.slice(1) : null;
  const given = initialState?.every(state => state instanceof tf.Tensor) ? initialState : beside;
  const states = given ?? (stateful ? states_ : null) ?? [];
  if (states.length === 0) return [];
  const shapes = states.map(state => `[${state.shape.join(', ')}]`);
  const expected = `[${batch}, ${cell.units}]`;
  if (states.length === names.length && shapes.every(shape => shape === expected))
    return states as Tensor2D[];
  throw new RangeError(
    `Cannot run ${what}: its initial states have shapes ${shapes.join(' and ')}, expected ${names.join(' and ')} of shape ${expected}.`,
  );
}

/**
 * [B][T] in the order of the run, 0 where a step is padding, or null for none.
 * @throws RangeError for a mask of another shape
 */
export function maskOf(
  what: string,
  given: CallOptions['mask'],
  { shape: [batch, steps] }: Tensor3D,
  backwards: boolean,
): Float32Array | null {
  const mask = Array.isArray(given) ? given[0] : given;
  if (!mask) return null;
  if (mask.shape[0] !== batch || mask.shape[1] !== steps || mask.size !== batch * steps)
    throw new RangeError(
      `Cannot run ${what}: its mask has shape [${mask.shape.join(', ')}], expected [${batch}, ${steps}].`,
    );
  const flat = floatsOf(mask);
  if (!flat.includes(0)) return null;
  return backwards ? floatsOf(mask.reshape([batch, steps]).cast('float32').reverse(1)) : flat;
}

/** tf.layers drops the same inputs at every step of a call, and none at a rate of 1. */
export function withDropout(x: Tensor3D, { cell }: Called, seed: DropoutSeed): Tensor3D {
  if (cell.dropout <= 0 || cell.dropout >= 1) return x;
  const [batch, , inputs] = x.shape;
  return x.mul(drawn(cell, [batch, inputs], cell.dropout, seed).reshape([batch, 1, inputs]));
}

/** Factors of the h that the recurrence sees, [B, H], or null for none. */
export function recurrentScaleOf({ cell }: Called, batch: number, seed: DropoutSeed): Float32Array | null {
  const { units, recurrentDropout: rate } = cell;
  if (rate <= 0 || rate >= 1) return null;
  return floatsOf(drawn(cell, [batch, units], rate, seed));
}

/** A dropout mask: 0, or 1 / (1 - rate). One for all gates, as tf.layers uses it whatever `implementation` says. */
function drawn(
  { dropoutFunc }: CalledCell,
  shape: [number, number],
  rate: number,
  seed: DropoutSeed,
): Tensor {
  const ones = tf.ones(shape);
  return dropoutFunc ? dropoutFunc(ones, rate) : tf.dropout(ones, rate, undefined, seed());
}

/** Dropout seeds of a layer with a seed, so that it is the same from run to run: a new one for each mask drawn. */
export function dropoutSeeds(seed: number | null): DropoutSeed {
  let count = 0;
  return () => (seed === null ? undefined : seed * 7919 + 2 * count++ + 1);
}
