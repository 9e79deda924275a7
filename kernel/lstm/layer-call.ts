// The call of an LSTM layer as one op, for our layer and for tf.layers' own that `accelerate` was given: masks,
// dropout as tf.layers draws it, states kept from call to call.
import type { Tensor } from '@tensorflow/tfjs';
import { backendName } from '../tensorflow/load.ts';
import { chooseArrayKernel, chooseKernel, type KernelChoice } from './kernels/choose.ts';
import type { Activations } from './kernels/sizes.ts';
import {
  type CallOptions,
  type DropoutSeed,
  inputOf,
  maskOf,
  recurrentScaleOf,
  statesOf,
  withDropout,
} from './layer-inputs.ts';
import { activationsOf, type CellStack, partsOf, type TfjsLstm, weightsOf } from './layer-parts.ts';
import { lstmOp, type OpInputs, type OpOptions, sizesOf } from './op.ts';
import { tf } from './tf.ts';

export interface HowToCall {
  readonly kernel: KernelChoice;
  readonly dropoutSeed: DropoutSeed;
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
  const called = partsOf(layer);
  const { stateful, goBackwards, cell } = called;
  const what = `the LSTM layer '${layer.name}'`;
  const weights = weightsOf(layer);
  const x = inputOf(what, inputs, weights.kernel.shape[0]);
  const [h, c] = statesOf(what, called, inputs, options, ['h', 'c']);
  const dropped = options.training ? withDropout(x, called, how.dropoutSeed) : x;
  const given: OpInputs = {
    x: goBackwards ? dropped.reverse(1) : dropped,
    ...weights,
    h: h ?? null,
    c: c ?? null,
  };
  const cells = Boolean(layer.returnState) || stateful;
  const steps: OpOptions['steps'] = layer.returnSequences ? 'all' : 'last';
  const mask = maskOf(what, options.mask, x, goBackwards);
  const recurrentScale = options.training ? recurrentScaleOf(called, x.shape[0], how.dropoutSeed) : null;
  const choose = mask || recurrentScale ? chooseArrayKernel : chooseKernel;
  const kernel = choose(how.kernel, backendName(), activations, sizesOf(given));
  const value = lstmOp(given, { kernel, activations, steps, cells, mask, recurrentScale });
  if (!cells) return value;
  const [output, lastH, lastC] = splitStates(value, cell.units);
  // Not as training: then tf.layers keeps the states of every call, which its own gradient reads and ours does not.
  if (stateful) layer.resetStates([lastH, lastC]);
  return layer.returnState ? [output, lastH, lastC] : output;
}

/**
 * The same of tf.layers.rnn around several LSTM cells: one op a cell. States are h and c of each, the last cell's first.
 */
export function callCells(
  layer: CellStack,
  inputs: Tensor | Tensor[],
  kwargs: object | null,
  how: HowToCall,
): Tensor | Tensor[] | null {
  const { cells } = layer.cell;
  const options = (kwargs ?? {}) as CallOptions;
  const layers = cells.map((cell, at) => {
    const returnSequences = layer.returnSequences || at < cells.length - 1;
    const about = { name: layer.name, stateful: false, goBackwards: false, states_: null };
    return { ...about, cell, returnSequences, returnState: true } as unknown as TfjsLstm;
  });
  if (layers.some(one => activationsOf(one) === null)) return null;
  return tf.tidy(() => {
    const [x, ...beside] = [inputs].flat() as [Tensor, ...Tensor[]];
    const reversed = (tensor: Tensor) => (layer.goBackwards ? tensor.reverse(1) : tensor);
    const mask = [options.mask].flat()[0] ?? null;
    const states = statesOfCells(layer, options.initialState ?? (beside.length > 0 ? beside : null));
    const last: Tensor[] = [];
    let output = reversed(x);
    for (const [at, one] of layers.entries()) {
      const from = 2 * (cells.length - 1 - at);
      const own = {
        ...{ training: options.training ?? null, mask: mask && reversed(mask.cast('float32')) },
        initialState: states?.slice(from, from + 2) ?? null,
      };
      const [h, ...after] = callLstm(one, output, own, how) as [Tensor, Tensor, Tensor];
      output = h;
      last.unshift(...after);
    }
    if (layer.stateful) layer.resetStates(last);
    return layer.returnState ? [output, ...last] : output;
  });
}

/** @throws RangeError where there are not two for each cell */
function statesOfCells(layer: CellStack, given: Tensor[] | null): readonly Tensor[] | null {
  const states = given ?? (layer.stateful ? layer.states_ : null);
  const wanted = 2 * layer.cell.cells.length;
  if (!states || states.length === wanted) return states;
  throw new RangeError(
    `Cannot run the LSTM cells of '${layer.name}': ${states.length} initial states were given, expected ${wanted}, h and c of each cell, the last cell's first.`,
  );
}

/** [.., 2H] of the op into the layer's output and the states after the last step. */
function splitStates(value: Tensor, units: number): readonly [Tensor, Tensor, Tensor] {
  const [h, c] = tf.split(value, 2, -1) as [Tensor, Tensor];
  if (value.rank === 2) return [h, h.clone(), c];
  const [batch, steps] = value.shape as [number, number];
  const last = (all: Tensor) => all.slice([0, steps - 1, 0], [batch, 1, units]).reshape([batch, units]);
  return [h, last(h), last(c)];
}
