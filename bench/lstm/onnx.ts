// ONNX Runtime as a peer: an LSTM node alone, weights held in the session's inputs. It gives h and the last c.
import { setTimeout as sleep } from 'node:timers/promises';
import { onnxRunner } from '../../test/lstm/onnx-lstm.ts';
import { type Entrant, time } from './entrants.ts';
import type { Size } from './sizes.ts';

export async function onnxForward([batch, steps, inputs, units]: Size): Promise<Entrant> {
  const normal = (count: number) => Float32Array.from({ length: count }, () => (Math.random() - 0.5) * 0.6);
  const runner = await onnxRunner({
    ...{ batch, steps, inputs, units },
    x: normal(steps * batch * inputs),
    kernel: normal(inputs * 4 * units),
    recurrentKernel: normal(units * 4 * units),
    bias: normal(4 * units),
    h0: new Float32Array(batch * units),
    c0: new Float32Array(batch * units),
  });
  return {
    name: 'onnxruntime-node',
    run: async calls => {
      const ms = await time(calls, runner.run);
      await sleep(50); // its threads go on spinning for a while: not into our next run
      return ms;
    },
    dispose: () => void runner.release(),
  };
}
