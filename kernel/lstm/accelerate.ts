// `accelerate(model)`: tf.layers' own LSTM layers of a model that exists, and its LSTM cells in tf.layers.rnn, run as one op, in place. Layers, weights,
// names and files stay what they are; only where their call is looked up changes, and `restore` changes it back.
import type { LayersModel, layers, Tensor } from '@tensorflow/tfjs';
import { layersThat } from './instrument.ts';
import { CHOICES, type KernelChoice } from './kernels/choose.ts';
import { rejectUnknown } from './known-names.ts';
import { callCells, callLstm } from './layer-call.ts';
import {
  activationsOf,
  type CellStack,
  isCellStack,
  isLstm,
  partsOf,
  type TfjsLstm,
  TfjsLstmClass,
  TfjsRnnClass,
} from './layer-parts.ts';

/** How the layers run once they are accelerated. */
export interface AccelerateOptions {
  /** What runs the layers, as the option of {@link lstm}. 'auto' (the default) chooses by size. */
  readonly kernel?: KernelChoice;
}

/** What {@link accelerate} did. */
export interface Accelerated {
  /** Names of the layers that run as one op from this call on. */
  readonly changed: readonly string[];
  /** Layers that did so before: of `lstm`, or from an earlier call. */
  readonly fast: readonly string[];
  /** Layers that stay as they were, and why. */
  readonly left: readonly { readonly layer: string; readonly why: string }[];
  /** Puts back the layers of `changed`. Doing it twice changes nothing more. */
  readonly restore: () => void;
}

type Recurrent = TfjsLstm | CellStack;

const chosen = new WeakMap<Recurrent, KernelChoice>();
const random = (): undefined => undefined;

// Between a layer and its class, so that `constructor`, `instanceof` and saved names are those of tf.layers, and a
// trace, which puts a call of its own on the layer for a while, finds this one again behind it.
function fastOver(slow: TfjsLstm): object {
  return Object.create(slow, {
    call: {
      value: function call(this: Recurrent, inputs: Tensor | Tensor[], kwargs: object): Tensor | Tensor[] {
        const how = { kernel: chosen.get(this) ?? 'auto', dropoutSeed: random };
        const value = isCellStack(this)
          ? callCells(this, inputs, kwargs, how)
          : callLstm(this, inputs, kwargs, how);
        return value ?? slow.call.call(this as TfjsLstm, inputs, kwargs as never);
      },
    },
  }) as object;
}

/** Fast prototypes by the slow ones: of tf.layers.lstm, and of tf.layers.rnn with LSTM cells. */
const FAST = new Map<object, object>(
  [TfjsLstmClass.prototype, TfjsRnnClass.prototype].map(slow => [slow, fastOver(slow)]),
);

/**
 * Makes every `tf.layers.lstm` in a model run as one op, and every `tf.layers.rnn` around LSTM cells as one op a cell, with
 * the numbers they gave before: in nested models, bidirectional and time-distributed layers and loaded models too. The
 * model is not changed: it trains, saves and loads as ever. Calling it again changes nothing.
 * @param target a model, or a single layer
 * @returns which layers changed, which were fast before, which were left and why, and how to undo it
 * @throws TypeError when `target` is no model or layer; RangeError for an unknown option or kernel
 * @example
 * ```ts
 * import { accelerate, tf } from 'gatebook';
 * const model = tf.sequential({ layers: [tf.layers.lstm({ units: 8, inputShape: [20, 4] })] });
 * const { changed, restore } = accelerate(model);
 * changed.length; // 1
 * restore();
 * ```
 */
export function accelerate(target: LayersModel | layers.Layer, options: AccelerateOptions = {}): Accelerated {
  rejectUnknown('accelerate a model', options, { kernel: true });
  const kernel = options.kernel ?? 'auto';
  if (!CHOICES.includes(kernel))
    throw new RangeError(`Cannot accelerate on kernel '${kernel}': there are ${CHOICES.join(', ')}.`);
  if (typeof (target as Partial<layers.Layer> | null)?.getClassName !== 'function')
    throw new TypeError(
      `Cannot accelerate ${target === null ? 'null' : `a value of type ${typeof target}`}: expected a model or a layer of tf.layers.`,
    );
  const all = [...new Set(layersThat(isRecurrent, target))];
  const slow = all.filter(layer => FAST.has(Object.getPrototypeOf(layer)));
  const able = slow.filter(layer => unknownCell(layer) === undefined);
  const before = new Map(able.map(layer => [layer, Object.getPrototypeOf(layer) as object]));
  for (const [layer, prototype] of before) {
    chosen.set(layer, kernel);
    Object.setPrototypeOf(layer, FAST.get(prototype) as object);
  }
  const names = (some: readonly Recurrent[]) => some.map(({ name }) => name);
  return {
    changed: names(able),
    fast: names(all.filter(layer => !slow.includes(layer))),
    left: slow
      .filter(layer => !able.includes(layer))
      .map(layer => ({ layer: layer.name, why: whyNot(layer) })),
    restore: () => {
      for (const [layer, prototype] of before)
        if (Object.getPrototypeOf(layer) === FAST.get(prototype)) Object.setPrototypeOf(layer, prototype);
    },
  };
}

function isRecurrent(layer: object): layer is Recurrent {
  return isLstm(layer) || isCellStack(layer);
}

/** The first of its cells whose activations no kernel knows. */
function unknownCell(layer: Recurrent) {
  const cells = isCellStack(layer) ? layer.cell.cells : [partsOf(layer).cell];
  return cells.find(cell => activationsOf({ cell }) === null);
}

function whyNot(layer: Recurrent): string {
  const { activation, recurrentActivation } = unknownCell(layer)!;
  return `its activations are '${activation.getClassName()}' and '${recurrentActivation.getClassName()}'; the kernels know sigmoid, hardSigmoid, tanh, linear and relu`;
}
