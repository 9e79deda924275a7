// The queue of cells: one runs, the others wait, and those behind a failed one are aborted.
import type { ToMain } from '../link.ts';
import type { ErrorContent, ExecuteMetadata, ExecuteReply, ExecuteRequest, Message } from '../protocol.ts';
import type { Outbox } from './outbox.ts';

interface Running {
  readonly message: Message;
  readonly request: ExecuteRequest;
}

interface ShellOptions {
  readonly outbox: Pick<Outbox, 'publish' | 'reply'>;
  readonly post: (message: ToMain) => void;
  /** False while an interrupt is being carried out: it must not hit the next cell. */
  readonly mayStart: () => boolean;
}

export class Shell {
  readonly #options: ShellOptions;
  readonly #queue: Message[] = [];
  #running: Running | undefined;
  #enabled = false;
  #count = 0;

  constructor(options: ShellOptions) {
    this.#options = options;
  }

  /** Main has loaded: cells may start. */
  enable(): void {
    this.#enabled = true;
    this.next();
  }

  submit(message: Message): void {
    this.#queue.push(message);
    this.next();
  }

  /** Starts the next cell where that is possible. */
  next(): void {
    if (!this.#enabled || this.#running || !this.#options.mayStart()) return;
    const message = this.#queue.shift();
    if (message) this.#start(message);
  }

  /** The running cell is over. */
  done(error: ErrorContent | null): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    this.#finish(running.message, this.#reply(error));
    if (error && running.request.stop_on_error) this.abortQueued();
    this.next();
  }

  abortQueued(): void {
    for (const message of this.#queue.splice(0)) {
      this.#options.outbox.publish('status', { execution_state: 'busy' }, message);
      this.#finish(message, { status: 'aborted', execution_count: this.#count });
    }
  }

  #start(message: Message): void {
    const request = message.content as ExecuteRequest;
    const { outbox, post } = this.#options;
    this.#running = { message, request };
    if (request.store_history && !request.silent) this.#count++;
    const count = this.#count;
    outbox.publish('status', { execution_state: 'busy' }, message);
    if (!request.silent) {
      outbox.publish('execute_input', { code: request.code, execution_count: count }, message);
    }
    post({
      kind: 'execute',
      parent: JSON.stringify(message.header),
      code: request.code,
      count,
      silent: request.silent,
      gatebook: (message.metadata.gatebook ?? {}) as ExecuteMetadata,
    });
  }

  #reply(error: ErrorContent | null): ExecuteReply {
    const execution_count = this.#count;
    if (error) return { status: 'error', execution_count, ...error };
    return { status: 'ok', execution_count, user_expressions: {} };
  }

  #finish(message: Message, reply: ExecuteReply): void {
    this.#options.outbox.reply(message, reply);
    this.#options.outbox.publish('status', { execution_state: 'idle' }, message);
  }
}
