// One gate or state of a trace: a Float32Array that knows its shape, [T, B, H].
import type { Tensor3D } from '@tensorflow/tfjs';
import { tf } from './tf.ts';

/** [T, B, H]: steps, batch rows, units. */
export type GateShape = readonly [steps: number, rows: number, units: number];

/** Values of a gate or state, row-major [T, B, H]: step, batch row, unit. */
export class GateValues extends Float32Array {
  readonly shape: GateShape;

  constructor(values: Float32Array, shape: GateShape) {
    super(values.buffer as ArrayBuffer, values.byteOffset, values.length);
    this.shape = shape;
  }

  /** map, slice and the like give plain arrays: their shape is another. */
  static get [Symbol.species](): Float32ArrayConstructor {
    return Float32Array;
  }

  /** The value at a step, batch row and unit, all from 0. NaN outside. */
  value(step: number, row: number, unit: number): number {
    const [steps, rows, units] = this.shape;
    const inside = step >= 0 && step < steps && row >= 0 && row < rows && unit >= 0 && unit < units;
    return inside ? this[(step * rows + row) * units + unit]! : Number.NaN;
  }

  /** One unit of one batch row over time, [T]. */
  series(unit: number, row = 0): Float32Array {
    return Float32Array.from({ length: this.shape[0] }, (_, step) => this.value(step, row, unit));
  }

  /** A new tensor of the values; yours to dispose. */
  tensor(): Tensor3D {
    return tf.tensor3d(this, [...this.shape]);
  }

  /** Shape and range: `console.log` of the numbers themselves would fill the screen. They are in `[...values]`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `GateValues [${this.shape.join(', ')}]: ${rangeOf(this)}`;
  }

  /** The values themselves, so that a trace's gate reads like a tensor. */
  dataSync(): Float32Array {
    return this;
  }
}

/** "0.12 to 0.94, mean 0.53", and how many are not finite. */
function rangeOf(values: Float32Array): string {
  let [least, most, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    count++;
  }
  const others = values.length - count;
  const rest = others > 0 ? `${others} not finite` : '';
  if (count === 0) return rest || 'empty';
  const said = [least, most, sum / count].map(value => String(Number(value.toPrecision(3))));
  return [`${said[0]} to ${said[1]}, mean ${said[2]}`, rest].filter(Boolean).join(', ');
}
