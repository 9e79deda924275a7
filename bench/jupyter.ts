// Our kernel against ipykernel, tslab and Deno's, each driven by the same client over ZeroMQ: what a user
// waits for. Cells of ours are not type-checked here, as those of ipykernel and Deno are not; tslab's are, and
// a row of its own has ours with the check.
import { printed } from '../test/jupyter/wire-client.ts';
import { type KernelKind, others, ours, RunningKernel } from './jupyter/kernels.ts';

export const about = `Kernels over ZeroMQ on loopback, Node ${process.version}`;

const UNCHECKED = { gatebook: { typeErrors: 'off' } };
const CHECKED = { gatebook: { typeErrors: 'stop' } };

interface Measurement {
  readonly case: string;
  readonly ours: string;
  readonly peer: string;
  readonly unit: 'ms';
  readonly oursRun: () => Promise<number>;
  readonly peerRun: () => Promise<number>;
  readonly seconds: number;
  readonly dispose?: () => Promise<void>;
}

type Task = (kernel: RunningKernel) => Promise<number>;

export async function* cases(): AsyncGenerator<Measurement> {
  for (const other of others) yield coldStart(other);
  for (const other of others) {
    yield pair('1 + 1 there and back', other, roundTrip(UNCHECKED), 3);
    const isTslab = other.name.startsWith('tslab');
    if (isTslab) yield pair('1 + 1, type-checked', other, roundTrip(CHECKED), 3);
    // At this rate the sockets of tslab and Deno drop messages, the last one among them.
    if (other.name.startsWith('ipykernel')) yield pair('10,000 printed lines', other, printing, 8);
    // tslab says nothing while it loops, so nobody knows when to interrupt it.
    if (!isTslab) yield pair('interrupt of an endless loop', other, interrupting, 8);
    yield pair('completion', other, completing, 3);
  }
}

/** From starting the process to the result of its first cell. */
function coldStart(other: KernelKind): Measurement {
  const measure = async (kind: KernelKind) => {
    const begun = performance.now();
    const kernel = await RunningKernel.start(kind);
    const { messages } = await kernel.run('1 + 1', UNCHECKED);
    const result = messages.find(({ header }) => /execute_result|display_data|stream/.test(header.msg_type));
    if (!result) throw new Error(`${kind.name} gave no result for 1 + 1`);
    await kernel.stop();
    return result.at - begun;
  };
  return {
    case: 'start to first result',
    ours: ours.name,
    peer: other.name,
    unit: 'ms',
    oursRun: () => measure(ours),
    peerRun: () => measure(other),
    seconds: 12,
  };
}

/** Both kernels run at once, and are asked in turn. */
function pair(name: string, other: KernelKind, task: Task, seconds: number): Measurement {
  const running = new Map<KernelKind, Promise<RunningKernel>>();
  const on = async (kind: KernelKind) => {
    if (!running.has(kind)) running.set(kind, RunningKernel.start(kind));
    return task(await (running.get(kind) as Promise<RunningKernel>));
  };
  return {
    case: name,
    ours: ours.name,
    peer: other.name,
    unit: 'ms',
    oursRun: () => on(ours),
    peerRun: () => on(other),
    seconds,
    dispose: async () => {
      for (const kernel of running.values()) await (await kernel).stop();
    },
  };
}

function roundTrip(metadata: object): Task {
  return async kernel => {
    const begun = performance.now();
    await kernel.run('1 + 1', metadata);
    return performance.now() - begun;
  };
}

const printing: Task = async kernel => {
  const begun = performance.now();
  const { messages } = await kernel.run(kernel.kind.lines, UNCHECKED);
  const took = performance.now() - begun;
  if (!printed(messages).includes('line 9999'))
    throw new Error(`${kernel.kind.name} did not print its lines`);
  return took;
};

/** From the interrupt to `idle`. */
const interrupting: Task = async kernel => {
  const { client } = kernel;
  client.heard.length = 0;
  const message = { ...client.executeMessage(kernel.kind.endless), metadata: UNCHECKED };
  await client.send('shell', message);
  await client.waitFor(one => printed([one]).includes('begun'));
  await new Promise(resolve => setTimeout(resolve, 100));
  const begun = performance.now();
  await kernel.interrupt();
  await client.ended(message);
  return performance.now() - begun;
};

const completing: Task = async kernel => {
  const { client, kind } = kernel;
  client.heard.length = 0;
  for (const code of kind.before) await kernel.run(code, UNCHECKED);
  const begun = performance.now();
  const { content } = await client.request('shell', 'complete_request', {
    code: kind.completed,
    cursor_pos: kind.completed.length,
  });
  const took = performance.now() - begun;
  if (!(content.matches as unknown[])?.length)
    throw new Error(`${kind.name} completes ${kind.completed} with nothing`);
  return took;
};
