// One panel's values as a few SVG paths: 64 levels, one path a level, equal neighbours merged. Paths are
// in cells (a transform scales them), so that coordinates stay short: 32 × 24 × 6 cells are about 80 kB.
import { colourAt, gateIndex, type Palette, signedIndex, toHex } from './palette.ts';

/** Values of one panel as drawn: rows from the top, columns are steps, or means of several. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** [rows, columns], row-major; NaN where a value under the cell is NaN or infinite. */
  readonly values: Float64Array;
}

/** A rectangle of equal cells, in cells. */
export interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How values become levels: 0..1 has 64, -limit..limit has 63, so that zero is one of them. */
export interface Scale {
  readonly signed: boolean;
  /** The value at the poles; 1 for gates. */
  readonly limit: number;
}

const GATE_STEPS = 63;
const SIGNED_STEPS = 31;
/** Level of NaN and infinite values. */
const NOT_FINITE = Number.MIN_SAFE_INTEGER;

/** Means over blocks of `perColumn` steps and `perRow` units, rows in the order given. */
export function gridOf(
  values: Float32Array,
  order: readonly number[],
  perColumn: number,
  perRow: number,
): Grid {
  const units = order.length;
  const steps = values.length / units;
  const columns = Math.ceil(steps / perColumn);
  const rows = Math.ceil(units / perRow);
  const means = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const under = order.slice(row * perRow, (row + 1) * perRow);
    for (let column = 0; column < columns; column++) {
      const from = column * perColumn;
      means[row * columns + column] = mean(values, units, under, from, Math.min(steps, from + perColumn));
    }
  }
  return { columns, rows, values: means };
}

function mean(
  values: Float32Array,
  units: number,
  under: readonly number[],
  from: number,
  end: number,
): number {
  let sum = 0;
  for (let step = from; step < end; step++) for (const unit of under) sum += values[step * units + unit]!;
  const average = sum / (under.length * (end - from));
  return Number.isFinite(average) ? average : Number.NaN;
}

/** The colour of a value in the static picture: its level's entry of the palette. */
export function colourOf(value: number, scale: Scale, palette: Palette): string {
  return levelColour(levelOf(value, scale), scale, palette);
}

/** Paths for all finite cells of a grid, and the blocks that are to be hatched. */
export function paintCells(
  grid: Grid,
  scale: Scale,
  palette: Palette,
): { readonly paths: string; readonly hatched: readonly Block[] } {
  const blocks = mergeCells(grid, scale);
  const hatched = blocks.get(NOT_FINITE) ?? [];
  blocks.delete(NOT_FINITE);
  const paths = [...blocks].map(([level, list]) => {
    const data = list.map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h-${width}z`).join('');
    return `<path fill="${levelColour(level, scale, palette)}" d="${data}"/>`;
  });
  return { paths: paths.join(''), hatched };
}

function levelOf(value: number, { signed, limit }: Scale): number {
  if (!Number.isFinite(value)) return NOT_FINITE;
  const share = limit > 0 ? value / limit : 0;
  if (signed) return Math.round(Math.min(1, Math.max(-1, share)) * SIGNED_STEPS) + 0;
  return Math.round(Math.min(1, Math.max(0, share)) * GATE_STEPS);
}

function levelColour(level: number, { signed }: Scale, palette: Palette): string {
  const colour = signed
    ? colourAt(palette.signed, signedIndex(level, SIGNED_STEPS))
    : colourAt(palette.gate, gateIndex(level / GATE_STEPS));
  return toHex(colour);
}

/** Runs of equal cells along each row, joined to the same run in the row above. */
function mergeCells(grid: Grid, scale: Scale): Map<number, Block[]> {
  const byLevel = new Map<number, Block[]>();
  let above = new Map<string, Block & { height: number }>();
  for (let y = 0; y < grid.rows; y++) {
    const current = new Map<string, Block & { height: number }>();
    for (const { x, width, level } of runs(grid, y, scale)) {
      const key = `${x} ${width} ${level}`;
      const open = above.get(key);
      if (open) open.height++;
      const block = open ?? { x, y, width, height: 1 };
      current.set(key, block);
      if (!open) byLevel.set(level, [...(byLevel.get(level) ?? []), block]);
    }
    above = current;
  }
  return byLevel;
}

function* runs(grid: Grid, y: number, scale: Scale) {
  const levelAt = (x: number) => levelOf(grid.values[y * grid.columns + x]!, scale);
  for (let x = 0; x < grid.columns; ) {
    const level = levelAt(x);
    let end = x + 1;
    while (end < grid.columns && levelAt(end) === level) end++;
    yield { x, width: end - x, level };
    x = end;
  }
}
