// Where there is no native TensorFlow: ours as WebAssembly against tf.layers.lstm on tfjs' own wasm and cpu
// backends, each in a child process.
import { join } from 'node:path';
import { MeasuringChild } from './child.ts';
import type { Answer } from './ours.entry.ts';
import type { Measurement } from './row.ts';
import { callsOf, type Question, type Size, type Task } from './sizes.ts';

export const CHILD_PROGRAM = join('out', 'bench', 'lstm', 'ours.entry.mjs');

/** GATEBOOK_BACKENDS=wasm takes some, nothing none: cpu takes minutes at the largest size. */
const BACKENDS = (process.env.GATEBOOK_BACKENDS ?? 'wasm,cpu').split(',').filter(Boolean);

export async function* backendCases(sizes: readonly Size[]): AsyncGenerator<Measurement> {
  for (const backend of BACKENDS) {
    const child = new MeasuringChild(process.execPath, [CHILD_PROGRAM], { GATEBOOK_BACKEND: backend });
    for (const task of ['forward', 'training'] as const)
      for (const size of sizes) yield backendCase(child, backend, task, size);
    await child.end();
  }
}

function backendCase(child: MeasuringChild, backend: string, task: Task, size: Size): Measurement {
  const ask = async (question: Pick<Question, 'who' | 'calls' | 'kernel'>) =>
    (await child.ask<Answer>({ ...question, task, size })).ms;
  // the native addon needs no TensorFlow, but who has no native TensorFlow seldom has g++
  const ours = () => ask({ who: 'ours', calls: callsOf(size), kernel: 'wasm' });
  const theirs = () => ask({ who: 'tf.layers.lstm', calls: 1 });
  const isLong = callsOf(size) <= 2; // tens of seconds a step in plain JavaScript
  return {
    case: `${backend} backend, ${task} ${size.join(',')}`,
    ours: `${task === 'forward' ? 'gates' : 'train'}, wasm`,
    peer: `tf.layers.lstm on ${backend}`,
    unit: 'ms',
    seconds: 2,
    fewest: isLong ? 1 : 3,
    oursRun: ours,
    peerRun: theirs,
    dispose: () => {},
  };
}
