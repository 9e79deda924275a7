// Shared by the tests of the control thread: a real kernel and its messages as they pass the pipe, none of
// them interpreted by a client of ours.
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KernelOptions, spawnKernel } from '../../kernel/client/start.ts';
import type { Channel, Header, Message } from '../../kernel/protocol.ts';
import '../data-folder.ts';
import { KERNEL } from './kernel.ts';

export type Content = Readonly<Record<string, unknown>>;
export type WireMessage = Message<string, Content>;

export interface Sent {
  readonly channel?: Channel;
  readonly metadata?: Content;
  readonly buffers?: readonly string[];
  readonly header?: Content;
  readonly parent?: Header | Record<string, never>;
}

const PATIENCE_MS = 15_000;

export class Wire {
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  /** Everything the kernel said, in its order. */
  readonly messages: WireMessage[] = [];

  static async start(options: Partial<KernelOptions> = {}): Promise<Wire> {
    return new Wire(await spawnKernel({ kernel: KERNEL, folder: tmpdir(), ...options }));
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    const lines = createInterface({ input: this.#child.stdio[3] as NodeJS.ReadableStream });
    lines.on('line', line => {
      this.messages.push(JSON.parse(line) as WireMessage);
      for (const watch of this.#watchers) watch();
    });
    this.#child.stdout?.resume();
    this.#child.stderr?.resume();
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Sends one message and gives its header. */
  send(msg_type: string, content: unknown, sent: Sent = {}): Header {
    const header = {
      ...{ msg_id: randomUUID(), msg_type, session: 'test', username: 'test' },
      ...{ date: new Date().toISOString(), version: '5.4' },
      ...sent.header,
    };
    const { channel = 'shell', parent = {}, metadata = {}, buffers } = sent;
    this.write(JSON.stringify({ channel, header, parent_header: parent, metadata, content, buffers }));
    return header;
  }

  /** Writes a line that need not be a message. */
  write(line: string): void {
    (this.#child.stdio[3] as NodeJS.WritableStream).write(`${line}\n`);
  }

  /** The first message, past or to come, that `is` accepts. */
  async until(is: (message: WireMessage) => boolean, patience = PATIENCE_MS): Promise<WireMessage> {
    const end = Date.now() + patience;
    for (;;) {
      const found = this.messages.find(is);
      if (found) return found;
      const { exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`The kernel ended: ${signalCode ?? exitCode}`);
      if (Date.now() > end) throw new Error(`It never came; there were:\n${this.#summary()}`);
      await this.#next();
    }
  }

  /** All that was said to a request, once it is idle and, where it has one, its reply is there. */
  async answered(header: Header, hasReply = true): Promise<WireMessage[]> {
    await this.until(message => isOf(message, header) && message.content.execution_state === 'idle');
    if (hasReply)
      await this.until(message => isOf(message, header) && message.header.msg_type.endsWith('_reply'));
    return this.messages.filter(message => isOf(message, header));
  }

  /** Sends a request and gives what was said to it. */
  request(type: string, content: unknown, sent: Sent = {}): Promise<WireMessage[]> {
    return this.answered(this.send(type, content, sent));
  }

  /** Runs a cell as Jupyter's front ends ask for it, without a look at its types. */
  execute(code: string, content: Content = {}, sent: Sent = {}): Header {
    const request = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    const metadata = { gatebook: { typeErrors: 'off' } };
    return this.send('execute_request', { ...request, ...content }, { metadata, ...sent });
  }

  async run(code: string, content: Content = {}, sent: Sent = {}): Promise<WireMessage[]> {
    return this.answered(this.execute(code, content, sent));
  }

  async end(): Promise<void> {
    const gone = new Promise(resolve => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await gone;
    }
  }

  #summary(): string {
    return this.messages.slice(-30).map(summary).join('\n');
  }

  async #next(): Promise<void> {
    let watch = () => {};
    const heard = new Promise<void>(resolve => {
      watch = resolve;
      this.#watchers.add(resolve);
    });
    await Promise.race([heard, sleep(1000, undefined, { ref: false })]);
    this.#watchers.delete(watch);
  }
}

export function isOf(message: WireMessage, header: Header): boolean {
  return 'msg_id' in message.parent_header && message.parent_header.msg_id === header.msg_id;
}

/** A message in a line: `iopub status busy`, `shell execute_reply ok`. */
export function summary({ channel, header, content }: WireMessage): string {
  const { execution_state, status, name } = content;
  return [channel, header.msg_type, execution_state ?? status ?? name].filter(Boolean).join(' ');
}

/** Content of the only message of a type. */
export function only(messages: readonly WireMessage[], type: string): Content {
  const found = messages.filter(message => message.header.msg_type === type);
  if (found.length !== 1) throw new Error(`${found.length} ${type}:\n${messages.map(summary).join('\n')}`);
  return found[0]!.content;
}

/** Everything printed on one stream. */
export function printed(messages: readonly WireMessage[], name = 'stdout'): string {
  return messages
    .filter(message => message.header.msg_type === 'stream' && message.content.name === name)
    .map(message => message.content.text)
    .join('');
}

/** Text of the result, undefined where there is none. */
export function resultOf(messages: readonly WireMessage[]): unknown {
  const result = messages.find(message => message.header.msg_type === 'execute_result');
  return (result?.content.data as Content | undefined)?.['text/plain'];
}
