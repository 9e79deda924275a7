// The name of a gate beside its row, or in one line above it where there is no gutter.
import type { Labels } from './labels.ts';
import type { Rect } from './layout.ts';
import { type Paints, type Shape, shape, text } from './shape.ts';
import { SERIF } from './svg-text.ts';
import type { Gate } from './trace-model.ts';

/** Symbol, name and plain words on three lines that end at `right`. */
export function labelBeside(
  gate: Gate,
  words: { readonly name: string; readonly plain: string },
  place: { readonly right: number; readonly middle: number },
  paints: Paints,
): Shape[] {
  const { right, middle } = place;
  return [
    text(right, middle - 9, gate, { size: 19, fill: paints.ink, anchor: 'end', symbol: true }),
    text(right, middle + 6, words.name, { fill: paints.ink, anchor: 'end' }),
    text(right, middle + 19, words.plain, { size: 10.5, fill: paints.muted, anchor: 'end' }),
  ];
}

/** The same on one line, `above` px over a row's top. */
export function labelAbove(
  gate: Gate,
  words: { readonly name: string; readonly plain: string },
  place: Pick<Rect, 'x' | 'y'>,
  paints: Paints,
): Shape {
  const { x, y } = place;
  const symbol = shape('tspan', { 'font-family': SERIF, 'font-style': 'italic', 'font-size': 14 }, [gate]);
  const plain = shape('tspan', { fill: paints.muted, dx: 7 }, [words.plain]);
  const name = shape('tspan', { dx: 7 }, [words.name]);
  return { ...text(x, y, '', { size: 11.5, fill: paints.ink }), children: [symbol, name, plain] };
}

/** Name of a gate with what its colours reach, where that is not told by the name. */
export function gateWords(gate: Gate, labels: Labels, range?: string) {
  const { name, plain } = labels.gates[gate];
  return { name, plain: range ?? plain };
}
