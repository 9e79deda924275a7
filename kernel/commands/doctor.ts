// `gatebook doctor`: what this machine has, what is missing, and its cure. It starts a real kernel and
// loads TensorFlow in it, so what it says is what a notebook will get.
import { tmpdir } from 'node:os';
import { Kernel } from '../client.ts';
import type { BackendStatus, KernelInfo } from '../protocol.ts';
import { type Command, say } from './command.ts';
import { nameOf } from './run.ts';

interface Problem {
  readonly problem: string;
  readonly cure: string;
}

/** What `--json` prints. */
export interface Diagnosis {
  readonly node: string;
  readonly platform: string;
  readonly kernel: {
    readonly version: string;
    readonly typescript: string;
    readonly startSeconds: number;
  } | null;
  readonly backend: BackendStatus;
  readonly problems: readonly Problem[];
}

export const doctor: Command = {
  usage: 'gatebook doctor [--json]',
  about: 'say what is here, what is missing and how to mend it (ends 1 when something is missing)',
  options: { json: { type: 'boolean' } },
  async run({ values }, { kernel }) {
    const diagnosis = await diagnose(kernel);
    say(values.json ? JSON.stringify(diagnosis, null, 2) : inWords(diagnosis));
    return diagnosis.problems.length === 0 ? 0 : 1;
  },
};

export async function diagnose(kernelPath: string): Promise<Diagnosis> {
  const machine = { node: process.version, platform: `${process.platform} ${process.arch}` };
  const start = performance.now();
  try {
    const kernel = await Kernel.start({ kernel: kernelPath, folder: tmpdir() });
    const startSeconds = (performance.now() - start) / 1000;
    return { ...machine, ...(await examine(kernel, startSeconds)) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const cure = 'Install gatebook again with Node 20 or later (in a clone: npm run setup).';
    return { ...machine, kernel: null, backend: { state: 'unloaded' }, problems: [{ problem, cure }] };
  }
}

async function examine(kernel: Kernel, startSeconds: number) {
  try {
    const reply = await kernel.execute("await import('@tensorflow/tfjs')");
    const info = await kernel.info();
    const { backend } = info.gatebook;
    const failed = reply.status === 'error' ? [tensorflowFailed(reply.evalue)] : [];
    return {
      kernel: versions(info, startSeconds),
      backend,
      problems: [...failed, ...backendProblems(backend)],
    };
  } finally {
    await kernel.shutdown();
  }
}

function versions(info: KernelInfo, startSeconds: number) {
  return { version: info.implementation_version, typescript: info.language_info.version, startSeconds };
}

function tensorflowFailed(why: string): Problem {
  return { problem: `TensorFlow cannot be used: ${why}`, cure: cureOf(process.env.GATEBOOK_BACKEND) };
}

/** The variable, wrong or right, stands in the way of every other backend. */
function cureOf(asked: string | undefined): string {
  if (!asked) return 'Run `gatebook setup`.';
  const unset = 'unset it to have the best one chosen';
  if (asked === 'tensorflow')
    return `Run \`gatebook setup\`, or set GATEBOOK_BACKEND to wasm or cpu, or ${unset}.`;
  return `Set GATEBOOK_BACKEND to tensorflow, wasm or cpu, or ${unset}.`;
}

function backendProblems(backend: BackendStatus): readonly Problem[] {
  if (backend.state !== 'ready' || backend.why === null) return [];
  return [
    { problem: `TensorFlow runs on ${backend.backend}: ${backend.why}`, cure: 'Run `gatebook setup`.' },
  ];
}

function inWords({ node, platform, kernel, backend, problems }: Diagnosis): string {
  const kernelLine = kernel
    ? `Gatebook ${kernel.version} with TypeScript ${kernel.typescript}, started in ${kernel.startSeconds.toFixed(2)} s`
    : 'does not start';
  return [
    `Node       ${node} on ${platform}`,
    `Kernel     ${kernelLine}`,
    `Backend    ${nameOf(backend)}`,
    ...problems.flatMap(({ problem, cure }) => ['', `Problem: ${problem}`, `Cure:    ${cure}`]),
    ...(problems.length === 0 ? ['Nothing is missing.'] : []),
  ].join('\n');
}
