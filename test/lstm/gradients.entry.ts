// Child program of gradients.test.ts: on the backend that GATEBOOK_BACKEND names, runs the cases that PyTorch and Keras
// computed (imports/references) on every kernel, and says how far outputs and gradients lie apart, as JSON.
import type { Tensor, Tensor3D, Variable } from '@tensorflow/tfjs';
import { type LstmOptions, lstm, tf } from '../../kernel/lstm/index.ts';
import type { KernelName } from '../../kernel/lstm/kernels/choose.ts';
import { referenceOf } from './imports/reference.ts';
import { relativeError } from './reference.ts';

export interface GradientLine {
  readonly case: string;
  readonly error: number;
}

const INPUTS = ['x', 'kernel', 'recurrentKernel', 'bias', 'h0', 'c0'] as const;
const native = tf.getBackend() === 'tensorflow';
const kernels: readonly KernelName[] = [
  'addon',
  'wasm',
  'loop',
  ...(native ? (['BlockLSTMV2'] as const) : []),
];

const lines: GradientLine[] = [];
for (const framework of ['pytorch', 'keras']) {
  const reference = referenceOf(`gradients-${framework}`);
  const names = new Set(
    Object.keys(reference).flatMap(key => (key.includes('.') ? [key.split('.')[0]!] : [])),
  );
  for (const name of names)
    for (const kernel of kernels) {
      const given = (key: string) => reference[`${name}.${key}`]!;
      lines.push(...linesOf(`${framework} ${name} ${kernel}`, given, kernel, framework === 'pytorch'));
    }
}
process.stdout.write(`${JSON.stringify(lines)}\n`);

type Given = (key: string) => { readonly shape: number[]; readonly values: number[] };

/** @param blank what lies behind the end of a sequence is 0, as in PyTorch's packed sequences */
function linesOf(name: string, given: Given, kernel: LstmOptions['kernel'], blank: boolean): GradientLine[] {
  return tf.tidy(() => {
    const tensor = (key: string): Tensor => tf.tensor(given(key).values, given(key).shape);
    const mask = given('mask') ? tensor('mask') : null;
    const seen = (y: Tensor): Tensor => (mask && blank ? y.mul(mask.expandDims(2)) : y);
    const layer = lstm({
      ...{ units: given('h0').shape[1]!, kernel: kernel!, returnSequences: true, returnState: true },
    });
    const inputs = INPUTS.map(tensor) as [Tensor, ...Tensor[]];
    layer.build(inputs[0].shape);
    layer.setWeights(inputs.slice(1, 4));
    const run = (x: Tensor, h: Tensor, c: Tensor) =>
      layer.call(x as Tensor3D, { mask, initialState: [h, c] }) as [Tensor, Tensor, Tensor];
    const loss = (x: Tensor, h: Tensor, c: Tensor) => {
      const [y, lastH, lastC] = run(x, h, c);
      const sums = [seen(y).mul(tensor('onY')), lastH.mul(tensor('onH')), lastC.mul(tensor('onC'))];
      return sums.reduce((sum, one) => sum.add(one.sum()), tf.scalar(0));
    };
    const [x, , , , h0, c0] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
    const [y, h, c] = run(x, h0, c0);
    const [dx, dh, dc] = tf.grads(loss as never)([x, h0, c0]) as [Tensor, Tensor, Tensor];
    const weights = layer.trainableWeights.map(weight => weight.read() as Variable);
    const { grads } = tf.variableGrads(() => loss(x, h0, c0).asScalar(), weights);
    const slopes = [dx, ...weights.map(weight => grads[weight.name]!), dh, dc];
    const found: [string, Tensor][] = [
      ...([
        ['y', seen(y)],
        ['h', h],
        ['c', c],
      ] as [string, Tensor][]),
      ...INPUTS.map((input, at): [string, Tensor] => [`d_${input}`, slopes[at]!]),
    ];
    return found.map(([key, value]) => ({
      case: `${name} ${key}`,
      error: relativeError(value.dataSync(), given(key).values),
    }));
  });
}
