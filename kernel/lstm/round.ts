// `round(value)`: numbers short enough to read, for what a cell shows. What is computed with stays as it is.

/** Numbers become the rounded ones, arrays of any kind plain arrays, everything else stays. */
export type Rounded<Value> = Value extends number
  ? number
  : Value extends ArrayLike<number>
    ? number[]
    : Value extends object
      ? { [Key in keyof Value]: Rounded<Value[Key]> }
      : Value;

/**
 * A number, an array or a plain object of them, rounded: `round({ newSubject, verb })`. A new value each time.
 * @param digits after the point, 0 to 100; 3 unless given
 */
export function round<Value>(value: Value, digits = 3): Rounded<Value> {
  return rounded(value, digits) as Rounded<Value>;
}

function rounded(value: unknown, digits: number): unknown {
  if (typeof value === 'number') return Number(value.toFixed(digits)) + 0; // + 0: no -0
  if (Array.isArray(value)) return value.map(one => rounded(one, digits));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as Float32Array, one => rounded(one, digits));
  if (typeof value !== 'object' || value === null) return value;
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rounded(one, digits)]));
}
