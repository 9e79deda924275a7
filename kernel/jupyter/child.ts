// The kernel process behind the sockets: what it says on its pipe, what native code and its own child
// processes write to file descriptors 1 and 2, and how it ends.
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { KernelDied } from '../client/errors.ts';
import { readLines, tailOf } from '../client/lines.ts';
import { ended, handshake, type KernelOptions, parseMessage, spawnKernel } from '../client/start.ts';
import { endGroup } from '../process-group.ts';
import type { Message } from '../protocol.ts';

/** How long pipes may stay open after the process has ended: one that it started may hold them. */
const LAST_MESSAGES_MS = 10_000;
const LAST_NATIVE_MS = 500;
/** Characters; more than the pipes of native output hold. */
const MOST_IN_PIPES = 1024 * 1024;

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
  /** Characters of native output so far. */
  #native = 0;
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
    await endGroup(this.#process.pid!);
    await Promise.race([reading, sleep(LAST_MESSAGES_MS, undefined, { ref: false })]);
    await Promise.race([Promise.all(closed), sleep(LAST_NATIVE_MS, undefined, { ref: false })]);
    // A process that a cell left behind may hold these pipes; it must not hold this one.
    for (const stream of this.#process.stdio) (stream as Socket | null)?.unref();
    return new KernelDied(code, signal, this.#stderr.text, NEXT);
  }

  /**
   * Resolves when all native output has been handed over that was written before this was called: when two
   * turns of the loop bring nothing (what one is at work on was polled before), or, where a process that a
   * cell left behind writes for ever, when more came than was under way.
   */
  async drained(): Promise<void> {
    const begun = this.#native;
    for (let quiet = 0; quiet < 2 && this.#native - begun < MOST_IN_PIPES; quiet++) {
      const before = this.#native;
      await this.#paused;
      await turn();
      if (before !== this.#native || this.#paused) quiet = -1;
    }
  }

  async #readMessages(lines: AsyncIterator<string>, on: ChildEvents): Promise<void> {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const message = parseMessage(line.value);
      if (!message) continue; // a cell wrote to our pipe
      try {
        await on.onMessage(message);
      } catch {
        // What only looks like a message of the kernel must not end the bridge.
      }
    }
  }

  #readNative(name: StreamName, on: ChildEvents): Promise<void> {
    const stream = this.#process[name]!;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      this.#native += text.length;
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
}
