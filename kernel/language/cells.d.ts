// What every cell has beyond Node's globals. Packed with the other declarations (pack.mjs) and part of each
// program of the language service.
import type { CellDisplay, Progress } from '../session/display-types.ts';

declare global {
  /** Shows a value in the cell's output, as the cell's result would be shown. */
  const display: CellDisplay;

  /** A progress bar in the cell's output: around what is iterated over, or moved by hand. */
  const progress: Progress;
}
