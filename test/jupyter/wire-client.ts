// A Jupyter front end of our own over real sockets, for the wire tests and for the benchmark: any kernel
// that takes a connection file, and everything it says, in the order in which it came.
import { randomUUID } from 'node:crypto';
import { Dealer, Request, Subscriber } from 'zeromq';
import { type Connection, readConnection } from '../../kernel/jupyter/connection.ts';
import { Wire, type WireMessage } from '../../kernel/jupyter/wire.ts';
import { type Header, JUPYTER_PROTOCOL_VERSION } from '../../kernel/protocol.ts';

export type ClientChannel = 'shell' | 'control' | 'stdin';

export interface Heard extends WireMessage {
  readonly channel: ClientChannel | 'iopub';
  /** performance.now() when it came. */
  readonly at: number;
}

export interface Ran {
  readonly reply: Heard;
  /** Everything on iopub that belongs to the request, `busy` to `idle`. */
  readonly messages: readonly Heard[];
}

interface SendOptions {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly buffers?: readonly Uint8Array[];
  readonly header?: Readonly<Record<string, unknown>>;
}

export class WireClient {
  readonly connection: Connection;
  readonly wire: Wire;
  readonly session = randomUUID();
  /** Everything that came, oldest first. */
  readonly heard: Heard[] = [];
  /** Of what comes, what is kept in `heard`. */
  keeps: (message: Heard) => boolean = () => true;
  /** Goes with every cell. */
  cellMetadata: Readonly<Record<string, unknown>> = {};
  readonly #sockets: Readonly<Record<ClientChannel, Dealer>>;
  readonly #iopub: Subscriber;
  readonly #hb: Request;
  #watchers: (() => void)[] = [];

  /** @param file a connection file. @param reads false: it subscribes and then never takes anything. */
  constructor(file: string, reads = true) {
    this.connection = readConnection(file);
    this.wire = new Wire(this.connection.key, this.connection.hash);
    const { addresses, curve } = this.connection;
    const keys = curve && { curveServerKey: curve.publicKey, curvePublicKey: curve.publicKey };
    const common = { linger: 0, ...keys, ...(curve ? { curveSecretKey: curve.secretKey } : {}) };
    this.#iopub = new Subscriber(common);
    this.#hb = new Request({ ...common, receiveTimeout: 10_000 });
    const dealer = (name: ClientChannel) => {
      const socket = new Dealer({ ...common, routingId: this.session });
      socket.connect(addresses[name]);
      void this.#listen(name, socket as AsyncIterable<Uint8Array[]>);
      return socket;
    };
    this.#sockets = { shell: dealer('shell'), control: dealer('control'), stdin: dealer('stdin') };
    if (!reads) this.#iopub.receiveHighWaterMark = 10;
    this.#iopub.connect(addresses.iopub);
    this.#iopub.subscribe('');
    if (reads) void this.#listen('iopub', this.#iopub as AsyncIterable<Uint8Array[]>);
    this.#hb.connect(addresses.hb);
  }

  /** Connected, subscribed, and the kernel answers. */
  async ready(): Promise<void> {
    await this.waitFor(({ header }) => header.msg_type === 'iopub_welcome');
    await this.request('shell', 'kernel_info_request');
  }

  message(type: string, content: object = {}, options: SendOptions = {}): WireMessage {
    const header: Header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.session,
      username: 'test',
      date: new Date().toISOString(),
      version: JUPYTER_PROTOCOL_VERSION,
      ...options.header,
    };
    return {
      header,
      parent_header: {},
      metadata: options.metadata ?? {},
      content: content as Record<string, unknown>,
      buffers: options.buffers ?? [],
    };
  }

  async send(channel: ClientChannel, message: WireMessage): Promise<void> {
    await this.sendFrames(channel, this.wire.encode([], message));
  }

  async sendFrames(channel: ClientChannel, frames: readonly Uint8Array[]): Promise<void> {
    await this.#sockets[channel].send([...frames]);
  }

  /** Resolves with the reply. */
  async request(
    channel: ClientChannel,
    type: string,
    content: object = {},
    options: SendOptions = {},
  ): Promise<Heard> {
    const message = this.message(type, content, options);
    await this.send(channel, message);
    return this.replyTo(message);
  }

  replyTo({ header }: WireMessage): Promise<Heard> {
    return this.waitFor(
      one => one.channel !== 'iopub' && belongs(one, header) && one.header.msg_type.endsWith('_reply'),
    );
  }

  idleOf({ header }: WireMessage): Promise<Heard> {
    return this.waitFor(one => isState(one, 'idle') && belongs(one, header));
  }

  executeMessage(code: string, content: object = {}): WireMessage {
    const options = {
      ...{ code, silent: false, store_history: true, user_expressions: {} },
      ...{ allow_stdin: false, stop_on_error: true, ...content },
    };
    return this.message('execute_request', options, { metadata: this.cellMetadata });
  }

  /** Runs a cell; resolves when both its reply and its idle have come. */
  async execute(code: string, content: object = {}): Promise<Ran> {
    const message = this.executeMessage(code, content);
    await this.send('shell', message);
    return this.ended(message);
  }

  async ended(message: WireMessage): Promise<Ran> {
    const [reply] = await Promise.all([this.replyTo(message), this.idleOf(message)]);
    const messages = this.heard.filter(one => one.channel === 'iopub' && belongs(one, message.header));
    return { reply, messages };
  }

  /** Starts a cell and waits until it has printed `sign`. */
  async start(code: string, sign: string): Promise<WireMessage> {
    const message = this.executeMessage(code);
    await this.send('shell', message);
    await this.waitFor(
      one =>
        belongs(one, message.header) &&
        (printed([one]).includes(sign) || one.header.msg_type === 'execute_reply'),
    );
    return message;
  }

  /** The first message, of those that came or will come, for which `test` holds. */
  async waitFor(test: (message: Heard) => boolean, timeout = 60_000): Promise<Heard> {
    const end = performance.now() + timeout;
    for (let next = 0; ; ) {
      for (; next < this.heard.length; next++) if (test(this.heard[next]!)) return this.heard[next]!;
      const left = end - performance.now();
      if (left <= 0) throw new Error(`Nothing came in ${timeout} ms for which ${test} holds`);
      await this.#more(left);
    }
  }

  /** Gives the milliseconds that one heartbeat took there and back. */
  async heartbeat(): Promise<number> {
    const begun = performance.now();
    await this.#hb.send('beat');
    await this.#hb.receive();
    return performance.now() - begun;
  }

  close(): void {
    for (const socket of [...Object.values(this.#sockets), this.#iopub, this.#hb]) socket.close();
  }

  async #listen(channel: Heard['channel'], socket: AsyncIterable<Uint8Array[]>): Promise<void> {
    for await (const frames of socket) {
      const heard = { ...this.wire.decode(frames).message, channel, at: performance.now() };
      if (this.keeps(heard)) this.heard.push(heard);
      for (const wake of this.#watchers.splice(0)) wake();
    }
  }

  #more(timeout: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, timeout);
      this.#watchers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

export function belongs(message: WireMessage, header: Header): boolean {
  return (message.parent_header as Partial<Header>).msg_id === header.msg_id;
}

export function isState({ header, content }: WireMessage, state: string): boolean {
  return header.msg_type === 'status' && content.execution_state === state;
}

/** Text of the streams among `messages`. */
export function printed(messages: readonly WireMessage[], name?: 'stdout' | 'stderr'): string {
  return messages
    .filter(({ header, content }) => header.msg_type === 'stream' && (!name || content.name === name))
    .map(({ content }) => content.text)
    .join('');
}

export function types(messages: readonly WireMessage[]): string[] {
  return messages.map(({ header, content }) =>
    header.msg_type === 'status' ? String(content.execution_state) : header.msg_type,
  );
}
