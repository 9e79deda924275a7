// A user's Plotly figure as a static picture, for front ends without Plotly, for GitHub and for paper: on its
// own white card, in the house's colours. What it cannot show as it is meant has none (plotly-read.ts).
import { blend, paletteOnWhite, parseHex, toHex } from './palette.ts';
import { axisOf, type PlotAxis, placeOf, valueAxisOf } from './plotly-axes.ts';
import { readPlotly, type Series, type StaticPlot } from './plotly-read.ts';
import { filled, line, markup, type Shape, shape, short, text } from './shape.ts';
import { type Grid, paintCells } from './svg-cells.ts';
import { INK, MUTED } from './svg-panel.ts';
import { escapeXml, estimateWidth, SANS } from './svg-text.ts';
import type { PlotlyModel } from './trace-model.ts';
import { polyline } from './value-axis.ts';

const WIDTH = 720;
const HEIGHT = 360;
const HAIRLINE = toHex(blend(parseHex(INK), parseHex('#ffffff'), 0.16));
/** The poles of the figures' maps, then grey; lines differ in dashes too. */
const COLOURS = ['#127e8d', '#ab5118', '#245a9f', '#6b7378', '#40acb8', '#e8a17c', '#83ace3'];
const DASHES = ['', '7 3', '2 3', '9 3 2 3'];

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** An `<svg>` element, or null where only Plotly draws the figure right. */
export function plotlySvg(model: PlotlyModel, words: string): string | null {
  const plot = readPlotly(model);
  if (!plot) return null;
  const hasLegend = plot.series.length > 1;
  const top = 20 + (plot.title ? 22 : 0) + (hasLegend ? 20 : 0);
  const frame = {
    left: plot.yTitle ? 84 : 64,
    top,
    width: 0,
    height: HEIGHT - top - (plot.xTitle ? 52 : 34),
  };
  const wide = { ...frame, width: WIDTH - frame.left - 20 };
  const body = plot.heatmap ? heatmap(plot, wide) : seriesShapes(plot, wide);
  const head = plot.title ? [text(16, 26, plot.title, { size: 13, fill: INK, bold: true })] : [];
  const legend = hasLegend ? legendShapes(plot.series, wide) : [];
  const inner = [...head, ...legend, ...titles(plot, wide)].map(markup).join('') + body;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" style="max-width:100%;height:auto" font-family="${SANS}" font-size="12">` +
    `<title>${escapeXml(plot.title || 'Plotly')}</title><desc>${escapeXml(words)}</desc>` +
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#ffffff"/>${inner}</svg>`
  );
}

function titles({ xTitle, yTitle }: StaticPlot, { left, top, width, height }: Frame): Shape[] {
  const middle = top + height / 2;
  const turn = { transform: `rotate(-90 22 ${short(middle)})` };
  return [
    text(left + width / 2, HEIGHT - 12, xTitle, { fill: INK, anchor: 'middle' }),
    text(22, middle, yTitle, { fill: INK, anchor: 'middle', attributes: turn }),
  ].filter(({ children }) => children[0] !== '');
}

function legendShapes(series: readonly Series[], { left, top }: Frame): Shape[] {
  let x = left;
  return series.flatMap(({ name }, k) => {
    const at = x;
    x += 22 + estimateWidth(name, 11) + 18;
    if (x > WIDTH) return [];
    return [
      strokeOf(k, `M${short(at)} ${top - 14}h16`, 3),
      text(at + 22, top - 10, name, { size: 11, fill: MUTED }),
    ];
  });
}

function strokeOf(k: number, d: string, width = 1.75): Shape {
  const dash = DASHES[Math.floor(k / 2) % DASHES.length]!;
  return line(d, colourOf(k), width, {
    'stroke-linejoin': 'round',
    ...(dash ? { 'stroke-dasharray': dash } : {}),
  });
}

function colourOf(k: number): string {
  return COLOURS[k % COLOURS.length]!;
}

function seriesShapes({ series, stacked }: StaticPlot, frame: Frame): string {
  const bars = series.filter(({ form }) => form === 'bar');
  const x = axisOf(
    series.flatMap(one => one.x),
    frame.left,
    frame.width,
    bars.length > 0,
  );
  const y = valueAxisOf(heightsOf(series, stacked), frame.top + frame.height, -frame.height);
  const drawn = series.flatMap((one, k) =>
    one.form === 'bar'
      ? [barShape(one, k, { x, y, place: bars.indexOf(one), bars: bars.length, below: stacked ? bars : [] })]
      : lineShapes(one, k, x, y),
  );
  return [...ticks(x, y, frame), ...drawn].map(markup).join('');
}

/** All values that the axis has to hold; bars stand on zero. */
function heightsOf(series: readonly Series[], stacked: boolean): number[] {
  const bars = series.filter(({ form }) => form === 'bar');
  const sums = stacked
    ? bars.flatMap((bar, k) => bar.y.map((_, at) => stackedBelow(bars.slice(0, k + 1), bar, at)))
    : [];
  return [...series.flatMap(({ y }) => y), ...sums, ...(bars.length > 0 ? [0] : [])].filter(Number.isFinite);
}

/** What the bars of the same place and sign add up to. */
function stackedBelow(bars: readonly Series[], of: Series, at: number): number {
  const [place, sign] = [of.x[at], Math.sign(of.y[at]!)];
  return bars.reduce((sum, { x, y }) => {
    const value = y[x.indexOf(place!)] ?? 0;
    return sum + (Math.sign(value) === sign ? value : 0);
  }, 0);
}

interface Bars {
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly place: number;
  readonly bars: number;
  /** Of a stack, all; else none. */
  readonly below: readonly Series[];
}

function barShape(one: Series, k: number, { x, y, place, bars, below }: Bars): Shape {
  const isStack = below.length > 0;
  const width = (x.step * 0.8) / (isStack ? 1 : bars);
  const offset = isStack ? -width / 2 : (place - bars / 2) * width;
  const rects = one.y.map((value, at) => {
    const base = isStack ? stackedBelow(below.slice(0, place), one, at) : 0;
    const [from, to] = [placeOf(y, base), placeOf(y, base + (Number.isFinite(value) ? value : 0))];
    return {
      x: placeOf(x, one.x[at]!) + offset,
      y: Math.min(from, to),
      width: Math.max(1, width - 1),
      height: Math.abs(from - to),
    };
  });
  return filled(rects, colourOf(k));
}

function lineShapes({ form, x: places, y: values }: Series, k: number, x: PlotAxis, y: PlotAxis): Shape[] {
  const points = values.map((value, at) => [placeOf(x, places[at]!), placeOf(y, value)] as const);
  const dots = points
    .filter(([, height]) => Number.isFinite(height))
    .map(([left, height]) => `M${short(left - 3)} ${short(height)}a3 3 0 1 0 6 0a3 3 0 1 0-6 0`);
  return [
    ...(form === 'points' ? [] : [strokeOf(k, polyline(points))]),
    ...(form === 'line' ? [] : [shape('path', { d: dots.join(''), fill: colourOf(k) })]),
  ];
}

function ticks(x: PlotAxis, y: PlotAxis, { left, top, width, height }: Frame): Shape[] {
  const grid = y.ticks.map(({ at }) => `M${left} ${short(at)}h${width}`).join('');
  const below = top + height;
  return [
    line(grid, HAIRLINE),
    line(`M${left} ${below}h${width}`, MUTED),
    ...y.ticks.map(({ at, label }) =>
      text(left - 8, at + 4, label, { size: 11, fill: MUTED, anchor: 'end' }),
    ),
    ...x.ticks.map(({ at, label }) =>
      text(at, below + 17, label, { size: 11, fill: MUTED, anchor: 'middle' }),
    ),
  ];
}

function heatmap({ heatmap }: StaticPlot, frame: Frame): string {
  const { z, reversed } = heatmap!;
  const rows = reversed ? z : [...z].reverse();
  const grid: Grid = { columns: rows[0]!.length, rows: rows.length, values: Float64Array.from(rows.flat()) };
  const finite = grid.values.filter(Number.isFinite);
  const [least, most] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const signed = least < 0;
  const scale = { signed, limit: signed ? Math.max(-least, most) : most || 1 };
  const { paths } = paintCells(grid, scale, paletteOnWhite());
  const size = `scale(${short(frame.width / grid.columns)} ${short(frame.height / grid.rows)})`;
  const ends = `${tickText(signed ? -scale.limit : 0)} … ${tickText(scale.limit)}`;
  const note = text(frame.left + frame.width, frame.top + frame.height + 17, ends, {
    size: 11,
    fill: MUTED,
    anchor: 'end',
  });
  return `<g transform="translate(${frame.left} ${frame.top}) ${size}" shape-rendering="crispEdges">${paths}</g>${markup(note)}`;
}

function tickText(value: number): string {
  return String(Number(value.toPrecision(3))).replace('-', '\u2212');
}
