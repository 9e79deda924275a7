// An LSTM in tfjs' own operations, one step after another, with a say in every value: the oracle of gradients
// through single gates and through values held.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { lstm } from '../../kernel/lstm/index.ts';
import { tf } from '../../kernel/lstm/index.ts';

export type Name = 'i' | 'f' | 'g' | 'o' | 'c' | 'h';

/** Every gate and state, [T, B, H]; `change` may replace each [B, H] as it comes. */
export function opsLstm(
  layer: ReturnType<typeof lstm>,
  x: Tensor3D,
  change: (name: Name, value: Tensor2D, step: number) => Tensor2D,
): Record<Name, Tensor3D> {
  const [batch, steps, width] = x.shape;
  const [kernel, recurrent, bias] = layer.weights.map(one => one.read()) as [Tensor2D, Tensor2D, Tensor];
  const units = recurrent.shape[0];
  let [h, c] = [tf.zeros([batch, units]) as Tensor2D, tf.zeros([batch, units]) as Tensor2D];
  const seen: Record<Name, Tensor2D[]> = { i: [], f: [], g: [], o: [], c: [], h: [] };
  for (let step = 0; step < steps; step++) {
    const now = x.slice([0, step, 0], [batch, 1, width]).reshape([batch, width]) as Tensor2D;
    const z = now.matMul(kernel).add(h.matMul(recurrent)).add(bias) as Tensor2D;
    const column = (at: number) => z.slice([0, at * units], [batch, units]);
    const take = (name: Name, value: Tensor2D) => {
      const changed = change(name, value, step);
      seen[name].push(changed);
      return changed;
    };
    const [i, f] = [take('i', column(0).sigmoid()), take('f', column(1).sigmoid())];
    const [g, o] = [take('g', column(2).tanh()), take('o', column(3).sigmoid())];
    c = take('c', f.mul<Tensor2D>(c).add(i.mul(g)));
    h = take('h', o.mul<Tensor2D>(c.tanh()));
  }
  return Object.fromEntries(
    Object.entries(seen).map(([name, values]) => [name, tf.stack(values) as Tensor3D]),
  ) as Record<Name, Tensor3D>;
}
