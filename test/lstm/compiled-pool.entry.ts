// Child program of compiled-pool.test.ts: two threads of the addon's pool at work, here and in worker threads that
// come and go, then an end without being asked to. GATEBOOK_POOL says where.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { forwardOn } from '../../kernel/lstm/kernels/arrays.ts';
import { addonKernel } from '../../kernel/lstm/kernels/compiled/addon.ts';
import { timeMajor } from '../../kernel/lstm/kernels/sizes.ts';

const sizes = { steps: 40, batch: 16, inputs: 64, units: 64 };

/** Large enough for threads: 20 million products. */
function sumOfH(): number {
  const filled = (count: number) => Float32Array.from({ length: count }, (_, at) => Math.sin(at) / 8);
  const addon = addonKernel();
  if (addon) addon.threads = 2;
  const { h } = forwardOn('addon', {
    sizes,
    weights: { kernel: filled(64 * 256), recurrentKernel: filled(64 * 256), bias: null },
    activations: { gates: 'sigmoid', values: 'tanh' },
    x: filled(40 * 16 * 64),
    ...{ inputOrder: timeMajor(sizes), order: timeMajor(sizes) },
    initial: { h: new Float32Array(16 * 64), c: new Float32Array(16 * 64) },
  });
  return h.reduce((sum, value) => sum + value, 0);
}

async function inWorker(): Promise<number> {
  const worker = new Worker(process.argv[1]!);
  const [sum] = (await once(worker, 'message')) as [number];
  await worker.terminate();
  return sum;
}

if (!isMainThread) parentPort?.postMessage(sumOfH());
else if (process.env.GATEBOOK_POOL === 'worker') {
  const sums = [await inWorker(), await inWorker(), sumOfH(), await inWorker()];
  process.stdout.write(JSON.stringify(sums));
} else {
  const sums = Array.from({ length: 20 }, sumOfH);
  const before = process.cpuUsage();
  await new Promise(resolve => setTimeout(resolve, 300));
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(JSON.stringify([...sums, user + system < 150_000 ? sums[0] : user + system]));
}
