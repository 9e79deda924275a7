// `gatebook doctor`: what this machine has, what is missing, and its cure. It starts a real kernel and
// loads TensorFlow in it, so what it says is what a notebook will get.
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Kernel } from '../client.ts';
import { addonKernel } from '../lstm/kernels/compiled/addon.ts';
import type { BackendStatus, KernelInfo } from '../protocol.ts';
import { npmScript } from '../session/npm.ts';
import { type Command, say } from './command.ts';
import { findSpecs, npmVersion, type Spec, socketLibrary } from './doctor-jupyter.ts';
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
  /** What runs the LSTM: our native kernel, or where it is not built, WebAssembly (and large ones TensorFlow). */
  readonly lstm: 'addon' | 'wasm';
  /** Floats in a vector of the native kernel: 16 with AVX-512, 8 with AVX2; null for WebAssembly. */
  readonly lstmWidth: number | null;
  /** For `%npm install` in cells; null where there is none. */
  readonly npm: string | null;
  readonly jupyter: {
    /** Version of ZeroMQ, null where it cannot be loaded. */
    readonly zeromq: string | null;
    readonly kernelspecs: readonly Spec[];
  };
  readonly problems: readonly Problem[];
  /** What not everybody needs. */
  readonly notes: readonly Problem[];
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
  const [around, kernel] = await Promise.all([surroundings(kernelPath), examineKernel(kernelPath)]);
  return { ...around, ...kernel, problems: [...kernel.problems, ...around.problems] };
}

type Kernels = Pick<Diagnosis, 'kernel' | 'backend' | 'problems'>;

/** What the kernel does not have to be started for. */
async function surroundings(kernelPath: string): Promise<Omit<Diagnosis, 'kernel' | 'backend'>> {
  const npm = npmVersion(npmScript());
  const addon = addonKernel();
  const lstm = addon ? 'addon' : 'wasm';
  const kernelspecs = findSpecs(join(dirname(kernelPath), 'cli.js'));
  const sockets = await socketLibrary();
  const noSockets = 'why' in sockets ? [withoutSockets(sockets.why)] : [];
  const isNeeded = kernelspecs.some(({ isThis }) => isThis);
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    lstm,
    lstmWidth: addon?.width ?? null,
    npm,
    jupyter: { zeromq: 'version' in sockets ? sockets.version : null, kernelspecs },
    problems: [...kernelspecs.flatMap(brokenSpec), ...(isNeeded ? noSockets : [])],
    notes: [
      ...(npm === null ? [WITHOUT_NPM] : []),
      ...(lstm === 'addon' ? [] : [WITHOUT_ADDON]),
      ...(isNeeded ? [] : noSockets),
      ...withoutSpec(kernelspecs),
    ],
  };
}

const WITHOUT_ADDON: Problem = {
  problem: 'The native LSTM kernel is not built, so the LSTM runs slower than it could',
  cure: 'Run `gatebook setup`: it says what it lacks.',
};

const WITHOUT_NPM: Problem = {
  problem: 'There is no npm, so %npm install does not work in cells',
  cure: 'Install Node from nodejs.org, which brings it.',
};

function withoutSockets(why: string): Problem {
  return {
    problem: `Jupyter cannot be served, ZeroMQ does not load: ${why}`,
    cure: 'Install gatebook again (in a clone: npm run setup).',
  };
}

function brokenSpec({ name, folder, problem }: Spec): Problem[] {
  if (problem === null) return [];
  const cure = `Run \`gatebook install --name ${name}\`, or remove "${folder}".`;
  return [{ problem: `Jupyter's kernel "${name}" cannot start: ${problem}`, cure }];
}

function withoutSpec(specs: readonly Spec[]): Problem[] {
  if (specs.some(({ isThis }) => isThis)) return [];
  const [other] = specs.filter(({ problem }) => problem === null);
  const what = other
    ? `Jupyter starts another Gatebook (${other.folder})`
    : 'Jupyter does not know this kernel';
  return [{ problem: what, cure: 'To use it there: `gatebook install`.' }];
}

async function examineKernel(kernelPath: string): Promise<Kernels> {
  const start = performance.now();
  try {
    const kernel = await Kernel.start({ kernel: kernelPath, folder: tmpdir() });
    const startSeconds = (performance.now() - start) / 1000;
    return await examine(kernel, startSeconds);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const cure = 'Install gatebook again with Node 20 or later (in a clone: npm run setup).';
    return { kernel: null, backend: { state: 'unloaded' }, problems: [{ problem, cure }] };
  }
}

async function examine(kernel: Kernel, startSeconds: number): Promise<Kernels> {
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

function inWords({
  node,
  platform,
  kernel,
  backend,
  lstm,
  lstmWidth,
  npm,
  jupyter,
  problems,
  notes,
}: Diagnosis): string {
  const kernelLine = kernel
    ? `Gatebook ${kernel.version} with TypeScript ${kernel.typescript}, started in ${kernel.startSeconds.toFixed(2)} s`
    : 'does not start';
  return [
    `Node       ${node} on ${platform}`,
    `Kernel     ${kernelLine}`,
    `Backend    ${nameOf(backend)}`,
    `LSTM       ${lstm === 'addon' ? `native kernel, ${lstmWidth === 16 ? 'AVX-512' : 'AVX2'}` : 'WebAssembly kernel'}`,
    `npm        ${npm ?? 'none'}`,
    `Jupyter    ${jupyterLine(jupyter)}`,
    ...problems.flatMap(({ problem, cure }) => ['', `Problem: ${problem}`, `Cure:    ${cure}`]),
    ...notes.flatMap(({ problem, cure }) => ['', `Note:    ${problem}. ${cure}`]),
    ...(problems.length === 0 ? ['', 'Nothing is missing.'] : []),
  ].join('\n');
}

function jupyterLine({ zeromq, kernelspecs }: Diagnosis['jupyter']): string {
  const sockets = zeromq === null ? 'no ZeroMQ' : `ZeroMQ ${zeromq}`;
  const places = kernelspecs.map(
    ({ name, folder, isThis }) => `${isThis ? name : `${name} (another Gatebook)`} in ${folder}`,
  );
  return [sockets, ...places].join('; ');
}
