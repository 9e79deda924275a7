// `bidirectional({layer: lstm({...})})`: tf.layers.bidirectional copies its layer through the saved form, which
// knows nothing of our class; here both directions are layers of `lstm`. It is saved as tf.layers saves its own.
import type { layers } from '@tensorflow/tfjs';
import { rejectUnknown } from './known-names.ts';
import { LstmLayer } from './layer.ts';
import { tf } from './tf.ts';

type Bidirectional = ReturnType<typeof layers.bidirectional>;
type MergeMode = NonNullable<Parameters<typeof layers.bidirectional>[0]['mergeMode']>;

/** The layer that reads both ways, and how its two outputs are joined. */
export interface BidirectionalOptions {
  /** Made by `lstm`; a layer like it reads each way, from weights of its own. */
  readonly layer: LstmLayer;
  /** How the two outputs become one: 'concat' (the default), 'sum', 'mul' or 'ave'; null gives out both. */
  readonly mergeMode?: MergeMode | null;
  /** Of the layer in its model; numbered unless given. */
  readonly name?: string;
  /** [steps, features] of the input, where this is the first layer of a model. */
  readonly inputShape?: number[];
}

/** Both are there at run time, and not in the types. */
interface Directions {
  forwardLayer: LstmLayer;
  backwardLayer: LstmLayer;
}

/**
 * An LSTM that reads a sequence both ways. Input [batch, steps, features]; output [batch, steps, 2 units] or
 * [batch, 2 units] with 'concat', units wide with the other modes.
 * @throws TypeError when `layer` was not made by `lstm`; RangeError for an unknown option
 * @example
 * ```ts
 * import { bidirectional, lstm, tf } from 'gatebook';
 * const both = bidirectional({ layer: lstm({ units: 8 }), inputShape: [20, 4] });
 * const model = tf.sequential({ layers: [both, tf.layers.dense({ units: 2 })] });
 * const output = model.predict(tf.zeros([1, 20, 4])) as tf.Tensor;
 * output.shape; // [1, 2]
 * ```
 */
export function bidirectional(options: BidirectionalOptions): Bidirectional {
  rejectUnknown('make a bidirectional layer', options, {
    ...{ layer: true, mergeMode: true, name: true, inputShape: true },
  });
  const { layer } = options;
  if (!(layer instanceof LstmLayer) || layer.constructor !== LstmLayer)
    throw new TypeError(
      'Cannot make a bidirectional layer: its layer was not made by lstm({...}). For other layers there is tf.layers.bidirectional.',
    );
  const wrapper = tf.layers.bidirectional(options as never);
  const both = wrapper as unknown as Directions;
  both.forwardLayer = directionOf(layer, both.forwardLayer.name, false);
  both.backwardLayer = directionOf(layer, both.backwardLayer.name, true);
  return wrapper;
}

function directionOf(layer: LstmLayer, name: string, isBackward: boolean): LstmLayer {
  const { seed, goBackwards = false, ...options } = layer.options;
  return new LstmLayer({
    ...options,
    name,
    goBackwards: isBackward ? !goBackwards : goBackwards,
    ...(seed === undefined ? {} : { seed: isBackward ? seed + 1 : seed }),
  });
}
