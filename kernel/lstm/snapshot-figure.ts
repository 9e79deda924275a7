// `snapshotFigure(told)`: the gate panel of one layer as it learnt, with a slider from one snapshot to the next.
import { FIGURE_VERSION, type Language, type PanelFigure } from '../protocol.ts';
import { drawsItself } from './drawn.ts';
import type { Fitted } from './fit.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { currentLanguage } from './language.ts';
import type { Snapshot } from './snapshots.ts';
import { tracePayload } from './trace-payload.ts';
import type { Trace } from './trace-result.ts';
import type { Trained } from './train-options.ts';

/** As many as one figure takes. */
const MOST = 64;

/** What of the snapshots is drawn. */
export interface SnapshotFigureOptions {
  readonly title?: string;
  /** Name of the LSTM layer; the first one unless given. */
  readonly layer?: string;
  /** Batch row (from 0); the snapshots' own unless given. */
  readonly row?: number;
  /** Step and unit (from 0) under the cursor at first. */
  readonly cursor?: { readonly step: number; readonly unit: number };
  /** 'ko' or 'en'; the notebook's unless given. */
  readonly language?: Language;
}

const OPTIONS: Every<SnapshotFigureOptions> = {
  ...{ title: true, layer: true, row: true, cursor: true, language: true },
};

/**
 * The snapshots that {@link fit} or {@link train} took, as one gate panel with a slider through the training: in epochs where
 * `fit` counted them, else in steps. Cell states have the same colours at every moment, and a unit keeps its row: the
 * longest memory at the end is on top. Of more than 64 snapshots 64 are drawn, evenly chosen, the first and the last
 * among them. As a cell's last value it draws itself.
 * @param told what `fit` or `train` gave, or its `snapshots`
 * @throws RangeError where there are no snapshots, for a layer, row, step or unit that they have not, or an unknown option;
 *   Error where a trace has been disposed
 * @example
 * ```ts
 * import { fit, lstm, snapshotFigure, tf } from 'gatebook';
 * const model = tf.sequential();
 * model.add(lstm({ units: 4, inputShape: [5, 1], returnSequences: true, seed: 1 }));
 * model.add(tf.layers.dense({ units: 1 }));
 * const x = tf.randomUniform([40, 5, 1], -1, 1, 'float32', 1);
 * const snapshots = { every: 2, x: x.slice([0], [1]) };
 * const told = await fit(model, { x, y: x }, { epochs: 4, loss: 'meanSquaredError', snapshots });
 * const figure = snapshotFigure(told);
 * figure.moments?.at; // [0, 2, 4]
 * ```
 */
export function snapshotFigure(
  told: Trained | readonly Snapshot[],
  options: SnapshotFigureOptions = {},
): PanelFigure {
  rejectUnknown('draw the snapshots', options, OPTIONS);
  const all = Array.isArray(told) ? (told as readonly Snapshot[]) : (told as Trained).snapshots;
  if (all.length === 0)
    throw new RangeError(
      'Cannot draw the snapshots: there are none. Train with snapshots: {every: 1, x}, or at: [0, 5, 10].',
    );
  const per = Array.isArray(told) ? null : ((told as Partial<Fitted>).stepsPerEpoch ?? null);
  const inEpochs = per !== null && all.every(({ step }) => step % per === 0);
  const taken = evenly(all);
  const traces = taken.map(one => layerOf(one.trace, options.layer));
  const row = options.row ?? traces[0]!.batchRow;
  for (const trace of traces) checkTrace(trace, row, options.cursor);
  const { title, cursor, language = currentLanguage() } = options;
  return drawsItself({
    version: FIGURE_VERSION,
    kind: 'panel',
    language,
    ...(title === undefined ? {} : { title }),
    traces: traces.map(trace => tracePayload(trace, row)),
    ...(cursor ? { cursor } : {}),
    moments: {
      of: inEpochs ? 'epoch' : 'step',
      at: taken.map(({ step }) => (inEpochs ? step / per : step)),
    },
  });
}

function evenly(all: readonly Snapshot[]): readonly Snapshot[] {
  const count = Math.min(MOST, all.length);
  return Array.from({ length: count }, (_, k) => all[Math.round((k * (all.length - 1)) / (count - 1 || 1))]!);
}

function layerOf(trace: Trace, name: string | undefined): Trace {
  const found = name === undefined ? trace : trace.layers.find(({ layer }) => layer === name);
  if (found) return found;
  throw new RangeError(
    `Cannot draw the snapshots of layer '${name}': they have ${trace.layers.map(({ layer }) => layer).join(', ')}.`,
  );
}

function checkTrace(trace: Trace, row: number, cursor: SnapshotFigureOptions['cursor']): void {
  if (trace.isDisposed)
    throw new Error(`Cannot draw the snapshots of '${trace.layer}': one has been disposed.`);
  const check = (what: string, index: number, count: number) => {
    if (!Number.isInteger(index) || index < 0 || index >= count)
      throw new RangeError(
        `Cannot draw ${what} ${index} of the snapshots: there are ${count}, numbered from 0.`,
      );
  };
  check('row', row, trace.batch);
  if (cursor) {
    check('step', cursor.step, trace.steps);
    check('unit', cursor.unit, trace.units);
  }
}
