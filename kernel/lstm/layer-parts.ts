// What tfjs-layers' LSTM has at run time: its class, cell, weights and states, which its types keep to themselves.
import type { layers, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { type ActivationName, activationName } from './kernels/activations.ts';
import type { Activations } from './kernels/sizes.ts';
import type { Called, CalledCell } from './layer-inputs.ts';
import { tf } from './tf.ts';

/** tfjs-layers' own LSTM layer. */
export type TfjsLstm = ReturnType<typeof layers.lstm>;

/** The weights of an LSTM cell; bias is null with `useBias: false`. */
export interface CellWeights {
  readonly kernel: Tensor2D;
  readonly recurrentKernel: Tensor2D;
  readonly bias: Tensor | null;
}

interface Variable {
  read(): Tensor;
  write(value: Tensor): unknown;
}

/** As much of tfjs-layers' LSTMCell as is read here; its types keep these to themselves. */
export interface Cell extends CalledCell {
  readonly activation: { getClassName(): string };
  readonly recurrentActivation: { getClassName(): string };
  readonly kernel: Variable;
  readonly recurrentKernel: Variable;
  readonly bias: Variable | null;
}

/** The parts of tfjs-layers' RNN class that are there at run time but not in its types. */
interface RnnParts extends Called {
  readonly cell: Cell;
}

/** What tfjs-layers has at run time and keeps out of its types. */
export function partsOf(layer: TfjsLstm): RnnParts {
  return layer as unknown as RnnParts;
}

/** The weights now, as tensors that belong to the layer: not to be disposed. */
export function weightsOf(layer: TfjsLstm): CellWeights {
  const { kernel, recurrentKernel, bias } = partsOf(layer).cell;
  return {
    kernel: kernel.read() as Tensor2D,
    recurrentKernel: recurrentKernel.read() as Tensor2D,
    bias: bias?.read() ?? null,
  };
}

/** The layer's activations as the kernels know them, or null where they do not. */
export function activationsOf(layer: TfjsLstm | { readonly cell: Cell }): Activations | null {
  const { activation, recurrentActivation } = (layer as { readonly cell: Cell }).cell;
  const values: ActivationName | null = activationName(activation.getClassName());
  const gates: ActivationName | null = activationName(recurrentActivation.getClassName());
  return values && gates ? { values, gates } : null;
}

// The class is not exported, but every layer has it (named, so that the first of the user is number 1).
// Extending it keeps models, files and `instanceof`.
export const TfjsLstmClass = tf.layers.lstm({ units: 1, name: 'class' }).constructor as new (
  args: Parameters<typeof layers.lstm>[0],
) => TfjsLstm;

/** tf.layers.rnn's class, which all recurrent layers of tf.layers extend. */
export const TfjsRnnClass = Object.getPrototypeOf(TfjsLstmClass) as typeof TfjsLstmClass;

const LstmCellClass = tf.layers.lstmCell({ units: 1, name: 'class' }).constructor;

/** tf.layers.rnn around several LSTM cells, each of which reads the h of the one before. */
export interface CellStack {
  readonly name: string;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly stateful: boolean;
  readonly goBackwards: boolean;
  readonly states_: Tensor[] | null;
  readonly cell: { readonly cells: readonly Cell[] };
  resetStates(states: Tensor[]): void;
}

export function isCellStack(layer: object): layer is CellStack {
  const { cell } = layer as Partial<CellStack>;
  return (
    layer.constructor === TfjsRnnClass &&
    Array.isArray(cell?.cells) &&
    cell.cells.every(one => one.constructor === LstmCellClass)
  );
}

/**
 * Whether a layer is an LSTM: tfjs-layers' own, ours, or tf.layers.rnn around one LSTM cell, which has at run time all
 * that is used of an LSTM layer.
 */
export function isLstm(layer: object): layer is TfjsLstm {
  return (
    layer instanceof TfjsLstmClass ||
    (layer.constructor === TfjsRnnClass && (layer as TfjsLstm).cell.constructor === LstmCellClass)
  );
}
