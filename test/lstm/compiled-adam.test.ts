// The native kernel's Adam against its formula in doubles, and the norm that gradients are clipped by.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Adam } from '../../kernel/lstm/adam.ts';
import { clipScale } from '../../kernel/lstm/clip.ts';
import { addonKernel } from '../../kernel/lstm/kernels/compiled/addon.ts';
import { relativeError } from './reference.ts';

const STEPS = 8;
const skip = !addonKernel() && 'no addon here: gatebook setup says why';

/** Adam in doubles, over so many steps with the slope of each given. */
function expected(start: readonly number[], slopes: (step: number, at: number) => number, steps: number) {
  return start.map((weight, at) => {
    let [w, m, v] = [weight, 0, 0];
    for (let step = 1; step <= steps; step++) {
      const slope = slopes(step, at);
      m = 0.9 * m + 0.1 * slope;
      v = 0.999 * v + 0.001 * slope * slope;
      const size = (0.01 * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
      w -= (size * m) / (Math.sqrt(v) + 1e-7 * Math.sqrt(1 - 0.999 ** step));
    }
    return w;
  });
}

for (const count of [257, 70_001])
  test(`Adam over ${count} values, on one thread or two`, { skip }, () => {
    const start = Array.from({ length: count }, (_, at) => Math.sin(at));
    const slopes = (step: number, at: number) => Math.cos(at * step) * 10 ** ((at % 7) - 5);
    const [weights, adam] = [Float32Array.from(start), new Adam([count])];
    for (let step = 1; step <= STEPS; step++) {
      const given = Float32Array.from(start, (_, at) => slopes(step, at));
      adam.step([weights], [given], 0.01, Number.POSITIVE_INFINITY);
    }
    const wanted = expected(start, (step, at) => Math.fround(slopes(step, at)), STEPS);
    const moved = (values: ArrayLike<number>) => Float32Array.from(start, (from, at) => values[at]! - from);
    assert.ok(relativeError(moved(weights), moved(wanted)) < 1e-5);
  });

test('gradients are clipped by their norm, however large they are', { skip }, () => {
  const slopes = [Float32Array.from({ length: 1_037 }, (_, at) => at % 5), new Float32Array([3e25, -4e25])];
  assert.ok(Math.abs(clipScale(slopes, 2) / (2 / 5e25) - 1) < 1e-6);
});
