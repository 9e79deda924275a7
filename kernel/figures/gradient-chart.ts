// How much gradient reaches each step, on a logarithmic axis: a straight fall is a gradient that vanishes by
// a fixed factor a step. Curves are named where they end, and differ in dashes besides colour.
import { type Chart, type ChartPicture, type ChartSpace, extentOf } from './chart.ts';
import { chartLabelsIn } from './chart-labels.ts';
import { labelsIn } from './labels.ts';
import { formOf } from './layout.ts';
import { addedColour, colourAt, type Palette, toHex } from './palette.ts';
import { line, type Paints, type Shape, shape, short, text } from './shape.ts';
import {
  BELOW,
  columnOf,
  columnShapes,
  type StepAxis,
  shows,
  stepAt,
  stepAxis,
  tokenShapes,
} from './step-axis.ts';
import { elide, visible } from './tokens.ts';
import type { GradientModel } from './trace-model.ts';
import { polyline } from './value-axis.ts';
import { clamp, type View } from './view.ts';

const HEIGHT = 190;
const LINE = 18;
const NAME_PITCH = 36;
const MOST_TICKS = 6;
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '5 2', '1 2'];

export function gradientChart(model: GradientModel): Chart {
  const { steps, tokens, curves, language } = model;
  const words = chartLabelsIn(language);
  const labels = labelsIn(language);
  const nameAt = (step: number) => (tokens ? [visible(tokens[step] ?? '')] : []);
  return {
    language,
    title: model.title ?? words.gradientTitle,
    size: '',
    role: words.lines,
    extent: extentOf(
      steps,
      curves.map((_, k) => k),
    ),
    start: { step: model.cursor?.step ?? 0, unit: 0 },
    picture: (view, space) => picture(model, view, space),
    notes: view => [
      ...(view.steps.end - view.steps.first < steps
        ? [labels.windowOf(view.steps.first + 1, view.steps.end)]
        : []),
      ...zeroNotes(model),
    ],
    aloud: ({ cursor: { step } }) =>
      `${[...nameAt(step), labels.stepOf(step + 1, steps)].join(', ')}: ${curves
        .map(({ name, values }) => `${name} ${normText(values[step]!)}`)
        .join(', ')}`,
    table: () => ({
      caption: words.gradientAxis[model.of],
      heads: [labels.step, ...(tokens ? [labels.token] : []), ...curves.map(({ name }) => name)],
      rows: steps,
      row: step => [step + 1, ...nameAt(step), ...curves.map(({ values }) => values[step]!)],
    }),
  };
}

/** Two significant digits: 0.34, 1.2e−7. */
export function normText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : '∞';
  if (value === 0) return '0';
  const shown = value < 0.01 || value >= 1000 ? value.toExponential(1) : String(Number(value.toPrecision(2)));
  return shown.replace('e+', 'e').replace('-', '\u2212');
}

function zeroNotes({ curves, language }: GradientModel): string[] {
  const names = curves.filter(({ values }) => values.some(value => value === 0)).map(({ name }) => name);
  return names.length > 0 ? [chartLabelsIn(language).zeroGradient(names.join(', '))] : [];
}

interface Plot {
  readonly axis: StepAxis;
  readonly wide: boolean;
  readonly top: number;
  readonly bottom: number;
  /** Powers of ten at the ends. */
  readonly decades: readonly [low: number, high: number];
  readonly y: (value: number) => number;
}

function plotOf(model: GradientModel, view: View, space: ChartSpace): Plot {
  const wide = formOf(space.width) === 'wide';
  const [x, right] = wide ? [64, 176] : [48, 16];
  const room = Math.max(40, space.width - x - right);
  // Under the words that name the axis.
  const axis = stepAxis(
    { tokens: model.tokens, steps: model.steps, window: view.steps, x, room, top: 20 },
    space,
  );
  const decades = decadesOf(model);
  const [low, high] = decades;
  const [top, bottom] = [axis.bottom + 4, axis.bottom + 4 + HEIGHT];
  const y = (value: number) =>
    value > 0 ? bottom - ((Math.log10(value) - low) / (high - low)) * HEIGHT : Number.NaN;
  return { axis, wide, top, bottom, decades, y };
}

/** Whole powers of ten around all that is drawn, at least one apart. */
function decadesOf({ curves }: GradientModel): [number, number] {
  let [least, most] = [Infinity, 0];
  for (const { values } of curves) {
    for (const value of values) {
      if (!(value > 0 && value < Infinity)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (most === 0) return [-1, 0];
  const low = Math.floor(Math.log10(least));
  return [low, Math.max(low + 1, Math.ceil(Math.log10(most)))];
}

function picture(model: GradientModel, view: View, space: ChartSpace): ChartPicture {
  const plot = plotOf(model, view, space);
  const { axis, bottom, top, wide } = plot;
  const { paints } = space;
  const height = bottom + BELOW + (wide ? 0 : model.curves.length * LINE + 6);
  return {
    height,
    still: [
      text(axis.stack.x, 12, chartLabelsIn(model.language).gradientAxis[model.of], {
        size: 11,
        fill: paints.muted,
      }),
      ...ticks(plot, paints),
      ...model.curves.map((curve, k) => curveShape(curve.values, k, plot, view, paints)),
    ],
    cursor: ({ cursor: { step } }) => [
      ...tokenShapes(axis, step, paints),
      ...columnShapes(axis, step, [{ top, bottom }], paints),
      ...model.curves.map((curve, k) => dot(curve.values, k, step, plot, paints)),
      ...names(model, step, plot, space),
    ],
    hit: (x, y) => {
      const step = stepAt(axis, x);
      return step === null || y < 0 || y > bottom + BELOW ? null : { cursor: { step, unit: 0 }, panel: 0 };
    },
  };
}

function ticks({ axis, decades: [low, high], y }: Plot, paints: Paints): Shape[] {
  const every = Math.ceil((high - low) / MOST_TICKS);
  const right = axis.stack.x + axis.stack.width;
  const shapes: Shape[] = [];
  let rules = '';
  for (let power = high; power >= low; power -= every) {
    const height = short(y(10 ** power));
    rules += `M${axis.stack.x} ${height}H${right}`;
    const raised = shape('tspan', { 'font-size': 8.5, dy: -4 }, [String(power).replace('-', '\u2212')]);
    const label = text(axis.stack.x - 8, height + 4, '10', { size: 10.5, fill: paints.muted, anchor: 'end' });
    shapes.push({ ...label, children: [...label.children, raised] });
  }
  return [line(rules, paints.hairline), ...shapes];
}

/** Ink first, then the poles of the maps: no hue of its own. */
function curveColour(k: number, { ink, palette }: Paints): string {
  const colours = [ink, toHex(addedColour(palette, 1)), toHex(addedColour(palette, -1)), teal(palette)];
  return colours[k % colours.length]!;
}

function teal({ gate, dark }: Palette): string {
  return toHex(colourAt(gate, dark ? 200 : 190));
}

function curveShape(
  values: Float32Array,
  k: number,
  { axis, y }: Plot,
  { steps }: View,
  paints: Paints,
): Shape {
  const shown = Array.from({ length: steps.end - steps.first }, (_, at) => steps.first + at);
  const path = polyline(shown.map(step => [columnOf(axis, step)[1], y(values[step]!)] as const));
  const attributes = { 'stroke-dasharray': DASHES[k]!, 'stroke-linejoin': 'round', class: 'gb-curve' };
  return line(path, curveColour(k, paints), 2, attributes);
}

function dot(values: Float32Array, k: number, step: number, { axis, y }: Plot, paints: Paints): Shape {
  const height = y(values[step]!);
  const seen = Number.isFinite(height) && shows(axis, step);
  return shape('circle', {
    cx: short(columnOf(axis, step)[1]),
    cy: seen ? short(height) : 0,
    r: 3.5,
    fill: curveColour(k, paints),
    stroke: paints.background,
    visibility: seen ? 'visible' : 'hidden',
  });
}

/** Each curve's name and its value at the cursor: beside its end, or below in lines. */
function names(model: GradientModel, step: number, plot: Plot, space: ChartSpace): Shape[] {
  const { curves } = model;
  const { axis, wide, bottom } = plot;
  const { paints, measure } = space;
  const x = wide ? axis.stack.x + axis.stack.width + 16 : 12;
  const heights = wide ? spread(model, plot) : curves.map((_, k) => bottom + BELOW + 10 + k * LINE);
  return curves.flatMap(({ name, values }, k) => {
    const y = heights[k]!;
    const sample = line(`M${x} ${short(y - 4)}h22`, curveColour(k, paints), 2, {
      'stroke-dasharray': DASHES[k]!,
    });
    const shown = elide(visible(name).replaceAll('␣', ' '), measure, wide ? 114 : 220);
    const value = normText(values[step]!);
    const read = { fill: paints.ink, bold: true, attributes: { class: 'gb-read' } };
    return [
      sample,
      text(x + 30, y, shown, { fill: paints.ink }),
      wide ? text(x + 30, y + 15, value, read) : text(space.width - 16, y, value, { ...read, anchor: 'end' }),
    ];
  });
}

/** Heights near the curves' ends, at least a name apart. */
function spread({ curves }: GradientModel, { axis, top, bottom, y }: Plot): number[] {
  const end = axis.window.end - 1;
  const wanted = curves.map(({ values }, k) => {
    const height = y(values[end]!);
    return { k, y: Number.isFinite(height) ? height : bottom };
  });
  wanted.sort((one, other) => one.y - other.y);
  const last = bottom - 14;
  const heights: number[] = [];
  wanted.forEach(({ k, y: want }, place) => {
    const above = place === 0 ? top + 8 : heights[wanted[place - 1]!.k]! + NAME_PITCH;
    const room = last - (wanted.length - 1 - place) * NAME_PITCH;
    heights[k] = Math.max(above, clamp(want, top + 8, Math.max(top + 8, room)));
  });
  return heights;
}
