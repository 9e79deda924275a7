// Starting a kernel process and its handshake: the first line on the pipe says who is there.
import { type ChildProcess, spawn } from 'node:child_process';
import { type Message, PIPE_VERSION, type ReadyContent } from '../protocol.ts';
import { KernelFailedToStart } from './errors.ts';
import { kernelFlags } from './flags.ts';
import type { Tail } from './lines.ts';

export interface KernelOptions {
  /** Path of dist/kernel.js. */
  readonly kernel: string;
  /** Folder the notebook lies in: the kernel's working directory. */
  readonly folder: string;
  /** Node to run it with; default is the one that runs this. */
  readonly node?: string;
  /** More of Node's own flags, after {@link kernelFlags}. */
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds the kernel may take until its handshake; default 30 000. */
  readonly startTimeout?: number;
  /** Whether it leads a process group of its own, which whoever starts it then ends; default false. */
  readonly detached?: boolean;
}

/** Why a process could not be started, where that was known before its handshake began. */
const notStarted = new WeakMap<ChildProcess, Error>();

export async function spawnKernel(options: KernelOptions): Promise<ChildProcess> {
  const { node = process.execPath, env = process.env } = options;
  const flags = [...(await kernelFlags(node, env)), ...(options.flags ?? [])];
  const child = spawn(node, [...flags, options.kernel], {
    cwd: options.folder,
    env,
    detached: options.detached ?? false,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  // Writing to a kernel that has just died is no error of its own: the exit is reported.
  child.stdio?.[3]?.on('error', () => {});
  child.once('error', error => notStarted.set(child, error));
  return child;
}

/** How a process ended, once all of it did. A process that never started ends with its error's code. */
export function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve({ code: child.exitCode, signal: child.signalCode });
    }
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Waits for the `ready` message. @throws KernelFailedToStart */
export async function handshake(
  child: ChildProcess,
  lines: AsyncIterator<string>,
  stderr: Tail,
  options: KernelOptions,
): Promise<ReadyContent> {
  const seconds = (options.startTimeout ?? 30_000) / 1000;
  const node = options.node ?? process.execPath;
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    const fail = (what: string) => reject(new KernelFailedToStart(what, stderr.text));
    const refused = (error: Error) => fail(`${node} could not be run in ${options.folder}: ${error.message}`);
    const before = notStarted.get(child);
    if (before) refused(before);
    if (child.exitCode !== null || child.signalCode !== null)
      fail(`${node} ended with ${child.signalCode ?? `code ${child.exitCode}`}`);
    child.once('error', refused);
    child.once('exit', (code, signal) => {
      // Its last words may arrive a moment later.
      setTimeout(() => fail(`${node} ended with ${signal ?? `code ${code}`}`), 50);
    });
    timer = setTimeout(() => fail(`${node} said nothing for ${seconds} s`), seconds * 1000);
  });
  try {
    const first = await Promise.race([lines.next(), failed]);
    // The pipe closes a moment before the exit is known; the exit says more.
    return first.done ? await failed : verify(first.value, options.kernel);
  } finally {
    clearTimeout(timer);
    failed.catch(() => {});
  }
}

/** @throws KernelFailedToStart when the first line is no `ready` of our version. */
function verify(line: string, kernel: string): ReadyContent {
  const message = parseMessage(line);
  if (message?.header.msg_type !== 'ready') {
    throw new KernelFailedToStart(`${kernel} is no Gatebook kernel: it began with ${line.slice(0, 80)}`, '');
  }
  const ready = message.content as ReadyContent;
  if (ready.pipe_version !== PIPE_VERSION) {
    throw new KernelFailedToStart(
      `${kernel} (Gatebook ${ready.implementation_version}) speaks version ${ready.pipe_version} of the pipe, ` +
        `this side speaks ${PIPE_VERSION}: install the same version of both, then restart`,
      '',
    );
  }
  return ready;
}

/** One line of the pipe, or undefined where it is no message: a cell may write to the pipe too. */
export function parseMessage(line: string): Message | undefined {
  try {
    const message = JSON.parse(line) as Message;
    const isMessage = typeof message.header.msg_type === 'string' && message.content instanceof Object;
    return isMessage ? { ...message, parent_header: message.parent_header ?? {} } : undefined;
  } catch {
    return undefined;
  }
}
