// Shared by the tests of docs/scale: real servers on free ports of the loopback, and an end to them.
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ports that nobody listens on. The servers here take no 0 and tell nobody what they chose. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** A program that goes on until it is ended, and what it said. */
export class Server {
  readonly #child: ChildProcess;
  #log = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', data => (this.#log += data));
  }

  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until `isUp` says so; a minute at most. */
  async until(isUp: () => boolean | Promise<boolean>): Promise<void> {
    for (let waited = 0; waited < 60_000 && this.#child.exitCode === null; waited += 100) {
      if (await isUp()) return;
      await sleep(100);
    }
    throw new Error(`The server does not start:\n${this.#log}`);
  }

  /** Waits until an address answers without an error. */
  answers(url: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    return this.until(() =>
      fetch(url, { headers }).then(
        response => response.ok,
        () => false,
      ),
    );
  }

  /** Asks it to end, and waits until it has: half a minute at most. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>(resolve => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGTERM');
    const late = new AbortController();
    await Promise.race([ended, sleep(30_000, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      throw new Error(`The server does not end:\n${this.#log}`);
    }
  }
}

/** Processes below one, itself first, whose command line has a word. */
export function processesBelow(pid: number, word: string): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    const parent = /\) \S (\d+)/.exec(readProc(name, 'stat'))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found.filter(one => readProc(String(one), 'cmdline').includes(word));
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
