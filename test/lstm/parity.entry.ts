// Child program of parity.test.ts: on the backend that GATEBOOK_BACKEND names, compares the layer with
// tf.layers.lstm (h and gradients) and with ONNX Runtime (h and c), and says what it found as JSON.
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { lstm, tf, trace } from '../../kernel/lstm/index.ts';
import type { KernelName } from '../../kernel/lstm/kernels/choose.ts';
import { onnxLstm } from './onnx-lstm.ts';
import { problem, relativeError } from './reference.ts';

export interface ParityLine {
  readonly case: string;
  readonly error: number;
}

const SIZES = [
  [1, 1, 1, 1],
  [1, 5, 3, 1],
  [2, 6, 3, 4],
  [3, 7, 5, 9],
  [1, 20, 30, 16],
  [5, 13, 7, 33],
  [40, 6, 3, 20], // more rows than a chunk of lstm.cc, over two threads
  [1, 70, 9, 8], // more steps than it takes ahead
] as const;

const native = tf.getBackend() === 'tensorflow';
const kernels: readonly KernelName[] = [
  'addon',
  'wasm',
  'loop',
  ...(native ? (['BlockLSTMV2'] as const) : []),
];
const lines: ParityLine[] = [];
for (const sizes of SIZES)
  for (const kernel of kernels) {
    for (const line of withTfLayers(sizes, kernel)) lines.push(line);
    for (const line of await withOnnx(sizes, kernel)) lines.push(line);
  }
process.stdout.write(`${JSON.stringify(lines)}\n`);

function withTfLayers([batch, steps, inputs, units]: readonly number[], kernel: KernelName): ParityLine[] {
  const name = `${[batch, steps, inputs, units]} ${kernel} tf.layers`;
  return tf.tidy(() => {
    const x = tf.randomUniform([batch!, steps!, inputs!], -1.5, 1.5, 'float32', 5) as Tensor3D;
    const ours = lstm({
      units: units!,
      kernel,
      returnSequences: true,
      seed: 4,
      gateBias: { f: 0.7, o: -0.4 },
    });
    const recurrentInitializer = 'glorotUniform'; // tfjs warns of its slow orthogonal one
    const options = { units: units!, recurrentActivation: 'sigmoid', recurrentInitializer } as const;
    const theirs = tf.layers.lstm({ ...options, returnSequences: true });
    tf.dispose([ours.apply(x) as Tensor, theirs.apply(x) as Tensor]);
    theirs.setWeights(ours.getWeights());
    const h = relativeError((ours.apply(x) as Tensor).dataSync(), (theirs.apply(x) as Tensor).dataSync());
    const all = [{ case: `${name} h`, error: h }];
    if (steps === 1) return all; // tfjs 4.22 throws in its own gradient of one step (unstack)
    const factors = tf.randomUniform([batch!, steps!, units!], -1, 1, 'float32', 6);
    const gradients = (layer: typeof ours | typeof theirs): Tensor[] => {
      const loss = () => (layer.apply(x) as Tensor).mul(factors).sum().asScalar();
      const weights = layer.trainableWeights.map(weight => weight.read() as never);
      return [
        tf.grad(input => (layer.apply(input) as Tensor).mul(factors).sum())(x),
        ...Object.values(tf.variableGrads(loss, weights).grads),
      ];
    };
    const [own, other] = [gradients(ours), gradients(theirs)];
    const names = ['x', 'kernel', 'recurrentKernel', 'bias'];
    return [
      ...all,
      ...names.map((weight, at) => ({
        case: `${name} gradient of ${weight}`,
        error: relativeError(own[at]!.dataSync(), other[at]!.dataSync()),
      })),
    ];
  });
}

async function withOnnx(
  [batch, steps, inputs, units]: readonly number[],
  kernel: KernelName,
): Promise<ParityLine[]> {
  const one = problem(batch!, steps!, inputs!, units!, 21);
  const float = (name: keyof typeof one.parameters) => Float32Array.from(one.parameters[name]);
  const expected = await onnxLstm({
    ...{ batch: batch!, steps: steps!, inputs: inputs!, units: units! },
    ...{
      x: float('x'),
      kernel: float('kernel'),
      recurrentKernel: float('recurrentKernel'),
      bias: float('bias'),
    },
    ...{ h0: float('h'), c0: float('c') },
  });
  const layer = lstm({ units: units!, kernel, returnSequences: true, returnState: true });
  const x = tf.tensor3d(float('x'), [steps!, batch!, inputs!]).transpose<Tensor3D>([1, 0, 2]);
  const states = [tf.tensor2d(float('h'), [batch!, units!]), tf.tensor2d(float('c'), [batch!, units!])];
  tf.dispose(layer.apply(x) as Tensor[]);
  layer.setWeights([
    tf.tensor2d(float('kernel'), [inputs!, 4 * units!]),
    tf.tensor2d(float('recurrentKernel'), [units!, 4 * units!]),
    tf.tensor1d(float('bias')),
  ]);
  const [h, , c] = layer.apply(x, { initialState: states }) as [Tensor3D, Tensor, Tensor];
  const name = `${[batch, steps, inputs, units]} ${kernel} ONNX`;
  const timeMajor = h.transpose([1, 0, 2]).dataSync();
  const traced = trace(layer, x); // from zero states: another run, so only its own ledger is checked
  return [
    { case: `${name} h`, error: relativeError(timeMajor, expected.h) },
    { case: `${name} c`, error: relativeError(c.dataSync(), expected.lastC) },
    { case: `${name} ledger`, error: traced.ledger().error },
  ];
}
