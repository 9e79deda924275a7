// A small heatmap as SVG inside HTML. Zero, or the lowest value, is the page's own background and the strongest
// colour leans towards the page's ink, so that one picture is right in light and dark: the figures' palettes
// (kernel/figures/palette.ts), mixed by the browser.

/** Means of a matrix, bounded. */
export interface Heatmap {
  readonly rows: number;
  readonly columns: number;
  /** Row-major; NaN where a value under the cell is not finite. */
  readonly values: Float64Array;
}

/** How values become colours: from `low` up in teal, or from zero to ±high in blue and orange. */
export interface HeatScale {
  readonly signed: boolean;
  readonly low: number;
  readonly high: number;
}

/** Numbers that stand row by row, as a tensor's do. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly at: (index: number) => number;
}

const MOST_ROWS = 48;
const MOST_COLUMNS = 96;
const WIDTH = 480;
const HEIGHT = 144;
const LARGEST_CELL = 18;
const LEVELS = 20;

/** Means over blocks of equal size, so that it is at most 48 × 96. */
export function heatmapOf(
  matrix: Matrix,
): Heatmap & { readonly rowsPerCell: number; readonly columnsPerCell: number } {
  const rowsPerCell = Math.ceil(matrix.rows / MOST_ROWS);
  const columnsPerCell = Math.ceil(matrix.columns / MOST_COLUMNS);
  const rows = Math.ceil(matrix.rows / rowsPerCell);
  const columns = Math.ceil(matrix.columns / columnsPerCell);
  const sums = new Float64Array(rows * columns);
  const counts = new Float64Array(rows * columns);
  for (let row = 0; row < matrix.rows; row++) {
    for (let column = 0; column < matrix.columns; column++) {
      const cell = Math.floor(row / rowsPerCell) * columns + Math.floor(column / columnsPerCell);
      sums[cell]! += matrix.at(row * matrix.columns + column);
      counts[cell]!++;
    }
  }
  return {
    rows,
    columns,
    rowsPerCell,
    columnsPerCell,
    values: sums.map((sum, cell) => (Number.isFinite(sum) ? sum / counts[cell]! : Number.NaN)),
  };
}

/** Symmetric where values differ in sign; else from zero, or from the least where that is far from zero. */
export function scaleOf(least: number, most: number): HeatScale {
  if (least < 0 && most > 0)
    return { signed: true, low: -Math.max(-least, most), high: Math.max(-least, most) };
  if (least >= 0) return { signed: false, low: least > most / 2 && least < most ? least : 0, high: most };
  return { signed: true, low: least, high: -least };
}

/**
 * @param words what a screen reader says in place of the picture; escaped already.
 * @param square for images; the cells of other matrices use the width there is.
 */
export function heatmapSvg(map: Heatmap, scale: HeatScale, words: string, square = false): string {
  const cell = (pixels: number, count: number) =>
    Math.max(1, Math.min(LARGEST_CELL, Math.floor(pixels / count)));
  const ratio = (size: number, other: number) => Math.min(size, other * (square ? 1 : 4));
  const [wide, high] = [cell(WIDTH, map.columns), cell(HEIGHT, map.rows)];
  const [width, height] = [ratio(wide, high) * map.columns, ratio(high, wide) * map.rows];
  return (
    `<svg role="img" aria-label="${words}" width="${width}" height="${height}" viewBox="0 0 ${map.columns} ${map.rows}" ` +
    'preserveAspectRatio="none" shape-rendering="crispEdges" ' +
    `style="display:block;max-width:100%;outline:1px solid rgba(128,128,128,.35)">${paths(map, scale)}</svg>`
  );
}

/** One path a colour; equal neighbours in a row are one rectangle. */
function paths(map: Heatmap, scale: HeatScale): string {
  const byLevel = new Map<number, string>();
  for (let row = 0; row < map.rows; row++) {
    for (const { from, length, level } of runs(map, row, scale)) {
      byLevel.set(level, `${byLevel.get(level) ?? ''}M${from} ${row}h${length}v1h-${length}z`);
    }
  }
  byLevel.delete(0);
  const hasStrange = byLevel.delete(NOT_FINITE);
  const painted = [...byLevel].map(([level, data]) => `<path ${fillOf(level, scale.signed)} d="${data}"/>`);
  return painted.join('') + (hasStrange ? crosses(map) : '');
}

/** What is not finite is crossed out in ink. */
function crosses({ values, columns }: Heatmap): string {
  let data = '';
  for (const [cell, value] of values.entries()) {
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    if (!Number.isFinite(value)) data += `M${x} ${y}l1 1M${x + 1} ${y}l-1 1`;
  }
  return `<path stroke="currentColor" vector-effect="non-scaling-stroke" shape-rendering="auto" d="${data}"/>`;
}

function* runs(map: Heatmap, row: number, scale: HeatScale) {
  const levelAt = (column: number) => levelOf(map.values[row * map.columns + column]!, scale);
  for (let from = 0; from < map.columns; ) {
    const level = levelAt(from);
    let end = from + 1;
    while (end < map.columns && levelAt(end) === level) end++;
    yield { from, length: end - from, level };
    from = end;
  }
}

const NOT_FINITE = LEVELS + 1;

/** 0 is the background; negative for negative values. */
function levelOf(value: number, { signed, low, high }: HeatScale): number {
  if (!Number.isFinite(value)) return NOT_FINITE;
  const share = signed ? value / high : (value - low) / (high - low || 1);
  return Math.round(Math.min(1, Math.max(-1, share || 0)) * LEVELS) + 0;
}

const TEAL = '#2795a3';
const BLUE = '#5082c5';
const ORANGE = '#ce7747';

/** Up to 60% more of the colour, then more and more of the ink. What knows no color-mix keeps the colour. */
function fillOf(level: number, signed: boolean): string {
  const share = Math.abs(level) / LEVELS;
  const colour = !signed ? TEAL : level < 0 ? BLUE : ORANGE;
  const opacity = Number(Math.min(1, 0.04 + share * 1.5).toFixed(2));
  const ink = Math.round(Math.max(0, share - 0.6) * (signed ? 55 : 85));
  const mix = ink === 0 ? '' : ` style="fill:color-mix(in oklab,${colour},currentColor ${ink}%)"`;
  return `fill="${colour}" fill-opacity="${opacity}"${mix}`;
}

/** The scale as a strip of its levels. */
export function scaleSvg(scale: HeatScale): string {
  const from = scale.signed ? -LEVELS : 0;
  const levels = Array.from({ length: LEVELS - from + 1 }, (_, k) => from + k);
  const cells = levels.map((level, k) =>
    level === 0 ? '' : `<path ${fillOf(level, scale.signed)} d="M${k} 0h1v1h-1z"/>`,
  );
  return (
    `<svg aria-hidden="true" width="84" height="8" viewBox="0 0 ${levels.length} 1" preserveAspectRatio="none" ` +
    `shape-rendering="crispEdges" style="outline:1px solid rgba(128,128,128,.35);vertical-align:middle;margin:0 .3em">${cells.join('')}</svg>`
  );
}
