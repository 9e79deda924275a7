// Between a Jupyter front end and the kernel process: owns the sockets, passes messages both ways, and
// outlives the process. When it dies, the cell that ran says why, and a fresh one takes its place behind
// the same sockets. No user code runs here, so the heartbeat never stops.
import type { KernelDied } from '../client/errors.ts';
import type { Channel, Header, Message } from '../protocol.ts';
import type { Child, StreamName } from './child.ts';
import type { Connection } from './connection.ts';
import { type Log, limitedLog } from './log.ts';
import { errorContent, message, replyType, SESSION } from './messages.ts';
import { Publishing } from './publish.ts';
import { isCell, type Request, Requests } from './requests.ts';
import { SendQueue } from './send-queue.ts';
import { bindSockets, echo, type Reader, type Sockets, setNoDrop } from './sockets.ts';
import { type Received, Refused, toLine, toWire, Wire, type WireMessage } from './wire.ts';

/** Output that may wait here before the kernel process has to: bounds memory when a front end is slow. */
const OUTPUT_WAITING = 2 * 1024 * 1024;
/** While a request on control has no reply: its reply comes behind what the kernel had said already. */
const OUTPUT_BEFORE_REPLY = 32 * 1024 * 1024;
/** How long the kernel process may take to end once told to. */
const SHUTDOWN_MS = 3000;
/** So many kernel processes in a row may die before any cell ran. */
const MOST_IDLE_DEATHS = 3;
/** How long what was said last may take to leave. */
const FAREWELL_MS = 2000;

export interface BridgeOptions {
  readonly connection: Connection;
  /** The process started first; before this module was loaded, so that both start at once. */
  readonly child: Child;
  /** Starts another. */
  readonly spawn: () => Promise<Child>;
  readonly log: Log;
}

/** The shutdown_request under way. */
interface Closing {
  readonly header: Header;
  readonly restart: boolean;
}

export class Bridge {
  readonly #options: BridgeOptions;
  readonly #sockets: Sockets;
  readonly #wire: Wire;
  readonly #log: Log;
  readonly #publishing: Publishing;
  readonly #requests = new Requests();
  /** Output and the replies that belong after it, in order. */
  readonly #ordered = new SendQueue(() =>
    this.#requests.isControlWaiting ? OUTPUT_BEFORE_REPLY : OUTPUT_WAITING,
  );
  /** Replies on control, which wait for no output. */
  readonly #urgent = new SendQueue(() => Number.POSITIVE_INFINITY);
  #child: Child;
  /** Requests wait for it while there is no kernel process. */
  #alive: Promise<void> = Promise.resolve();
  #revive: () => void = () => {};
  #closing: Closing | undefined;
  #idleDeaths = 0;

  /** Binds the sockets. @throws ConnectionFileError */
  static async open(options: BridgeOptions): Promise<Bridge> {
    return new Bridge(options, await bindSockets(options.connection));
  }

  private constructor(options: BridgeOptions, sockets: Sockets) {
    this.#options = options;
    this.#sockets = sockets;
    this.#child = options.child;
    this.#wire = new Wire(options.connection.key, options.connection.hash);
    this.#log = limitedLog(options.log);
    const { iopub } = sockets;
    const publisher = {
      send: (frames: Uint8Array[]) => iopub.send(frames),
      setNoDrop: (noDrop: boolean) => setNoDrop(iopub, noDrop),
    };
    this.#publishing = new Publishing(publisher, options.log);
  }

  /** Serves until told to end; nothing of it is left then. @throws KernelFailedToStart */
  async run(): Promise<void> {
    const { shell, control, stdin, iopub, hb } = this.#sockets;
    void echo(hb);
    void this.#welcome(iopub as Reader);
    void this.#receive('shell', shell as Reader);
    void this.#receive('control', control as Reader);
    void this.#receive('stdin', stdin as Reader);
    try {
      await this.#keepKernel();
    } finally {
      const said = Promise.all([this.#ordered.empty(), this.#urgent.empty()]);
      await Promise.race([said, new Promise(resolve => setTimeout(resolve, FAREWELL_MS).unref())]);
      this.#sockets.close();
    }
  }

  /** Stops the running cell, as a front end's interrupt_request does. */
  interrupt(): void {
    this.#child.send(toLine('control', message('interrupt_request', {}, undefined)));
  }

  /** Ends the kernel process, and with it {@link run}. */
  shutDown(): void {
    const { header, ...rest } = message('shutdown_request', { restart: false }, undefined);
    this.#child.send(toLine('control', { header, ...rest }));
    this.#close({ header, restart: false });
  }

  #close(asked: Closing): void {
    if (this.#closing) return;
    this.#closing = asked;
    setTimeout(() => this.#child.kill(), SHUTDOWN_MS).unref();
  }

  async #keepKernel(): Promise<void> {
    while (!this.#closing) {
      this.#publish(message('status', { execution_state: 'starting' }, undefined));
      this.#revive();
      try {
        const died = await this.#child.run(this.#events);
        if (!this.#closing) this.#noteDeath(died);
        this.#endRequests(died);
        if (!this.#closing) this.#child = await this.#options.spawn();
      } catch (error) {
        this.#child.kill();
        this.#endRequests(error as Error);
        if (!this.#closing) throw error;
      }
    }
    const { header, restart } = this.#closing;
    this.#publish(message('shutdown_reply', { status: 'ok', restart }, header));
  }

  /** @throws KernelDied where one after another dies before a cell ran: the next would, too */
  #noteDeath(died: KernelDied): void {
    this.#options.log(died.message);
    this.#idleDeaths = this.#requests.lastCell ? 0 : this.#idleDeaths + 1;
    if (this.#idleDeaths >= MOST_IDLE_DEATHS) throw died;
  }

  readonly #events = {
    // Nobody asked the new one anything: it says itself that it is not at work.
    onReady: () => this.#publish(message('status', { execution_state: 'idle' }, undefined)),
    onMessage: (said: Message) => this.#fromKernel(said),
    onNative: (name: StreamName, text: string) => this.#fromNative(name, text),
    onExit: () => {
      this.#alive = new Promise(resolve => {
        this.#revive = resolve;
      });
    },
  };

  // ------------------------------------------------------------------------------ from the front end

  async #receive(channel: Exclude<Channel, 'iopub'>, socket: Reader): Promise<void> {
    for await (const frames of socket) {
      await this.#alive;
      try {
        this.#take(channel, this.#wire.decode(frames));
      } catch (error) {
        // A fault of our own must not end the user's kernel either.
        const why = error instanceof Refused ? error.message : (error as Error).stack;
        this.#log(`dropped a message on ${channel}: ${why}`);
      }
    }
  }

  /** @throws Refused */
  #take(channel: Channel, received: Received): void {
    const { header, content } = received.message;
    if (channel === 'stdin' && header.msg_type !== 'input_reply') throw new Refused('it is no input_reply');
    if (channel !== 'stdin' && !this.#requests.add(channel, received)) {
      throw new Refused(`a request ${header.msg_id} is under way`);
    }
    this.#ordered.wake();
    if (header.msg_type === 'connect_request') this.#answerConnect(received.message);
    else this.#forward(channel, received.message);
    if (header.msg_type === 'shutdown_request') this.#close({ header, restart: content.restart === true });
  }

  /** What does not fit through the pipe is answered here. @throws Unfit */
  #forward(channel: Channel, wire: WireMessage): void {
    try {
      this.#child.send(toLine(channel, wire));
    } catch (error) {
      const request = this.#requests.of({ parent_header: wire.header });
      if (request && channel !== 'stdin') this.#refuse(request, error as Error);
      throw error;
    }
  }

  #refuse(request: Request, { name, message: why }: Error): void {
    const words = `The kernel cannot take this ${request.header.msg_type}: ${why}`;
    this.#tellState(request, 'busy');
    if (request.header.msg_type.endsWith('_request'))
      this.#reply(request, {
        status: 'error',
        execution_count: 0,
        ...errorContent({ name, message: words }),
      });
    this.#tellState(request, 'idle');
  }

  #answerConnect({ header }: WireMessage): void {
    const { ports } = this.#options.connection;
    const named = Object.fromEntries(Object.entries(ports).map(([name, port]) => [`${name}_port`, port]));
    const request = this.#requests.of({ parent_header: header })!;
    this.#tellState(request, 'busy');
    this.#reply(request, { status: 'ok', ...named });
    this.#tellState(request, 'idle');
  }

  /** Each subscriber hears that it is one: from then on it misses nothing (JEP 65). */
  async #welcome(iopub: Reader): Promise<void> {
    for await (const [event] of iopub) {
      if (event?.[0] !== 1) continue;
      const topic = event.subarray(1);
      this.#publish(
        message('iopub_welcome', { subscription: Buffer.from(topic).toString() }, undefined),
        topic,
      );
    }
  }

  // ---------------------------------------------------------------------------------- from the kernel

  async #fromKernel(said: Message): Promise<void> {
    const request = this.#requests.of(said);
    const isReply = said.channel !== 'iopub';
    // Native output is in other pipes: what the cell wrote there comes before its end.
    if (request && isReply && isCell(request)) await this.#child.drained();
    if (request) this.#requests.note(request, said);
    const wire = toWire(said);
    if (!isReply) this.#publish(wire);
    else if (request) this.#send(said.channel, request, wire);
    await this.#ordered.room();
  }

  #fromNative(name: StreamName, text: string): Promise<void> | undefined {
    const cell = this.#requests.lastCell;
    if (!cell)
      process[name].write(text); // no cell to show it in
    else this.#publish(message('stream', { name, text }, cell.header));
    return this.#ordered.isFull ? this.#ordered.room() : undefined;
  }

  // ------------------------------------------------------------------------------- to the front end

  #publish(wire: WireMessage, topic: Uint8Array = Buffer.from(`kernel.${SESSION}.${wire.header.msg_type}`)) {
    const frames = this.#wire.encode([topic], wire);
    this.#ordered.push({ bytes: size(frames), send: () => this.#safely(this.#publishing.send(frames)) });
  }

  #send(channel: Channel, request: Request, wire: WireMessage): void {
    const frames = this.#wire.encode(request.identities, wire);
    const socket = this.#sockets[channel as 'shell' | 'control' | 'stdin'];
    const queue = channel === 'control' ? this.#urgent : this.#ordered;
    queue.push({ bytes: size(frames), send: () => this.#safely(socket.send(frames)) });
  }

  /** What cannot be sent is said, and nothing else stops. */
  async #safely(sent: Promise<void>): Promise<void> {
    try {
      await sent;
    } catch (error) {
      if (!this.#closing) this.#log(`a message could not be sent: ${(error as Error).message}`);
    }
  }

  #reply(request: Request, content: object): void {
    const wire = message(replyType(request.header), content, request.header);
    this.#requests.note(request, wire);
    this.#send(request.channel, request, wire);
  }

  #tellState(request: Request, execution_state: 'busy' | 'idle'): void {
    const wire = message('status', { execution_state }, request.header);
    this.#requests.note(request, wire);
    this.#publish(wire);
  }

  /** Everything under way ends: the running cell with the reason, those behind it as aborted. */
  #endRequests(reason: Error): void {
    const failure = errorContent(reason);
    for (const request of this.#requests.takeAll()) {
      const isRunning = isCell(request) && request.isBusy && !this.#closing;
      if (!request.isBusy) this.#tellState(request, 'busy');
      if (!request.isReplied && request.header.msg_type.endsWith('_request')) {
        if (isRunning) this.#publish(message('error', failure, request.header));
        this.#reply(request, this.#lastReply(request, isRunning, failure));
      }
      this.#tellState(request, 'idle');
    }
  }

  #lastReply({ header, count }: Request, isRunning: boolean, failure: object): object {
    if (header.msg_type === 'shutdown_request') return { status: 'ok', restart: this.#closing?.restart };
    if (isRunning) return { status: 'error', execution_count: count, ...failure };
    if (header.msg_type === 'execute_request') return { status: 'aborted', execution_count: count };
    return { status: 'error', ...failure };
  }
}

function size(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, frame) => sum + frame.length, 512);
}
