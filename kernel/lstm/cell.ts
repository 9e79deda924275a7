// `lstmCell({...})` for tf.layers.rnn, alone or among other cells: tf.layers' own cell, with the defaults, the
// seed and the checks of `lstm`.
import type { layers } from '@tensorflow/tfjs';
import { type Every, rejectUnknown } from './known-names.ts';
import { initializers } from './layer.ts';
import { CELL_ARGS } from './layer-options.ts';
import { tf } from './tf.ts';

type TfjsCellArgs = Parameters<typeof layers.lstmCell>[0];

/** tfjs-layers' LSTM cell: `call([x, h, c], {})` gives [output, h, c]. */
export type LstmCell = ReturnType<typeof layers.lstmCell>;

/**
 * Options of tf.layers.lstmCell, and a seed: those of {@link LstmOptions} that are about one step, so that sequences,
 * states and direction are the options of tf.layers.rnn around it. Two defaults are Keras' instead of tfjs':
 * `recurrentActivation` is 'sigmoid' and `unitForgetBias` is true.
 */
export interface LstmCellOptions extends TfjsCellArgs {
  /** A whole number. Same seed, same initial weights (Glorot uniform kernel, orthogonal recurrent kernel). By chance unless given. */
  readonly seed?: number;
}

const OPTIONS: Every<LstmCellOptions> = { ...CELL_ARGS, seed: true };

/**
 * One step of an LSTM, for `tf.layers.rnn({cell})`: x [batch, features], h and c [batch, units]. `trace` shows the gates of
 * such a layer; {@link accelerate} makes it run as one op, as {@link lstm} does from the start, and several cells in one
 * tf.layers.rnn as one op each (`trace` does not see into those).
 * @throws RangeError for an unknown option, or when units is not a whole number of at least 1
 * @example
 * ```ts
 * import { accelerate, lstmCell, tf, trace } from 'gatebook';
 * const layer = tf.layers.rnn({ cell: lstmCell({ units: 3, seed: 1 }), returnSequences: true, inputShape: [5, 2] });
 * const model = tf.sequential({ layers: [layer] });
 * accelerate(model).changed.length; // 1
 * trace(model, tf.ones([1, 5, 2])).f.shape; // [5, 1, 3]
 * ```
 */
export function lstmCell(options: LstmCellOptions): LstmCell {
  rejectUnknown('make an LSTM cell', options, OPTIONS);
  const { seed, units, ...own } = options;
  if (!Number.isInteger(units) || units < 1)
    throw new RangeError(`lstmCell: units is ${String(units)}, expected a whole number of at least 1.`);
  return tf.layers.lstmCell({
    ...{ units, recurrentActivation: 'sigmoid', unitForgetBias: true },
    ...initializers(seed),
    ...own,
  } as TfjsCellArgs);
}
