// The checked form of a trace that every view draws from: plain typed arrays and their ranges.
import type { BackendName, Language, Moments, UnitOrder } from '../protocol.ts';

/** Panel order is the computation: f, i, g | c | o, h. */
export const GATES = ['f', 'i', 'g', 'c', 'o', 'h'] as const;
export type Gate = (typeof GATES)[number];

/** How a panel's values map to colours: 0..1, or around zero. */
export const SIGNED_GATES: ReadonlySet<Gate> = new Set(['g', 'c', 'h']);

/** One layer's run over one sequence, T steps and H units. */
export interface TraceModel {
  readonly layer: string;
  readonly variant: string;
  readonly steps: number;
  readonly units: number;
  readonly tokens: readonly string[] | null;
  readonly batchRow: number;
  readonly batchSize: number;
  readonly seed: number | null;
  readonly backend: BackendName;
  readonly kernel: string;
  /** Each [T, H], row-major. */
  readonly values: Readonly<Record<Gate, Float32Array>>;
  /** States before the first step, each [H]. */
  readonly c0: Float32Array;
  readonly h0: Float32Array;
  /** max |c| over finite values; 0 where the cell never moves. */
  readonly cellLimit: number;
  /** How many values of each panel are NaN or infinite. */
  readonly nonFinite: Readonly<Record<Gate, number>>;
}

export interface PanelModel {
  readonly kind: 'panel';
  readonly language: Language;
  readonly title: string | null;
  readonly traces: readonly [TraceModel, ...TraceModel[]];
  /** One for each trace. */
  readonly orders: readonly (UnitOrder | null)[];
  readonly cursor: { readonly step: number; readonly unit: number } | null;
  /** The traces are then one layer as it learnt, in place of the layers of a model. */
  readonly moments: Moments | null;
}

/** The trace that is shown first, and that says the order of the units: the newest of a layer that learnt. */
export function mainTrace({ moments, traces }: PanelModel): number {
  return moments ? traces.length - 1 : 0;
}

export interface PlotlyModel {
  readonly kind: 'plotly';
  readonly language: Language;
  readonly title: string | null;
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** The figures of chart.ts, each in a file of its own. */
export interface LedgerModel {
  readonly kind: 'ledger';
  readonly language: Language;
  readonly title: string | null;
  readonly trace: TraceModel;
  readonly units: readonly number[];
  readonly cursor: { readonly step: number; readonly unit: number } | null;
}

export interface UnitModel {
  readonly kind: 'unit';
  readonly language: Language;
  readonly title: string | null;
  readonly trace: TraceModel;
  readonly unit: number;
  readonly spread: { readonly rows: number; readonly values: Readonly<Record<Gate, Float32Array>> } | null;
  readonly cursor: { readonly step: number } | null;
}

export interface CompareModel {
  readonly kind: 'compare';
  readonly language: Language;
  readonly title: string | null;
  readonly traces: readonly [TraceModel, TraceModel];
  readonly names: readonly [string, string];
  readonly gates: readonly Gate[];
  readonly cursor: { readonly step: number; readonly unit: number } | null;
}

export interface GradientModel {
  readonly kind: 'gradient';
  readonly language: Language;
  readonly title: string | null;
  readonly steps: number;
  readonly tokens: readonly string[] | null;
  readonly of: 'h' | 'x';
  readonly curves: readonly { readonly name: string; readonly values: Float32Array }[];
  readonly cursor: { readonly step: number } | null;
}

export interface LossModel {
  readonly kind: 'loss';
  readonly language: Language;
  readonly title: string | null;
  readonly state: 'running' | 'done' | 'stopped';
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  readonly last: number | null;
  readonly every: number;
  readonly mean: Float32Array;
  readonly least: Float32Array;
  readonly most: Float32Array;
}

export type ChartModel = LedgerModel | UnitModel | CompareModel | GradientModel | LossModel;
export type FigureModel = PanelModel | ChartModel | PlotlyModel;

/** The value of one panel at a step and a unit; NaN outside. */
export function valueAt(trace: TraceModel, gate: Gate, step: number, unit: number): number {
  return trace.values[gate][step * trace.units + unit] ?? Number.NaN;
}

/** c before a step: c0 at the first. */
export function cellBefore(trace: TraceModel, step: number, unit: number): number {
  return step > 0 ? valueAt(trace, 'c', step - 1, unit) : (trace.c0[unit] ?? Number.NaN);
}

/** The largest |value| a panel's colours show: 1 but for the raw cell state. */
export function limitOf(trace: TraceModel, gate: Gate, tanhCell: boolean): number {
  return gate === 'c' && !tanhCell ? trace.cellLimit : 1;
}

/** max |value| over the finite ones, and how many are not finite. Plain loop: it runs over millions. */
export function survey(values: Float32Array): { readonly limit: number; readonly nonFinite: number } {
  let limit = 0;
  let nonFinite = 0;
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k]!);
    if (size <= limit) continue;
    if (size < Number.POSITIVE_INFINITY) limit = size;
    else nonFinite++;
  }
  return { limit, nonFinite };
}
