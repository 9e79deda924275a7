// Paints a panel figure's cells and gauge bars on one canvas, in device pixels.
import type { Layout } from '../kernel/figures/layout.ts';
import { SCALE_WIDTH } from '../kernel/figures/layout.ts';
import { type Colours, gateColours, pack, raster, signedColours } from '../kernel/figures/raster.ts';
import { type Gate, limitOf, SIGNED_GATES, type TraceModel } from '../kernel/figures/trace-model.ts';
import type { Scene, View } from '../kernel/figures/view.ts';
import type { Theme } from './theme.ts';

export interface Picture {
  readonly scene: Scene;
  readonly view: View;
  readonly layout: Layout;
  readonly theme: Theme;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  /** Whether step numbers stand above the panels in place of tokens. */
  readonly numbered: boolean;
}

/** Sizes the canvas to the layout and paints all its panels. */
export function paint(canvas: HTMLCanvasElement, picture: Picture): void {
  const { layout, ratio } = picture;
  const { stack } = layout;
  canvas.width = Math.round((layout.scaleX + SCALE_WIDTH - stack.x) * ratio);
  canvas.height = Math.round(stack.height * ratio);
  Object.assign(canvas.style, {
    left: `${stack.x}px`,
    top: `${stack.y}px`,
    width: `${canvas.width / ratio}px`,
    height: `${canvas.height / ratio}px`,
  });
  const context = canvas.getContext('2d');
  if (!context) return;
  for (const box of layout.panels) {
    const colours = coloursOf(picture, box.gate);
    const y = Math.round((box.y - stack.y) * ratio);
    const height = Math.round(box.height * ratio);
    const width = Math.round(box.width * ratio);
    context.putImageData(image(cells(picture, box.gate, width, height, colours), width, height), 0, y);
    const barX = Math.round((layout.scaleX - stack.x) * ratio);
    const barWidth = Math.round(SCALE_WIDTH * ratio);
    context.putImageData(image(bar(colours, barWidth, height), barWidth, height), barX, y);
  }
}

/** Frees the pixels; the element keeps its size on the page. */
export function unpaint(canvas: HTMLCanvasElement): void {
  canvas.width = 0;
  canvas.height = 0;
}

function coloursOf({ scene, view, theme }: Picture, gate: Gate): Colours {
  const { palette, ink } = theme;
  if (!SIGNED_GATES.has(gate)) return gateColours(palette.gate, ink, palette.background);
  return signedColours(palette.signed, limitOf(scene.trace, gate, view.tanhCell), ink, palette.background);
}

function cells(picture: Picture, gate: Gate, width: number, height: number, colours: Colours) {
  const { scene, view, ratio } = picture;
  return raster({
    values: shownValues(scene.trace, gate, view.tanhCell),
    units: scene.trace.units,
    order: scene.order,
    steps: view.steps,
    rows: view.rows,
    width,
    height,
    colours,
    ratio,
  });
}

const squashed = new WeakMap<TraceModel, Float32Array>();

/** The panel's values; tanh c is made once a trace. */
function shownValues(trace: TraceModel, gate: Gate, tanhCell: boolean): Float32Array {
  if (gate !== 'c' || !tanhCell) return trace.values[gate];
  const made = squashed.get(trace) ?? trace.values.c.map(Math.tanh);
  squashed.set(trace, made);
  return made;
}

/** The colour map from bottom to top, as the gauge's bar. */
function bar({ packed, least }: Colours, width: number, height: number): Uint32Array<ArrayBuffer> {
  const pixels = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const share = 1 - (y + 0.5) / height;
    const colour = packed[Math.round(least + share * (255 - least))] ?? pack([0, 0, 0]);
    pixels.fill(colour, y * width, (y + 1) * width);
  }
  return pixels;
}

function image(pixels: Uint32Array<ArrayBuffer>, width: number, height: number): ImageData {
  return new ImageData(new Uint8ClampedArray(pixels.buffer), width, height);
}
