// Values to pixels, without a canvas: cells of at least one pixel fall on whole pixels, smaller ones are
// averaged first and coloured after, so that no single bright cell stands for its neighbours.
import type { Rgb, Table } from './palette.ts';
import type { Window } from './view.ts';

export interface RasterInput {
  /** [T, H], row-major: the value of step t and unit u is at t * units + u. */
  readonly values: Float32Array;
  readonly units: number;
  /** Unit of each row. */
  readonly order: readonly number[];
  readonly steps: Window;
  readonly rows: Window;
  /** Size of the picture in device pixels. */
  readonly width: number;
  readonly height: number;
  readonly colours: Colours;
  /** Device pixels a CSS pixel: the hatch keeps its size. */
  readonly ratio: number;
}

/** A table ready for pixels: entry = round(value * scale + offset), kept within least..255. */
export interface Colours {
  readonly packed: Uint32Array;
  readonly scale: number;
  readonly offset: number;
  readonly least: number;
  /** Hatch of NaN and infinite values: ink on background. */
  readonly ink: number;
  readonly background: number;
}

export function gateColours(table: Table, ink: Rgb, background: Rgb): Colours {
  return { ...packAll(table, ink, background), scale: 255, offset: 0, least: 0 };
}

/** `limit` > 0 is the value at the poles; 0 (all values are zero) paints the middle. */
export function signedColours(table: Table, limit: number, ink: Rgb, background: Rgb): Colours {
  return { ...packAll(table, ink, background), scale: limit > 0 ? 127 / limit : 0, offset: 128, least: 1 };
}

function packAll(table: Table, ink: Rgb, background: Rgb) {
  return { packed: Uint32Array.from(table, pack), ink: pack(ink), background: pack(background) };
}

/** RGBA bytes in little-endian order, opaque. */
export function pack([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Pixels of one panel, [height, width], each RGBA in little-endian order. */
export function raster(input: RasterInput): Uint32Array<ArrayBuffer> {
  const pixels = new Uint32Array(input.width * input.height);
  const columns = spans(input.steps, input.width);
  const lines = spans(input.rows, input.height);
  const line = new Float64Array(input.width);
  let above: Span | null = null;
  for (let y = 0; y < input.height; y++) {
    const span = lines[y]!;
    if (!above || span.from !== above.from || span.to !== above.to) fillLine(line, columns, span, input);
    above = span;
    paintLine(pixels, y, line, input);
  }
  return pixels;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** For each pixel the places it shows: one where places are wider than a pixel, else all it covers. */
export function spans(window: Window, pixels: number): readonly Span[] {
  const count = window.end - window.first;
  const list: Span[] = [];
  if (count > pixels) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = Math.floor((pixel * count) / pixels);
      list.push({ from: window.first + from, to: window.first + Math.floor(((pixel + 1) * count) / pixels) });
    }
    return list;
  }
  for (let place = 0; place < count; place++) {
    const end = Math.round(((place + 1) * pixels) / count);
    while (list.length < end) list.push({ from: window.first + place, to: window.first + place + 1 });
  }
  return list;
}

function fillLine(line: Float64Array, columns: readonly Span[], rows: Span, input: RasterInput): void {
  let left: Span | null = null;
  let value = 0;
  for (let x = 0; x < columns.length; x++) {
    const span = columns[x]!;
    if (!left || span.from !== left.from) value = mean(span, rows, input);
    left = span;
    line[x] = value;
  }
}

function mean(columns: Span, rows: Span, { values, units, order }: RasterInput): number {
  let sum = 0;
  for (let step = columns.from; step < columns.to; step++) {
    const base = step * units;
    for (let row = rows.from; row < rows.to; row++) sum += values[base + order[row]!]!;
  }
  return sum / ((columns.to - columns.from) * (rows.to - rows.from));
}

function paintLine(
  pixels: Uint32Array,
  y: number,
  line: Float64Array,
  { width, colours, ratio }: RasterInput,
): void {
  const { packed, scale, offset, least } = colours;
  for (let x = 0; x < width; x++) {
    const value = line[x]!;
    // NaN and infinity minus themselves are NaN.
    if (value - value !== 0) pixels[y * width + x] = hatch(x, y, ratio, colours);
    else pixels[y * width + x] = packed[Math.min(255, Math.max(least, Math.round(value * scale + offset)))]!;
  }
}

/** Diagonal lines 1 px wide, 3 px apart. */
function hatch(x: number, y: number, ratio: number, { ink, background }: Colours): number {
  return (x + y) % Math.max(3, Math.round(3 * ratio)) < Math.max(1, Math.round(ratio)) ? ink : background;
}

/** How many steps or rows one CSS pixel averages; 1 where every one has a pixel of its own. */
export function perPixel(window: Window, devicePixels: number, cssPixels: number): number {
  const count = window.end - window.first;
  return count > devicePixels ? count / cssPixels : 1;
}
