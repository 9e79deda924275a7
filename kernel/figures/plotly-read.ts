// Reads the part of a Plotly figure that the static picture draws: lines, points, bars, histograms and one
// heatmap on a single pair of linear axes. Anything else is left to Plotly, rather than drawn wrong.
import type { PlotlyModel } from './trace-model.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Series {
  readonly form: 'line' | 'points' | 'line and points' | 'bar';
  readonly name: string;
  readonly x: readonly (number | string)[];
  /** NaN for a gap. */
  readonly y: readonly number[];
}

export interface StaticPlot {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly Series[];
  readonly stacked: boolean;
  /** Rows from the bottom, unless `reversed`; then there are no series. */
  readonly heatmap: { readonly z: readonly (readonly number[])[]; readonly reversed: boolean } | null;
}

const MOST_POINTS = 20_000;
const MOST_STACKED = 2_000;

/** Null for what the picture cannot show as it is meant. */
export function readPlotly({ data, layout }: PlotlyModel): StaticPlot | null {
  if (!data.every(isOnPlainAxes) || [layout.xaxis, layout.yaxis].some(isStrangeAxis)) return null;
  const shown = data.filter(trace => trace.visible !== false && trace.visible !== 'legendonly');
  const heatmap = shown.length === 1 && shown[0]!.type === 'heatmap' ? readHeatmap(shown[0]!, layout) : null;
  const series = heatmap ? [] : shown.map(readSeries);
  if (!heatmap && (series.length === 0 || series.some(one => one === null))) return null;
  const count = series.reduce((sum, one) => sum + one!.y.length, 0);
  const stacked = layout.barmode === 'stack' || layout.barmode === 'relative';
  if (count > (stacked ? MOST_STACKED : MOST_POINTS) || (!heatmap && count === 0)) return null;
  return {
    title: titleOf(layout),
    xTitle: titleOf(layout.xaxis),
    yTitle: titleOf(layout.yaxis),
    series: series as Series[],
    stacked,
    heatmap,
  };
}

function isOnPlainAxes({ xaxis, yaxis, orientation }: Json): boolean {
  return (xaxis ?? 'x') === 'x' && (yaxis ?? 'y') === 'y' && orientation !== 'h';
}

function isStrangeAxis(axis: unknown): boolean {
  const { type } = record(axis);
  return type === 'log' || type === 'multicategory';
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

/** Plotly takes a title as text or as an object; its few tags say only how it looks. */
function titleOf(owner: unknown): string {
  const { title } = record(owner);
  const text = typeof title === 'string' ? title : record(title).text;
  return typeof text === 'string'
    ? text
        .replace(/<[^>]*>/g, ' ')
        .trim()
        .slice(0, 200)
    : '';
}

function readSeries(trace: Json, index: number): Series | null {
  const name = typeof trace.name === 'string' ? trace.name.slice(0, 60) : `trace ${index}`;
  if (trace.type === 'histogram') return readHistogram(trace, name);
  const y = numbers(trace.y);
  if (!y) return null;
  const x = positions(trace.x, y.length);
  if (!x) return null;
  if (trace.type === 'bar') return { form: 'bar', name, x, y };
  if (trace.type !== undefined && trace.type !== 'scatter' && trace.type !== 'scattergl') return null;
  const form = formOf(trace, y.length);
  return form && { form, name, x, y };
}

function formOf({ mode, fill }: Json, length: number): Series['form'] | null {
  if (fill !== undefined && fill !== 'none') return null;
  if (mode === undefined) return length < 20 ? 'line and points' : 'line'; // as Plotly has it
  if (typeof mode !== 'string' || mode.includes('text')) return null;
  const [lines, points] = [mode.includes('lines'), mode.includes('markers')];
  if (lines) return points ? 'line and points' : 'line';
  return points ? 'points' : null;
}

function numbers(value: unknown): number[] | null {
  if (!Array.isArray(value)) return null;
  const read = value.map(item => (item === null ? Number.NaN : typeof item === 'number' ? item : undefined));
  return read.includes(undefined) ? null : (read as number[]);
}

function positions(value: unknown, length: number): (number | string)[] | null {
  if (value === undefined) return Array.from({ length }, (_, k) => k);
  if (!Array.isArray(value) || value.length < length) return null;
  const read = value.slice(0, length);
  const isPlain = read.every(
    item => typeof item === 'string' || (typeof item === 'number' && Number.isFinite(item)),
  );
  return isPlain ? read : null;
}

/** Equal bins, about the square root of the number of values. */
function readHistogram({ x }: Json, name: string): Series | null {
  const values = numbers(x)?.filter(Number.isFinite);
  if (!values || values.length === 0) return null;
  const least = values.reduce((low, value) => Math.min(low, value), Infinity);
  const most = values.reduce((high, value) => Math.max(high, value), -Infinity);
  const bins = Math.max(1, Math.min(40, Math.round(Math.sqrt(values.length))));
  const width = (most - least) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.min(bins - 1, Math.floor((value - least) / width))]!++;
  return { form: 'bar', name, x: counts.map((_, bin) => least + (bin + 0.5) * width), y: counts };
}

function readHeatmap({ z }: Json, { yaxis }: Json): StaticPlot['heatmap'] {
  if (!Array.isArray(z) || z.length === 0) return null;
  const rows = z.map(numbers);
  const columns = rows[0]?.length ?? 0;
  const isMatrix = columns > 0 && rows.every(row => row?.length === columns);
  if (!isMatrix || columns * rows.length > MOST_POINTS) return null;
  return { z: rows as number[][], reversed: record(yaxis).autorange === 'reversed' };
}
