// The colour of a single value, as its cell shows it: for chips and the cell under the cursor.
import { colourAt, gateIndex, type Rgb, signedIndex, toHex } from '../kernel/figures/palette.ts';
import { type Gate, limitOf, SIGNED_GATES } from '../kernel/figures/trace-model.ts';
import type { Picture } from './paint.ts';

/** sRGB of a value in a panel; the background where it is not finite. */
export function valueColour({ theme, scene, view }: Picture, gate: Gate, value: number): Rgb {
  const { palette } = theme;
  if (!Number.isFinite(value)) return palette.background;
  if (!SIGNED_GATES.has(gate)) return colourAt(palette.gate, gateIndex(value));
  return colourAt(palette.signed, signedIndex(value, limitOf(scene.trace, gate, view.tanhCell)));
}

export function cellColour(picture: Picture, gate: Gate, value: number): string {
  return toHex(valueColour(picture, gate, value));
}
