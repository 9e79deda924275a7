// Reads a chart's shapes back as numbers: rectangles of a path, corners of a line. Tests compare that with
// values computed from the payload's bytes, never with what the builder computed.
import { type Chart, type ChartSpace, firstChartView } from '../../kernel/figures/chart.ts';
import { chartOf } from '../../kernel/figures/charts.ts';
import { decodeFigure } from '../../kernel/figures/decode.ts';
import { paletteOn } from '../../kernel/figures/palette.ts';
import type { Shape } from '../../kernel/figures/shape.ts';
import type { ChartModel } from '../../kernel/figures/trace-model.ts';
import type { Figure } from '../../kernel/protocol.ts';

export const SPACE: ChartSpace = {
  width: 900,
  ratio: 1,
  measure: text => text.length * 7,
  most: 60_000,
  paints: {
    palette: paletteOn([255, 255, 255]),
    ink: '#111111',
    muted: '#555555',
    kept: '#808080',
    hairline: '#dddddd',
    background: '#ffffff',
  },
};

export function chartFor(figure: Figure): Chart {
  return chartOf(decodeFigure(figure) as ChartModel);
}

export function pictureOf(chart: Chart, space: Partial<ChartSpace> = {}) {
  const view = firstChartView(chart);
  return { view, picture: chart.picture(view, { ...SPACE, ...space }) };
}

/** All shapes, those inside groups too. */
export function flat(shapes: readonly (Shape | string)[]): Shape[] {
  return shapes.flatMap(one => (typeof one === 'string' ? [] : [one, ...flat(one.children)]));
}

export function textsOf(shapes: readonly Shape[]): string[] {
  const inner = (one: Shape | string): string =>
    typeof one === 'string' ? one : one.children.map(inner).join('');
  return shapes.filter(one => one.tag === 'text').map(inner);
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The rectangles of a path made of M x y h w v h h -w z. */
export function boxesOf(shape: Shape): Box[] {
  const number = '(-?[\\d.]+)';
  const pattern = new RegExp(`M${number} ${number}h${number}v${number}h${number}z`, 'g');
  return [...String(shape.attributes.d).matchAll(pattern)].map(([, x, y, width, height]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));
}
