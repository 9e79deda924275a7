// `trace(model, x)`: what every LSTM layer of a tfjs model computes for an input, tfjs-layers' own or ours.
import { backendName } from '../tensorflow/load.ts';
import {
  inputTensors,
  kindOf,
  type Layer,
  layersThat,
  listenTo,
  lstmLayers,
  type ModelInput,
  runTarget,
} from './instrument.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { LstmLayer, partsOf } from './layer.ts';
import { isCellStack } from './layer-parts.ts';
import { type LayerRun, tidyAround } from './run-layer.ts';
import { tf } from './tf.ts';
import { Trace } from './trace-result.ts';
import { VariantLayer } from './variants/layer.ts';

/** What a trace notes beside its values. */
export interface TraceOptions {
  /** Labels of the steps, in the order of x: the same for every row [T], or by row [B][T]. Steps are numbered unless given. */
  readonly tokens?: readonly string[] | readonly (readonly string[])[];
  /** Row of the batch that is drawn and asked about, from 0 to B - 1; 0 unless given. */
  readonly batchRow?: number;
  /** Seed to note beside the figure, any number; a seeded layer's own unless given. It changes no value. */
  readonly seed?: number;
}

export const TRACE_OPTIONS: Every<TraceOptions> = { tokens: true, batchRow: true, seed: true };

/**
 * Runs `x` through a model (or one LSTM layer) and keeps every gate and state.
 * With several LSTM layers the result is the first one's trace, with all of them in `layers`.
 * @param x [batch, steps, features], token ids [batch, steps] for a model that begins with an embedding,
 *   or one sequence without its batch dimension; a tensor or nested numbers.
 * @throws RangeError when shapes, tokens or the row do not fit, or for an unknown option; TypeError when there is no LSTM layer.
 * @example
 * ```ts
 * import { lstm, tf, trace } from 'gatebook';
 * const layer = lstm({ units: 8, returnSequences: true, seed: 1 });
 * const traced = trace(layer, tf.ones([1, 3, 4]), { tokens: ['a', 'b', 'c'] });
 * traced.f.shape; // [3, 1, 8]
 * const forget = traced.f.value(2, 0, 5); // step 2, row 0, unit 5
 * forget > 0 && forget < 1; // true
 * ```
 */
export function trace(target: Layer, x: ModelInput, options: TraceOptions = {}): Trace {
  rejectUnknown('trace', options, TRACE_OPTIONS);
  const layers = requireLstm(target);
  const { runs } = tidyAround(() => {
    const inputs = inputTensors(target, x);
    return listenTo(layers, () => runTarget(target, inputs));
  });
  return tracesOf(runs, options);
}

/** @throws TypeError naming what the model has instead, or what is no model of tf.layers. */
export function requireLstm(target: Layer): ReturnType<typeof lstmLayers> {
  if (!(target instanceof tf.layers.Layer))
    throw new TypeError(
      `Cannot trace ${kindOf(target)}: expected a model of tf.layers (tf.sequential, tf.model, tf.loadLayersModel) or an LSTM layer.`,
    );
  const layers = lstmLayers(target);
  if (layers.length > 0) return layers;
  const [stack] = layersThat(isCellStack, target);
  if (stack)
    throw new TypeError(
      `Cannot trace '${stack.name}': it has ${stack.cell.cells.length} LSTM cells in one tf.layers.rnn. Give each cell a tf.layers.rnn of its own, or make lstm layers.`,
    );
  const held = (target as unknown as { layers?: readonly Layer[] }).layers ?? [target];
  throw new TypeError(
    `Cannot trace '${target.name}': it has no LSTM layer, only ${held.map(layer => layer.getClassName()).join(', ')}.`,
  );
}

/** One trace a run, linked with each other; gives the first. */
export function tracesOf(runs: readonly LayerRun[], options: TraceOptions): Trace {
  const traces = runs.map(run => traceOf(run, options));
  for (const one of traces) one.layers = traces;
  return traces[0]!;
}

function traceOf(run: LayerRun, options: TraceOptions): Trace {
  const { layer, sizes, gates, h0, c0, kernel } = run;
  const { f, i, g, c, o, h } = gates;
  const { batch, steps, units } = sizes;
  const batchRow = options.batchRow ?? 0;
  if (!Number.isInteger(batchRow) || batchRow < 0 || batchRow >= batch)
    throw new RangeError(`Cannot show batch row ${batchRow}: x has ${batch}, numbered from 0.`);
  return new Trace({
    ...{ f, i, g, c, o, h, h0, c0, batchRow, kernel },
    layer: layer.name,
    variant: layer instanceof VariantLayer ? layer.kindName : 'lstm',
    shape: [steps, batch, units],
    tokens: tokensFor(options.tokens, batch, steps, partsOf(layer).goBackwards),
    seed: options.seed ?? (layer instanceof LstmLayer ? layer.seed : null),
    backend: backendName(),
  });
}

type Tokens = NonNullable<TraceOptions['tokens']>;

function tokensFor(
  given: Tokens | undefined,
  batch: number,
  steps: number,
  backwards: boolean,
): Tokens | null {
  if (!given) return null;
  const byRow = Array.isArray(given[0]);
  const rows = (byRow ? given : [given]) as readonly (readonly string[])[];
  if (byRow && rows.length !== batch)
    throw new RangeError(`Cannot label the steps: tokens has ${rows.length} rows, x has ${batch}.`);
  const wrong = rows.find(row => row.length !== steps);
  if (wrong)
    throw new RangeError(`Cannot label the steps: ${wrong.length} tokens were given, x has ${steps} steps.`);
  const ordered = backwards ? rows.map(row => [...row].reverse()) : rows;
  return byRow ? ordered : (ordered[0] as readonly string[]);
}
