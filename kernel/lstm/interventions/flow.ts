// Backpropagation through time that keeps what it passes by: the gradient of a loss with respect to every gate,
// state and input of a run, with values held and with padding. Plain arrays, sums in double.
import { type Activation, activation } from '../kernels/activations.ts';
import { timesTransposed } from '../kernels/loop-gradient.ts';
import type { Activations, ForcedValues, Gates, Sizes, Weights } from '../kernels/sizes.ts';

/** A run that has been: gates time-major [T, B, H], states before it [B, H]. */
export interface Pass {
  readonly sizes: Sizes;
  readonly weights: Weights;
  readonly activations: Activations;
  readonly gates: Omit<Gates, 'a'>;
  readonly h0: Float32Array;
  readonly c0: Float32Array;
  readonly held: ForcedValues;
  /** [B, T] in the order it was run, 0 where a step is padding. */
  readonly mask: Float32Array | null;
}

/** Gradients of the loss, time-major. Whatever comes after the value is in it: later steps too. */
export interface Flow {
  /** Each [T, B, H]: of the value itself, also where it was held. */
  readonly f: Float32Array;
  readonly i: Float32Array;
  readonly g: Float32Array;
  readonly o: Float32Array;
  readonly c: Float32Array;
  readonly h: Float32Array;
  /** Before the activations, [T, B, 4H] in columns i, f, g, o: zero where the gate was held. */
  readonly z: Float32Array;
  /** Of the layer's input, [T, B, D]. */
  readonly x: Float32Array;
  /** Of the states before the first step, each [B, H]. */
  readonly h0: Float32Array;
  readonly c0: Float32Array;
}

/** What is on its way back in time, [B, H] each. */
interface Carried {
  readonly h: Float64Array;
  readonly c: Float64Array;
}

/** @param given gradient of the loss with respect to h and c as they leave the layer, each [T, B, H] */
export function flowBack(pass: Pass, given: { readonly h: Float32Array; readonly c: Float32Array }): Flow {
  const { batch, steps, inputs, units } = pass.sizes;
  const flow = emptyFlow(pass.sizes);
  const cells = activated(pass);
  const carried: Carried = { h: new Float64Array(batch * units), c: new Float64Array(batch * units) };
  for (let step = steps - 1; step >= 0; step--)
    for (let row = 0; row < batch; row++) {
      if (pass.mask?.[row * steps + step] === 0) {
        passPadding(pass, given, flow, carried, step, row);
        continue;
      }
      oneRow(pass, given, flow, cells, carried, step, row);
      const [place, width] = [step * batch + row, 4 * units];
      const { recurrentKernel, kernel } = pass.weights;
      timesTransposed(recurrentKernel, flow.z, place * width, width, carried.h, row * units, units);
      timesTransposed(kernel, flow.z, place * width, width, flow.x, place * inputs, inputs);
    }
  return { ...flow, h0: new Float32Array(carried.h), c0: new Float32Array(carried.c) };
}

/** Zero everywhere: the flow of a layer that the loss does not depend on. */
export function emptyFlow({ batch, steps, inputs, units }: Sizes): Flow {
  const values = () => new Float32Array(steps * batch * units);
  const [x, z] = [new Float32Array(steps * batch * inputs), new Float32Array(steps * batch * 4 * units)];
  const states = () => new Float32Array(batch * units);
  return {
    ...{ f: values(), i: values(), g: values(), o: values(), c: values(), h: values() },
    ...{ x, z, h0: states(), c0: states() },
  };
}

/** The flow of a call that was made in parts, once for each of its outputs. */
export function sumOf(one: Flow, other: Flow): Flow {
  const sum = (left: Float32Array, right: Float32Array) => left.map((value, at) => value + right[at]!);
  const names = Object.keys(one) as (keyof Flow)[];
  return Object.fromEntries(names.map(name => [name, sum(one[name], other[name])])) as unknown as Flow;
}

/** The activation of every cell state. */
function activated({ gates, activations }: Pass): Float64Array {
  const cells = Float64Array.from(gates.c);
  activation(activations.values).apply(cells, 0, cells.length);
  return cells;
}

type Given = Parameters<typeof flowBack>[1];

function oneRow(
  pass: Pass,
  given: Given,
  flow: Flow,
  cells: Float64Array,
  carried: Carried,
  step: number,
  row: number,
): void {
  const { sizes, gates, held, c0, activations } = pass;
  const { batch, units } = sizes;
  const gate: Activation = activation(activations.gates);
  const value: Activation = activation(activations.values);
  const isHeld = (values: Float32Array | undefined, at: number) =>
    values !== undefined && !Number.isNaN(values[at]!);
  for (let unit = 0; unit < units; unit++) {
    const [at, back] = [(step * batch + row) * units + unit, row * units + unit];
    const [i, f, g, o] = [gates.i[at]!, gates.f[at]!, gates.g[at]!, gates.o[at]!];
    const onHidden = carried.h[back]! + given.h[at]!;
    flow.h[at] = onHidden;
    const fromHidden = isHeld(held.h, at) ? 0 : onHidden;
    flow.o[at] = fromHidden * cells[at]!;
    const onCell = carried.c[back]! + given.c[at]! + fromHidden * o * value.slope(cells[at]!);
    flow.c[at] = onCell;
    const fromCell = isHeld(held.c, at) ? 0 : onCell;
    flow.i[at] = fromCell * g;
    flow.f[at] = fromCell * (step === 0 ? c0[back]! : gates.c[at - batch * units]!);
    flow.g[at] = fromCell * i;
    const column = (step * batch + row) * 4 * units + unit;
    flow.z[column] = isHeld(held.i, at) ? 0 : flow.i[at]! * gate.slope(i);
    flow.z[column + units] = isHeld(held.f, at) ? 0 : flow.f[at]! * gate.slope(f);
    flow.z[column + 2 * units] = isHeld(held.g, at) ? 0 : flow.g[at]! * value.slope(g);
    flow.z[column + 3 * units] = isHeld(held.o, at) ? 0 : flow.o[at]! * gate.slope(o);
    carried.c[back] = fromCell * f;
  }
}

/** States went through a padded step as they were, and so do their gradients; no gate had a part in it. */
function passPadding(
  { sizes }: Pass,
  given: Given,
  flow: Flow,
  carried: Carried,
  step: number,
  row: number,
): void {
  const { batch, units } = sizes;
  for (let unit = 0; unit < units; unit++) {
    const [at, back] = [(step * batch + row) * units + unit, row * units + unit];
    carried.h[back]! += given.h[at]!;
    carried.c[back]! += given.c[at]!;
    flow.h[at] = carried.h[back]!;
    flow.c[at] = carried.c[back]!;
  }
}
