// The call of an LSTM layer as one op, for our layer and for tf.layers' own that `accelerate` was given: masks,
// dropout as tf.layers draws it, states kept from call to call.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { backendName } from '../tensorflow/load.ts';
import { chooseArrayKernel, chooseKernel, type KernelChoice } from './kernels/choose.ts';
import type { Activations } from './kernels/sizes.ts';
import { activationsOf, partsOf, type TfjsLstm, weightsOf } from './layer-parts.ts';
import { floatsOf, lstmOp, type OpInputs, type OpOptions, sizesOf } from './op.ts';
import { tf } from './tf.ts';

/** What a model passes to its layer beside the input. */
interface CallOptions {
  readonly mask?: Tensor | (Tensor | null)[] | null;
  readonly training?: boolean | null;
  readonly initialState?: Tensor[] | null;
}

export interface HowToCall {
  readonly kernel: KernelChoice;
  /** Of the next dropout mask, or undefined for a random one. */
  readonly dropoutSeed: () => number | undefined;
}

/**
 * What tf.layers' own call of this layer gives out, or null where no kernel knows its activations.
 * @throws RangeError or TypeError naming what was given and expected, when input, mask or states do not fit.
 */
export function callLstm(
  layer: TfjsLstm,
  inputs: Tensor | Tensor[],
  kwargs: object | null,
  how: HowToCall,
): Tensor | Tensor[] | null {
  const activations = activationsOf(layer);
  if (!activations) return null;
  return tf.tidy(() => run(layer, inputs, (kwargs ?? {}) as CallOptions, activations, how));
}

function run(
  layer: TfjsLstm,
  inputs: Tensor | Tensor[],
  options: CallOptions,
  activations: Activations,
  how: HowToCall,
): Tensor | Tensor[] {
  const { stateful, goBackwards, cell } = partsOf(layer);
  const x = inputOf(layer, inputs);
  const [h, c] = statesOf(layer, inputs, options, x.shape[0]);
  const dropped = options.training ? withDropout(x, cell.dropout, draw => drawn(layer, draw, how)) : x;
  const given: OpInputs = {
    x: goBackwards ? dropped.reverse(1) : dropped,
    ...weightsOf(layer),
    h: h ?? null,
    c: c ?? null,
  };
  const cells = Boolean(layer.returnState) || stateful;
  const steps: OpOptions['steps'] = layer.returnSequences ? 'all' : 'last';
  const mask = maskOf(layer, options.mask, x, goBackwards);
  const recurrentScale = options.training ? recurrentScaleOf(layer, x.shape[0], how) : null;
  const choose = mask || recurrentScale ? chooseArrayKernel : chooseKernel;
  const kernel = choose(how.kernel, backendName(), activations, sizesOf(given));
  const value = lstmOp(given, { kernel, activations, steps, cells, mask, recurrentScale });
  if (!cells) return value;
  const [output, lastH, lastC] = splitStates(value, cell.units);
  // Not as training: then tf.layers keeps the states of every call, which its own gradient reads and ours does not.
  if (stateful) layer.resetStates([lastH, lastC]);
  return layer.returnState ? [output, lastH, lastC] : output;
}

function inputOf(layer: TfjsLstm, inputs: Tensor | Tensor[]): Tensor3D {
  const x = Array.isArray(inputs) ? inputs[0] : inputs;
  const width = weightsOf(layer).kernel.shape[0];
  const refuse = (given: string) =>
    `Cannot run the LSTM layer '${layer.name}': its input ${given}, expected [batch, steps, ${width}] of numbers.`;
  if (!(x instanceof tf.Tensor)) throw new TypeError(refuse('is no tensor'));
  if (x.dtype === 'string' || x.dtype === 'complex64') throw new TypeError(refuse(`is of type ${x.dtype}`));
  if (x.rank !== 3 || x.shape[2] !== width || x.shape[1] === 0)
    throw new RangeError(refuse(`has shape [${x.shape.join(', ')}]`));
  return x.dtype === 'float32' ? (x as Tensor3D) : x.cast('float32');
}

/** Given for this call, or kept from the last, or none for zeros. */
function statesOf(
  layer: TfjsLstm,
  inputs: Tensor | Tensor[],
  { initialState }: CallOptions,
  batch: number,
): readonly Tensor2D[] {
  const { stateful, states_, cell } = partsOf(layer);
  // In a model inside a model tf.layers hands on the symbols of the states; the tensors stand behind the input.
  const beside = Array.isArray(inputs) && inputs.length > 1 ? inputs.slice(1) : null;
  const given = initialState?.every(state => state instanceof tf.Tensor) ? initialState : beside;
  const states = given ?? (stateful ? states_ : null) ?? [];
  if (states.length === 0) return [];
  const shapes = states.map(state => `[${state.shape.join(', ')}]`);
  const expected = `[${batch}, ${cell.units}]`;
  if (states.length === 2 && shapes.every(shape => shape === expected)) return states as Tensor2D[];
  throw new RangeError(
    `Cannot run the LSTM layer '${layer.name}': its initial states have shapes ${shapes.join(' and ')}, expected h and c of shape ${expected}.`,
  );
}

/** [B][T] in the order of the run, 0 where a step is padding, or null for none. */
function maskOf(
  layer: TfjsLstm,
  given: CallOptions['mask'],
  { shape: [batch, steps] }: Tensor3D,
  backwards: boolean,
): Float32Array | null {
  const mask = Array.isArray(given) ? given[0] : given;
  if (!mask) return null;
  if (mask.shape[0] !== batch || mask.shape[1] !== steps || mask.size !== batch * steps)
    throw new RangeError(
      `Cannot run the LSTM layer '${layer.name}': its mask has shape [${mask.shape.join(', ')}], expected [${batch}, ${steps}].`,
    );
  const flat = floatsOf(mask);
  if (!flat.includes(0)) return null;
  const ordered = backwards ? mask.reshape([batch, steps]).cast('float32').reverse(1) : null;
  return ordered ? floatsOf(ordered) : flat;
}

type Draw = { readonly shape: [number, number]; readonly rate: number };

/** tf.layers drops the same inputs at every step of a call, and none at a rate of 1. */
function withDropout(x: Tensor3D, rate: number, draw: (what: Draw) => Tensor): Tensor3D {
  if (rate <= 0 || rate >= 1) return x;
  const [batch, , inputs] = x.shape;
  return x.mul(draw({ shape: [batch, inputs], rate }).reshape([batch, 1, inputs]));
}

function recurrentScaleOf(layer: TfjsLstm, batch: number, how: HowToCall): Float32Array | null {
  const { units, recurrentDropout: rate } = partsOf(layer).cell;
  if (rate <= 0 || rate >= 1) return null;
  return floatsOf(drawn(layer, { shape: [batch, units], rate }, how));
}

/** A dropout mask: 0, or 1 / (1 - rate). One for all gates, as tf.layers uses it whatever `implementation` says. */
function drawn(layer: TfjsLstm, { shape, rate }: Draw, how: HowToCall): Tensor {
  const { dropoutFunc } = partsOf(layer).cell;
  const ones = tf.ones(shape);
  return dropoutFunc ? dropoutFunc(ones, rate) : tf.dropout(ones, rate, undefined, how.dropoutSeed());
}

/** [.., 2H] of the op into the layer's output and the states after the last step. */
function splitStates(value: Tensor, units: number): readonly [Tensor, Tensor, Tensor] {
  const [h, c] = tf.split(value, 2, -1) as [Tensor, Tensor];
  if (value.rank === 2) return [h, h.clone(), c];
  const [batch, steps] = value.shape as [number, number];
  const last = (all: Tensor) => all.slice([0, steps - 1, 0], [batch, 1, units]).reshape([batch, units]);
  return [h, last(h), last(c)];
}
