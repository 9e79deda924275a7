// A client of one kernel process over its private pipe: starts it, verifies the handshake, sends
// requests and hands every output to whoever asked for it. Used by the command and, bundled as
// CommonJS, by the VS Code extension: it and client/ import only Node's own modules and the contract.
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { KernelDied, KernelFailedToStart } from './client/errors.ts';
import { answerTo, type InputQuestion, type OnInput, pageAsOutput } from './client/input.ts';
import { readLines, type Tail, tailOf } from './client/lines.ts';
import { type Listen, Listeners } from './client/listeners.ts';
import { ended, handshake, type KernelOptions, parseMessage, spawnKernel } from './client/start.ts';
import { endGroup } from './process-group.ts';
import {
  type BackendStatus,
  type ErrorReply,
  type ExecuteMetadata,
  type ExecuteReply,
  type Header,
  type InputRequest,
  type IopubMessage,
  JUPYTER_PROTOCOL_VERSION,
  type KernelInfo,
  type Message,
  type ReadyContent,
  type Requests,
  type RequestType,
} from './protocol.ts';

export type { InputQuestion, KernelOptions };
export { KernelDied, KernelFailedToStart };

/** How long the end of a cell may wait for native output that goes on and on. */
const DRAIN_MS = 250;

export interface ExecuteOptions {
  /** Becomes `metadata.gatebook` of the request. */
  readonly metadata?: ExecuteMetadata;
  /** Each iopub message of the cell, in order. A returned promise pauses the kernel's output until it settles. */
  readonly onMessage?: (message: IopubMessage) => void | Promise<void>;
  readonly silent?: boolean;
  readonly storeHistory?: boolean;
  /** Whether requests queued behind this one are aborted when it fails; default true. */
  readonly stopOnError?: boolean;
  /** Expressions to evaluate after the cell, by name; their results stand in the reply. */
  readonly userExpressions?: Readonly<Record<string, string>>;
  /** Asked by `prompt()` and by readers of process.stdin in the cell; without it they fail. */
  readonly onInput?: OnInput;
}

interface Pending {
  readonly header: Header;
  readonly onMessage: (message: IopubMessage) => void | Promise<void>;
  readonly onInput: ExecuteOptions['onInput'];
  reply: unknown;
  /** An execute ends with both its reply and `idle`; other requests with their reply. */
  readonly untilIdle: boolean;
  settle(reply: unknown): void;
  fail(error: Error): void;
}

interface RequestOptions extends Pick<ExecuteOptions, 'onMessage' | 'onInput'> {
  readonly gatebook?: ExecuteMetadata;
}

/** A running kernel. Restarting is {@link Kernel.shutdown} (or dispose) and {@link Kernel.start} again. */
export class Kernel {
  readonly ready: ReadyContent;
  /** Called when the backend becomes known or changes. */
  readonly onBackendStatus: Listen<BackendStatus>;
  /** Called once when the process ends without having been asked to. */
  readonly onDeath: Listen<KernelDied>;
  /** Output whose cell is over: timers, forgotten promises, native code. Its parent_header names the cell. */
  readonly onLateOutput: Listen<IopubMessage>;
  readonly #process: ChildProcess;
  readonly #stderr: Tail;
  readonly #session = randomUUID();
  readonly #pending = new Map<string, Pending>();
  readonly #exited: Promise<void>;
  readonly #backend = new Listeners<BackendStatus>();
  readonly #death = new Listeners<KernelDied>();
  readonly #late = new Listeners<IopubMessage>();
  /** The execute request that started last: native output is its own. */
  #lastCell: Pending | undefined;
  /** Texts that came past the kernel's own messages, and the delivery of the last one. */
  #nativeTexts = 0;
  #delivering: Promise<void> | undefined;
  #closing = false;
  #died: KernelDied | undefined;

  /**
   * Starts a kernel and waits for its handshake.
   * @throws KernelFailedToStart when it cannot be run, ends or stays silent, or speaks another version.
   */
  static async start(options: KernelOptions): Promise<Kernel> {
    const child = await spawnKernel({ ...options, detached: process.platform !== 'win32' });
    const stderr = tailOf();
    child.stderr?.on('data', stderr.add);
    const lines = readLines(child.stdio[3] as NodeJS.ReadableStream);
    try {
      const ready = await handshake(child, lines, stderr, options);
      return new Kernel(child, ready, lines, stderr);
    } catch (error) {
      child.kill('SIGKILL');
      if (child.pid) void endGroup(child.pid);
      throw error;
    }
  }

  private constructor(child: ChildProcess, ready: ReadyContent, lines: AsyncIterator<string>, stderr: Tail) {
    this.#process = child;
    this.ready = ready;
    this.#stderr = stderr;
    this.onBackendStatus = this.#backend.on;
    this.onDeath = this.#death.on;
    this.onLateOutput = this.#late.on;
    const reading = Promise.all([
      this.#readMessages(lines),
      this.#readNative('stdout', child.stdout),
      this.#readNative('stderr', child.stderr),
    ]);
    this.#exited = ended(child).then(async ({ code, signal }) => {
      await endGroup(child.pid!);
      // What was still in the pipes belongs to the cell that died; one that is detached may keep them open, though.
      await Promise.race([reading, sleep(2000, undefined, { ref: false })]);
      for (const stream of child.stdio) (stream as Socket | null)?.unref();
      this.#end(code, signal);
    });
  }

  get pid(): number {
    return this.ready.pid;
  }

  /** False once the process has ended or was told to. */
  get alive(): boolean {
    return !this.#died && !this.#closing;
  }

  /**
   * Runs one cell; resolves when the cell is over, also when it failed. Its types are looked at only where
   * the metadata say so. @throws KernelDied
   */
  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteReply> {
    const content = {
      code,
      silent: options.silent ?? false,
      store_history: options.storeHistory ?? true,
      user_expressions: options.userExpressions ?? {},
      allow_stdin: options.onInput !== undefined,
      stop_on_error: options.stopOnError ?? true,
    };
    const gatebook: ExecuteMetadata = { typeErrors: 'off', ...options.metadata };
    return this.#request('execute_request', content, { ...options, gatebook });
  }

  /** Any other request; answered also while a cell runs. @throws KernelDied */
  request<Type extends Exclude<RequestType, 'execute_request'>>(
    type: Type,
    content: Requests[Type]['content'],
  ): Promise<Requests[Type]['reply'] | ErrorReply> {
    return this.#request(type, content);
  }

  /** Stops the running cell and forgets those queued behind it. Resolves when the kernel has taken it. */
  async interrupt(): Promise<void> {
    await this.#request('interrupt_request', {});
  }

  /** What the kernel is; answered also while a cell runs. */
  info(): Promise<KernelInfo> {
    return this.#request('kernel_info_request', {});
  }

  /** Ends the kernel in good order, by force after `timeout` milliseconds. */
  async shutdown(timeout = 3000): Promise<void> {
    if (this.#died) return;
    this.#closing = true;
    this.#request('shutdown_request', { restart: false }).catch(() => {});
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), timeout);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends the process at once. */
  dispose(): Promise<void> {
    this.#closing = true;
    this.#process.kill('SIGKILL');
    return this.#exited;
  }

  #request<Type extends RequestType>(
    type: Type,
    content: Requests[Type]['content'],
    { gatebook, onMessage = () => {}, onInput }: RequestOptions = {},
  ): Promise<Requests[Type]['reply']> {
    if (this.#died) return Promise.reject(this.#died);
    const header = this.#header(type);
    return new Promise((settle, fail) => {
      const untilIdle = type === 'execute_request';
      const pending: Pending = { header, onMessage, onInput, untilIdle, reply: undefined, settle, fail };
      this.#pending.set(header.msg_id, pending);
      this.#send({
        channel: untilIdle ? 'shell' : 'control',
        header,
        parent_header: {},
        metadata: gatebook ? { gatebook } : {},
        content,
      });
    });
  }

  #header(msg_type: string): Header {
    return {
      msg_id: randomUUID(),
      msg_type,
      session: this.#session,
      username: 'gatebook',
      date: new Date().toISOString(),
      version: JUPYTER_PROTOCOL_VERSION,
    };
  }

  #send(message: Message): void {
    const pipe = this.#process.stdio[3] as NodeJS.WritableStream | null;
    pipe?.write(`${JSON.stringify(message)}\n`);
  }

  async #readMessages(lines: AsyncIterator<string>): Promise<void> {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const message = parseMessage(line.value);
      if (!message) continue; // a cell wrote to our pipe
      if (message.channel === 'iopub') await this.#takeOutput(message as IopubMessage);
      else if (message.header.msg_type === 'input_request')
        void this.#ask(message as Message<string, InputRequest>);
      else await this.#takeReply(message);
    }
  }

  async #ask(question: Message<string, InputRequest>): Promise<void> {
    const content = await answerTo(question, this.#pending.get(parentId(question))?.onInput);
    const header = this.#header('input_reply');
    this.#send({ channel: 'stdin', header, parent_header: question.header, metadata: {}, content });
  }

  async #takeReply(message: Message): Promise<void> {
    const id = parentId(message);
    const pending = this.#pending.get(id);
    if (!pending) return;
    pending.reply = message.content;
    if (pending.untilIdle) return this.#showPages(pending, message.content as ExecuteReply);
    this.#pending.delete(id);
    pending.settle(message.content);
  }

  async #showPages(pending: Pending, reply: ExecuteReply): Promise<void> {
    const pages = reply.status === 'ok' ? reply.payload : [];
    for (const page of pages) {
      await this.#deliver(pending, {
        channel: 'iopub',
        header: this.#header('display_data') as Header<'display_data'>,
        parent_header: pending.header,
        metadata: {},
        content: pageAsOutput(page),
      });
    }
  }

  async #takeOutput(message: IopubMessage): Promise<void> {
    if (message.header.msg_type === 'backend_status') {
      return this.#backend.emit(message.content as BackendStatus);
    }
    const pending = this.#pending.get(parentId(message));
    if (message.header.msg_type !== 'status') return this.#deliver(pending, message);
    const { execution_state } = message.content as { execution_state: string };
    if (!pending?.untilIdle) return;
    if (execution_state === 'busy') this.#lastCell = pending;
    if (execution_state === 'idle') await this.#drained();
    await this.#deliver(pending, message);
    if (execution_state !== 'idle') return;
    this.#pending.delete(pending.header.msg_id);
    pending.settle(pending.reply);
  }

  /**
   * Native output sits in other pipes. What the cell wrote there is read when two turns of the loop brought
   * nothing; a process that it left behind may write for ever.
   */
  async #drained(): Promise<void> {
    const end = performance.now() + DRAIN_MS;
    for (let quiet = 0; quiet < 2 && performance.now() < end; quiet++) {
      const before = this.#nativeTexts;
      await this.#delivering;
      await turn();
      if (before !== this.#nativeTexts) quiet = -1;
    }
  }

  async #deliver(pending: Pending | undefined, message: IopubMessage): Promise<void> {
    try {
      if (pending) await pending.onMessage(message);
      else await this.#late.emit(message);
    } catch (error) {
      // A consumer that throws ends its own request; the kernel and the others go on.
      if (pending && this.#pending.delete(pending.header.msg_id)) pending.fail(asError(error));
    }
  }

  async #readNative(name: 'stdout' | 'stderr', stream: NodeJS.ReadableStream | null): Promise<void> {
    if (!stream) return;
    stream.setEncoding('utf8');
    try {
      for await (const text of stream) {
        this.#nativeTexts++;
        this.#delivering = this.#takeNative(name, text as string);
        await this.#delivering;
      }
    } catch {
      // The pipe broke because the process ended; its exit says why.
    }
  }

  #takeNative(name: 'stdout' | 'stderr', text: string): Promise<void> {
    const cell = this.#lastCell;
    const message: IopubMessage = {
      channel: 'iopub',
      header: this.#header('stream') as Header<'stream'>,
      parent_header: cell?.header ?? {},
      metadata: {},
      content: { name, text },
    };
    return this.#deliver(cell && this.#pending.get(cell.header.msg_id), message);
  }

  #end(code: number | null, signal: string | null): void {
    this.#died = new KernelDied(code, signal, this.#stderr.text);
    for (const pending of this.#pending.values()) pending.fail(this.#died);
    this.#pending.clear();
    if (!this.#closing) void this.#death.emit(this.#died);
  }
}

function parentId(message: Pick<Message, 'parent_header'>): string {
  return (message.parent_header as Partial<Header>).msg_id ?? '';
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
