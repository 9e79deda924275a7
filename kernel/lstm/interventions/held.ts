// What `clamp` and `patch` hold, as one array for each gate or state, and the refusal of places that are not there.
import type { ForcedValues } from '../kernels/sizes.ts';

/** Gates and states that can be held, in the order of the computation. */
export const HELD = ['f', 'i', 'g', 'c', 'o', 'h'] as const;
/** What can be held: a gate, the cell state or the hidden state. */
export type HeldName = (typeof HELD)[number];

/** One number for all units it is about, or one for each of them. */
export type HeldAt = number | ArrayLike<number>;

/** Where something is held; whatever is not given is meant whole. */
export interface Places {
  /** Steps (numbered from 0, in the order the layer runs them). */
  readonly steps?: readonly number[];
  readonly units?: readonly number[];
  /** Batch rows. */
  readonly rows?: readonly number[];
}

/** Sizes of the call in which something is held. */
export interface CallSizes {
  readonly batch: number;
  readonly steps: number;
  readonly units: number;
}

/** A [T, B, H] array with NaN (as computed) wherever `value` is not asked or gives NaN. @throws RangeError for a place that is not there */
export function valuesAt(
  doing: string,
  places: Places,
  { batch, steps, units }: CallSizes,
  value: (step: number, row: number, unit: number, at: number) => number,
  into: Float32Array = new Float32Array(batch * steps * units).fill(Number.NaN),
): Float32Array {
  checkNumbers(doing, 'unit', places.units, units);
  checkNumbers(doing, 'step', places.steps, steps);
  checkNumbers(doing, 'row', places.rows, batch);
  for (const step of places.steps ?? range(steps))
    for (const row of places.rows ?? range(batch))
      for (const [at, unit] of (places.units ?? range(units)).entries())
        into[(step * batch + row) * units + unit] = value(step, row, unit, at);
  return into;
}

/** Gates and states at their values, and h of the units in `ablate` at 0; null when nothing is held. */
export function heldValues(
  given: Readonly<Partial<Record<HeldName, HeldAt | undefined>>> & {
    readonly ablate?: readonly number[] | undefined;
  },
  places: Places,
  sizes: CallSizes,
): ForcedValues | null {
  const held: { [Name in HeldName]?: Float32Array } = {};
  const count = places.units?.length ?? sizes.units;
  for (const name of HELD) {
    const wanted = given[name];
    if (wanted === undefined) continue;
    checkValues(name, wanted, count);
    held[name] = valuesAt('clamp', places, sizes, (_, __, ___, at) =>
      typeof wanted === 'number' ? wanted : wanted[at]!,
    );
  }
  if (given.ablate && given.ablate.length > 0)
    held.h = valuesAt('clamp', { ...places, units: given.ablate }, sizes, () => 0, held.h);
  return Object.keys(held).length > 0 ? held : null;
}

function checkValues(name: HeldName, wanted: HeldAt, count: number): void {
  const list = typeof wanted === 'object' && wanted !== null ? Array.from(wanted) : null;
  if (list && list.length !== count)
    throw new RangeError(
      `Cannot hold ${name} at ${list.length} values: expected one number, or ${count}, one a unit.`,
    );
  const wrong = (list ?? [wanted]).findIndex(one => !Number.isFinite(one));
  if (wrong >= 0)
    throw new RangeError(`Cannot hold ${name} at ${list ? list[wrong] : wanted}: expected a finite number.`);
}

export function checkNumbers(
  doing: string,
  name: string,
  given: readonly number[] | undefined,
  size: number,
): void {
  const wrong = given?.find(at => !Number.isInteger(at) || at < 0 || at >= size);
  if (wrong !== undefined)
    throw new RangeError(`Cannot ${doing} ${name} ${wrong}: there are ${size}, numbered from 0.`);
}

export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at);
}
