// A figure as plain Plotly JSON, for front ends that have a Plotly renderer and not ours: six heatmaps on
// one axis of steps. No tokens of our own renderer in it, only what Plotly has.
import { labelsIn } from './labels.ts';
import { fixed } from './numbers.ts';
import { GATE_LIGHT, SIGNED } from './palette.ts';
import {
  GATES,
  type Gate,
  limitOf,
  mainTrace,
  type PanelModel,
  SIGNED_GATES,
  type TraceModel,
} from './trace-model.ts';
import { sceneOf } from './view.ts';

/** Plotly's own MIME type. We write it and never register for it: those figures belong to others. */
export const PLOTLY_MIME = 'application/vnd.plotly.v1+json';

/** A trace goes out as Plotly JSON only below this size, in bytes. */
export const MOST_BYTES = 1_000_000;
/** Six panels of numbers with four decimals and a comma. */
const BYTES_A_VALUE = 5;

export interface PlotlySpec {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** The first layer's panel (the newest of one that learnt) as a Plotly figure, or null when it would be 1 MB or more. */
export function panelPlotly(model: PanelModel): PlotlySpec | null {
  const trace = model.traces[mainTrace(model)]!;
  if (trace.steps * trace.units * GATES.length * BYTES_A_VALUE > MOST_BYTES) return null;
  const spec = { data: panelData(model), layout: panelLayout(model) };
  return JSON.stringify(spec).length < MOST_BYTES ? spec : null;
}

function panelData(model: PanelModel): PlotlySpec['data'] {
  const labels = labelsIn(model.language);
  const main = mainTrace(model);
  const { trace, order } = sceneOf(model, main, model.orders[main] ? 'given' : 'memory');
  const steps = Array.from({ length: trace.steps }, (_, step) => step + 1);
  return GATES.map((gate, k) => {
    const limit = limitOf(trace, gate, false) || 1;
    const name = `${gate} ${labels.gates[gate].name}`;
    return {
      type: 'heatmap',
      name,
      x: steps,
      y: order.map(String),
      z: order.map(unit => rowOf(trace, gate, unit)),
      zmin: SIGNED_GATES.has(gate) ? -limit : 0,
      zmax: limit,
      colorscale: colorscale(gate),
      colorbar: { len: 0.14, y: middleOf(k), thickness: 8, outlinewidth: 0 },
      hoverongaps: false,
      hovertemplate: `${labels.step} %{x}, ${labels.unit} %{y}: %{z:.3f}<extra>${name}</extra>`,
      xaxis: 'x',
      yaxis: axis('y', k),
    };
  });
}

/** A unit's values over all steps, four decimals; what is not finite is a gap. */
function rowOf(trace: TraceModel, gate: Gate, unit: number): (number | null)[] {
  return Array.from({ length: trace.steps }, (_, step) => {
    const value = trace.values[gate][step * trace.units + unit]!;
    return Number.isFinite(value) ? Number(value.toFixed(4)) : null;
  });
}

function panelLayout(model: PanelModel): Readonly<Record<string, unknown>> {
  const trace = model.traces[mainTrace(model)]!;
  const labels = labelsIn(model.language);
  const yAxes = GATES.map((gate, k) => [
    axis('yaxis', k),
    {
      domain: [middleOf(k) - 0.07, middleOf(k) + 0.07],
      title: { text: `<i>${gate}</i>  ${labels.gates[gate].name}` },
      type: 'category',
      autorange: 'reversed',
      showticklabels: false,
      fixedrange: true,
    },
  ]);
  return {
    title: { text: model.title ?? `${trace.layer}: ${labels.size(trace.units, trace.steps)}` },
    height: 760,
    margin: { l: 110, r: 20, t: 60, b: 60 },
    paper_bgcolor: '#ffffff',
    plot_bgcolor: '#ffffff',
    font: { color: '#1f2328' },
    xaxis: { anchor: axis('y', GATES.length - 1), ...tokenTicks(trace) },
    ...Object.fromEntries(yAxes),
  };
}

function tokenTicks({ tokens, steps }: TraceModel): Readonly<Record<string, unknown>> {
  if (tokens === null || steps > 60) return {};
  return { tickmode: 'array', tickvals: tokens.map((_, step) => step + 1), ticktext: tokens, tickangle: -45 };
}

/** Middle of panel k in the paper's height, the first on top. */
function middleOf(k: number): number {
  return Number(fixed((GATES.length - 0.5 - k) / GATES.length, 4));
}

/** 'y', 'y2' … or 'yaxis', 'yaxis2' …, as Plotly numbers them. */
function axis(name: string, k: number): string {
  return k === 0 ? name : `${name}${k + 1}`;
}

function colorscale(gate: Gate): [number, string][] {
  const stops = (SIGNED_GATES.has(gate) ? SIGNED['#ffffff']! : GATE_LIGHT).split(' ');
  return stops.map((colour, k) => [k / (stops.length - 1), colour]);
}
