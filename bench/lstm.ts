// The LSTM against all who compute one: a forward run with every gate (of the peers only the loop gives them),
// and a training step (dense layer on each step, squared error, Adam). Then the same where there is no native
// TensorFlow, against tfjs' own backends. Each row runs ours and one peer by turns.
import type { KernelChoice } from '../kernel/lstm/kernels/choose.ts';
import { addonKernel } from '../kernel/lstm/kernels/compiled/addon.ts';
import { backendStatus } from '../kernel/tensorflow/load.ts';
import { backendCases } from './lstm/backends.ts';
import { ours, oursArrays, oursTrace, tfLayers } from './lstm/entrants.ts';
import { onnxForward } from './lstm/onnx.ts';
import { HOW_TO_INSTALL, type PythonPeer, pythonPeer } from './lstm/python.ts';
import { against, type Measurement, type Peer } from './lstm/row.ts';
import { type Question, SIZES, type Size, type Task } from './lstm/sizes.ts';

const status = backendStatus();
export const about = [
  status.state === 'ready'
    ? `LSTM, B,T,D,H, ours on ${status.backend} ${status.tensorflow ?? ''} (tfjs ${status.tfjs})`
    : 'LSTM, B,T,D,H',
  `Python peers, where they are not installed: ${HOW_TO_INSTALL}`,
].join('\n');

/** Which kernels to show; GATEBOOK_KERNEL=loop,BlockLSTMV2 shows each by itself. */
const KERNELS = (process.env.GATEBOOK_KERNEL?.split(',') ?? ['auto']) as KernelChoice[];
/** GATEBOOK_SIZES=0,1 takes some of the five. */
const CHOSEN = process.env.GATEBOOK_SIZES?.split(',').map(Number) ?? SIZES.map((_, at) => at);

export async function* cases(): AsyncGenerator<Measurement> {
  const [torch, keras] = [await pythonPeer('torch'), await pythonPeer('keras')];
  const sizes = SIZES.filter((_, at) => CHOSEN.includes(at));
  for (const task of ['forward', 'training'] as const)
    for (const size of sizes) for (const kernel of KERNELS) yield* rowsOf(task, size, kernel, torch, keras);
  for (const size of sizes) yield against(size, 'forward', oursTrace(size), tfLayers('forward', size));
  const kernel = addonKernel() ? 'addon' : 'wasm';
  for (const size of sizes) {
    yield against(size, 'forward', oursArrays(size, kernel), await onnxForward(size));
    const question = { who: 'nn.LSTM', task: 'forward', size, threads: 2 } as const;
    yield against(size, 'forward', oursArrays(size, kernel), python(torch, 'PyTorch', question));
  }
  await torch?.child.end();
  await keras?.child.end();
  yield* backendCases(sizes);
}

async function* rowsOf(
  task: Task,
  size: Size,
  kernel: KernelChoice,
  torch: PythonPeer | null,
  keras: PythonPeer | null,
): AsyncGenerator<Measurement> {
  const row = (peer: Peer) => against(size, task, ours(task, size, kernel), peer);
  yield row(tfLayers(task, size));
  for (const threads of [1, 2]) yield row(python(torch, 'PyTorch', { who: 'nn.LSTM', task, size, threads }));
  yield row(python(torch, 'PyTorch', { who: 'gate loop', task, size, threads: 2 }));
  yield row(python(keras, 'Keras', { who: 'LSTM', task, size }));
  if (task === 'forward') yield row(await onnxForward(size));
}

/** A peer that answers from its process; without `run` where it is not installed. */
function python(peer: PythonPeer | null, framework: string, question: Omit<Question, 'calls'>): Peer {
  const { who, threads } = question;
  const name = `${peer?.version ?? framework} ${who}${threads ? `, threads: ${threads}` : ''}`;
  if (!peer) return { name };
  const run = async (calls: number) => (await peer.child.ask<{ ms: number }>({ ...question, calls })).ms;
  return who === 'nn.LSTM' ? { name, run } : { name, run, most: 5 };
}
