// A trace as the figures take it: the chosen batch row's arrays in base64, and the figure around them.
import {
  FIGURE_VERSION,
  type Float32Data,
  type Language,
  type PanelFigure,
  type TracePayload,
  type UnitOrder,
} from '../protocol.ts';
import type { GateValues } from './gate-values.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { currentLanguage } from './language.ts';
import type { Trace } from './trace-result.ts';

/** How the gate panel is drawn. */
export interface FigureOptions {
  /** Over the panel; the layer's name unless given. */
  readonly title?: string;
  /**
   * Order of the units, first on top: a permutation of 0 to H - 1, alone or with a label for the menu. One for the first
   * layer, or one for each layer. Longest memory first unless given.
   */
  readonly order?: readonly number[] | UnitOrder | readonly (UnitOrder | null)[];
  /** Step and unit (from 0) under the cursor at first; the first step and the top unit unless given. */
  readonly cursor?: { readonly step: number; readonly unit: number };
  /** Batch row to draw, from 0 to B - 1; the trace's own unless given. */
  readonly row?: number;
  /** 'ko' or 'en'; the notebook's unless given. */
  readonly language?: Language;
}

const OPTIONS: Every<FigureOptions> = { title: true, order: true, cursor: true, row: true, language: true };

/** The gate panel of one or more traces (layers of one model). */
export function panelFigure(traces: readonly Trace[], options: FigureOptions = {}): PanelFigure {
  rejectUnknown('draw the gate panel', options, OPTIONS);
  const { title, order, cursor } = options;
  const language = options.language ?? currentLanguage();
  return {
    version: FIGURE_VERSION,
    kind: 'panel',
    language,
    ...(title === undefined ? {} : { title }),
    traces: traces.map(trace => tracePayload(trace, options.row ?? trace.batchRow)),
    ...(order === undefined ? {} : { orders: traces.map((_, at) => orderOf(order, at, language)) }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function orderOf(
  order: NonNullable<FigureOptions['order']>,
  at: number,
  language: Language,
): UnitOrder | null {
  if (!Array.isArray(order)) return at === 0 ? (order as UnitOrder) : null;
  if (order.every(item => typeof item === 'number'))
    return at === 0 ? { label: language === 'ko' ? '주어진 순서' : 'as given', units: order } : null;
  return (order as readonly (UnitOrder | null)[])[at] ?? null;
}

/** One batch row of a trace as figures take it. */
export function tracePayload(trace: Trace, row: number): TracePayload {
  const states = (values: Float32Array) =>
    encode(values.subarray(row * trace.units, (row + 1) * trace.units), [trace.units]);
  return {
    layer: trace.layer,
    variant: trace.variant,
    steps: trace.steps,
    units: trace.units,
    tokens: trace.tokensOf(row),
    batchRow: row,
    batchSize: trace.batch,
    seed: trace.seed,
    backend: trace.backend,
    kernel: trace.kernel,
    f: rowOf(trace.f, row),
    i: rowOf(trace.i, row),
    g: rowOf(trace.g, row),
    c: rowOf(trace.c, row),
    o: rowOf(trace.o, row),
    h: rowOf(trace.h, row),
    c0: states(trace.c0),
    h0: states(trace.h0),
  };
}

function rowOf(values: GateValues, row: number): Float32Data {
  const [steps, rows, units] = values.shape;
  const out = new Float32Array(steps * units);
  for (let step = 0; step < steps; step++) {
    const from = (step * rows + row) * units;
    out.set(values.subarray(from, from + units), step * units);
  }
  return encode(out, [steps, units]);
}

/** Little-endian, as every machine that Node runs on with TensorFlow is. */
export function encode(values: Float32Array, shape: readonly number[]): Float32Data {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { dtype: 'float32', shape, base64: bytes.toString('base64') };
}
