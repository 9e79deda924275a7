// A kernel as Jupyter starts one: `gatebook kernel --connection-file` on free ports of this machine.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../kernel/kernel.ts';
import '../data-folder.ts';
import { WireClient } from './wire-client.ts';

const CLI = join(process.cwd(), 'dist', 'cli.js');

export interface WireKernel {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly folder: string;
  readonly file: string;
  /** What it wrote on stderr so far. */
  readonly stderr: () => string;
  /** How it ended. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  /** A front end, connected and answered. */
  connect(): Promise<WireClient>;
}

interface Options {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly folder?: string;
  readonly file?: string;
  readonly mode?: number;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function startWireKernel(test: TestContext, options: Options = {}): Promise<WireKernel> {
  const folder = options.folder ?? temporaryFolder(test);
  const file = options.file ?? (await writeConnection(folder, options));
  const child = spawn(
    process.execPath,
    [...(options.flags ?? []), CLI, 'kernel', '--connection-file', file],
    {
      cwd: folder,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'inherit', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr!.on('data', data => (stderr += data));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  test.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const connect = async () => {
    const client = new WireClient(file);
    test.after(() => client.close());
    client.cellMetadata = { gatebook: { typeErrors: 'off' } };
    const over = ended.then(({ code, signal }) => {
      throw new Error(`The kernel ended with ${code ?? signal}: ${stderr}`);
    });
    over.catch(() => {});
    await Promise.race([client.ready(), over]);
    return client;
  };
  return { process: child, pid: child.pid!, folder, file, stderr: () => stderr, ended, connect };
}

export async function writeConnection(
  folder: string,
  { fields = {}, mode = 0o600 }: Options = {},
): Promise<string> {
  const file = join(folder, 'connection.json');
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  const rest = { ip: '127.0.0.1', key: randomUUID(), transport: 'tcp', signature_scheme: 'hmac-sha256' };
  writeFileSync(file, JSON.stringify({ ...ports, ...rest, kernel_name: 'gatebook', ...fields }), { mode });
  return file;
}

/** Below those that the system gives to whoever asks for any, so that nobody takes them meanwhile. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Processes below `pid`, itself among them, from /proc: the bridge, the kernel and what cells started. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    const parent = parentOf(Number(entry));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const below = (one: number): number[] => [one, ...(children.get(one) ?? []).flatMap(below)];
  return below(pid);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined; // it has just ended
  }
}

/** Whether the process runs; a zombie nobody waits for does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
}

/** Resident memory of the processes in megabytes; what they share, the pages of Node itself, counted once. */
export function residentMegabytes(pids: readonly number[]): number {
  const each = pids.map(memoryOf);
  const own = each.reduce((sum, { anonymous }) => sum + anonymous, 0);
  return (own + Math.max(0, ...each.map(({ file }) => file))) / 1024;
}

/** In kilobytes. */
function memoryOf(pid: number): { anonymous: number; file: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    return { anonymous: field('RssAnon'), file: field('RssFile') };
  } catch {
    return { anonymous: 0, file: 0 };
  }
}
