// The kernel process behind the sockets: what it says on its pipe, what native code and its own child
// processes write to file descriptors 1 and 2, and how it ends.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { KernelDied } from '../client/errors.ts';
import { readLines, tailOf } from '../client/lines.ts';
import { ended, handshake, type KernelOptions, parseMessage, spawnKernel } from '../client/start.ts';
import type { Message } from '../protocol.ts';

/** How long pipes may stay open after the process has ended: one that it started may hold them. */
const LAST_MESSAGES_MS = 10_000;
const LAST_NATIVE_MS = 500;
/** Between asking the processes it started to end and ending them. */
const GROUP_PATIENCE_MS = 200;

/** What becomes of it here. */
const NEXT = 'A new one has started, without your variables: run the cells again.';

export type StreamName = 'stdout' | 'stderr';

export interface ChildEvents {
  /** It answers from now on. */
  onReady(): void;
  /** Each message, in order; the next is read when this has settled. */
  onMessage(message: Message): Promise<void>;
  /** Text that did not come through the kernel. While the promise it may give is pending nothing is read. */
  onNative(name: StreamName, text: string): Promise<void> | undefined;
  /** The process is gone; the rest of what it said still comes. */
  onExit(): void;
}

export class Child {
  readonly #process: ChildProcess;
  readonly #options: KernelOptions;
  readonly #stderr = tailOf();
  #texts = 0;
  #paused: Promise<void> | undefined;

  /** Starts the process, in a group of its own, so that what it starts can end with it. */
  static async start(options: KernelOptions): Promise<Child> {
    const grouped = { ...options, detached: process.platform !== 'win32' };
    return new Child(await spawnKernel(grouped), grouped);
  }

  private constructor(child: ChildProcess, options: KernelOptions) {
    this.#process = child;
    this.#options = options;
  }

  send(line: string): void {
    (this.#process.stdio[3] as NodeJS.WritableStream | null)?.write(line);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /**
   * Hands over everything the process says until it has ended, and gives how it ended.
   * @throws KernelFailedToStart
   */
  async run(on: ChildEvents): Promise<KernelDied> {
    const exit = ended(this.#process);
    const closed = [this.#readNative('stdout', on), this.#readNative('stderr', on)];
    const lines = readLines(this.#process.stdio[3] as NodeJS.ReadableStream);
    await handshake(this.#process, lines, this.#stderr, this.#options);
    on.onReady();
    const reading = this.#readMessages(lines, on);
    const { code, signal } = await exit;
    on.onExit();
    await this.#endGroup();
    await Promise.race([reading, sleep(LAST_MESSAGES_MS, undefined, { ref: false })]);
    await Promise.race([Promise.all(closed), sleep(LAST_NATIVE_MS, undefined, { ref: false })]);
    return new KernelDied(code, signal, this.#stderr.text, NEXT);
  }

  /** Resolves when all native output has been handed over that was written before this was called. */
  async drained(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet++) {
      const before = this.#texts;
      await this.#paused;
      await turn(); // what was under way when the loop last polled may not hold the newest text: two turns
      if (before !== this.#texts || this.#paused) quiet = -1;
    }
  }

  async #readMessages(lines: AsyncIterator<string>, on: ChildEvents): Promise<void> {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const message = parseMessage(line.value);
      if (message) await on.onMessage(message); // anything else was written to our pipe by a cell
    }
  }

  #readNative(name: StreamName, on: ChildEvents): Promise<void> {
    const stream = this.#process[name]!;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      this.#texts++;
      if (name === 'stderr') this.#stderr.add(text);
      const room = on.onNative(name, text);
      if (room) this.#pause(room);
    });
    stream.on('error', () => {}); // it broke because the process ended; its exit says why
    return new Promise(resolve => stream.once('close', resolve));
  }

  #pause(room: Promise<void>): void {
    const streams = [this.#process.stdout!, this.#process.stderr!];
    for (const stream of streams) stream.pause();
    const paused = room.then(() => {
      if (this.#paused !== paused) return;
      this.#paused = undefined;
      for (const stream of streams) stream.resume();
    });
    this.#paused = paused;
  }

  /** Ends what the cells started and left running. */
  async #endGroup(): Promise<void> {
    if (!this.#signalGroup('SIGTERM')) return;
    await sleep(GROUP_PATIENCE_MS);
    this.#signalGroup('SIGKILL');
  }

  /** False when nobody is left. */
  #signalGroup(signal: NodeJS.Signals): boolean {
    try {
      return this.#options.detached === true && process.kill(-this.#process.pid!, signal);
    } catch {
      return false;
    }
  }
}
