// Jupyter kernels to measure: how each is started, and what one says in its language. All are driven by the
// same client over ZeroMQ, on loopback.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WireClient } from '../../test/jupyter/wire-client.ts';

export interface KernelKind {
  readonly name: string;
  readonly command: (connectionFile: string) => readonly string[];
  /** Where it runs, if not in an empty folder: tslab takes Node's types from there, and runs no cell without. */
  readonly folder?: string;
  /** Whether it takes an interrupt_request; else it is sent SIGINT, as Jupyter does. */
  readonly interruptByMessage: boolean;
  readonly lines: string;
  readonly endless: string;
  /** Cells before a completion is asked for, and the code that is completed. */
  readonly before: readonly string[];
  readonly completed: string;
}

const root = process.cwd();
const python = join(root, 'test', 'jupyter', 'environments', 'clients', '.venv', 'bin', 'python');
const peers = join(root, 'bench', 'peers', 'node_modules');
const deno = join(peers, '@deno', 'linux-x64-glibc', 'deno');
const tslab = join(peers, 'tslab', 'bin', 'tslab');

const SCRIPT = {
  lines: "for (let line = 0; line < 10_000; line++) console.log('line ' + line)",
  endless: "console.log('begun'); while (true) {}",
  before: ['const numbers = [1, 2, 3]'],
  completed: 'numbers.ma',
};

export const ours: KernelKind = {
  name: 'gatebook',
  command: file => [process.execPath, join(root, 'dist', 'cli.js'), 'kernel', '--connection-file', file],
  interruptByMessage: true,
  ...SCRIPT,
};

/** What is installed of ipykernel, tslab and Deno; the rest is said. */
export const others: readonly KernelKind[] = [
  {
    name: 'ipykernel 7.4.0',
    command: (file: string) => [python, '-m', 'ipykernel_launcher', '-f', file],
    interruptByMessage: false,
    lines: "for line in range(10_000): print(f'line {line}')",
    endless: "print('begun', flush=True)\nwhile True: pass",
    before: ['numbers = [1, 2, 3]'],
    completed: 'numbers.ap',
    needs: python,
  },
  {
    name: 'tslab 1.0.22',
    command: (file: string) => [process.execPath, tslab, 'kernel', `--config-path=${file}`],
    interruptByMessage: false,
    ...SCRIPT,
    folder: join(root, 'bench', 'peers'),
    needs: tslab,
  },
  {
    name: 'Deno 2.9.6',
    command: (file: string) => [deno, 'jupyter', '--kernel', '--conn', file],
    interruptByMessage: true,
    ...SCRIPT,
    needs: deno,
  },
].filter(({ name, needs }) => {
  const isHere = existsSync(needs);
  if (!isHere) process.stdout.write(`${name} is not installed: ${cure(needs)}\n`);
  return isHere;
});

function cure(needs: string): string {
  return needs === python ? 'node test/jupyter/install.mjs clients' : 'npm ci --prefix bench/peers';
}

/** A kernel process and a client that it answers. */
export class RunningKernel {
  readonly kind: KernelKind;
  readonly client: WireClient;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(kind: KernelKind, client: WireClient, child: ChildProcess, folder: string) {
    this.kind = kind;
    this.client = client;
    this.#process = child;
    this.#folder = folder;
  }

  static async start(kind: KernelKind): Promise<RunningKernel> {
    const folder = mkdtempSync(join(tmpdir(), 'gatebook-bench-'));
    const file = join(folder, 'connection.json');
    writeFileSync(file, JSON.stringify(await connection()), { mode: 0o600 });
    const [program, ...args] = kind.command(file) as [string, ...string[]];
    const child = spawn(program, args, { cwd: kind.folder ?? folder, stdio: 'ignore', detached: true });
    const kernel = new RunningKernel(kind, new WireClient(file), child, folder);
    await kernel.#answers();
    return kernel;
  }

  /** Its reply may be there before the subscription is: asks until both are. */
  async #answers(): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      const message = this.client.message('kernel_info_request');
      await this.client.send('shell', message);
      const idle = this.client.waitFor(
        ({ header, parent_header, channel }) =>
          channel === 'iopub' && header.msg_type === 'status' && 'msg_id' in parent_header,
        50,
      );
      if (
        await idle.then(
          () => true,
          () => false,
        )
      )
        return;
    }
    throw new Error(`${this.kind.name} did not answer within 30 s`);
  }

  async run(code: string, metadata: object = {}) {
    this.client.heard.length = 0;
    const { executeMessage } = this.client;
    const message = { ...executeMessage.call(this.client, code), metadata: metadata as never };
    await this.client.send('shell', message);
    const ran = await this.client.ended(message);
    if (ran.reply.content.status === 'ok') return ran;
    throw new Error(`${this.kind.name} could not run ${code}: ${JSON.stringify(ran.reply.content)}`);
  }

  async interrupt(): Promise<void> {
    if (this.kind.interruptByMessage)
      await this.client.send('control', this.client.message('interrupt_request'));
    else process.kill(this.#process.pid!, 'SIGINT');
  }

  async stop(): Promise<void> {
    const ended = new Promise(resolve => this.#process.once('exit', resolve));
    this.client.close();
    process.kill(-this.#process.pid!, 'SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function connection(): Promise<object> {
  const ports = await Promise.all(Array.from({ length: 5 }, freePort));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  return {
    ...{ shell_port, iopub_port, stdin_port, control_port, hb_port },
    ...{ ip: '127.0.0.1', transport: 'tcp', key: randomUUID(), signature_scheme: 'hmac-sha256' },
    kernel_name: '',
  };
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
