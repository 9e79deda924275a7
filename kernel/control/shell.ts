// The queues of work for main: cells and messages of comms, one after another in each shell. A subshell has
// a queue of its own, whose work runs on main's event loop while the work of another shell awaits; where
// main computes without awaiting, all wait for it, as there is one thread for the variables of the session.
import { randomUUID } from 'node:crypto';
import type { Done, ToMain } from '../link.ts';
import type {
  ErrorContent,
  ExecuteMetadata,
  ExecuteReply,
  ExecuteRequest,
  Message,
  TypeErrors,
} from '../protocol.ts';
import { type OpenComms, readComm } from './comms.ts';
import { RequestError, readExecute } from './fields.ts';
import type { History } from './history.ts';
import type { Outbox } from './outbox.ts';
import type { Questions } from './questions.ts';
import type { Check, TypeCheck } from './type-check.ts';

type CommWork = ReturnType<typeof readComm> & { readonly kind: 'comm' };
type Work = { readonly kind: 'execute'; readonly request: ExecuteRequest } | CommWork;

interface Waiting {
  readonly message: Message;
  readonly work: Work;
}

interface Running extends Waiting {
  readonly job: number;
  readonly lane: Lane;
  readonly count: number;
  /** When it began, ISO 8601. */
  readonly started: string;
  readonly check: Check | undefined;
  /** Whether main has it: a cell whose types are examined first may be given up before. */
  isPosted: boolean;
}

/** One shell or subshell. */
interface Lane {
  readonly queue: Waiting[];
  running: Running | undefined;
}

interface ShellOptions {
  readonly outbox: Pick<Outbox, 'publish' | 'reply'>;
  readonly post: (message: ToMain) => void;
  /** False while an interrupt is being carried out: it must not hit the next cell. */
  readonly mayStart: () => boolean;
  readonly history: History;
  readonly comms: OpenComms;
  readonly questions: Questions;
  readonly types: TypeCheck;
  /** Told of each cell that ran, for the language service. */
  readonly onRan: (code: string, count: number) => void;
}

const INTERRUPTED: ErrorContent = {
  ename: 'Interrupted',
  evalue: 'The cell was interrupted before it began.',
  traceback: ['Interrupted: The cell was interrupted before it began.'],
};

export class Shell {
  readonly #options: ShellOptions;
  readonly #main: Lane = { queue: [], running: undefined };
  readonly #subshells = new Map<string, Lane>();
  readonly #running = new Map<number, Running>();
  #enabled = false;
  #count = 0;
  #jobs = 0;

  constructor(options: ShellOptions) {
    this.#options = options;
  }

  /** Main has loaded: cells may start. */
  enable(): void {
    this.#enabled = true;
    this.next();
  }

  /** @throws RequestError */
  execute(message: Message): void {
    this.#submit(message, { kind: 'execute', request: readExecute(message) });
  }

  /** @throws RequestError */
  comm(message: Message): void {
    this.#submit(message, { kind: 'comm', ...readComm(message) });
  }

  /** Starts whatever can start. */
  next(): void {
    for (const lane of [this.#main, ...this.#subshells.values()]) this.#advance(lane);
  }

  /** Main has ended a job. */
  done(done: Done): void {
    const running = this.#running.get(done.job);
    if (running) void this.#end(running, done);
  }

  /** An interrupt: what waits is forgotten. Main ends what it runs. */
  abortAll(): void {
    for (const lane of this.#lanes()) {
      this.#abortQueue(lane);
      const { running } = lane;
      if (!running || running.isPosted) continue;
      void this.#end(running, { job: running.job, error: INTERRUPTED, expressions: {}, result: null });
    }
  }

  createSubshell(): string {
    const id = randomUUID();
    this.#subshells.set(id, { queue: [], running: undefined });
    this.#options.post({ kind: 'subshells' });
    return id;
  }

  /** What it runs goes on; what waits is aborted. @throws RequestError */
  deleteSubshell(id: string): void {
    const lane = this.#subshell(id);
    this.#subshells.delete(id);
    this.#abortQueue(lane);
  }

  get subshells(): readonly string[] {
    return [...this.#subshells.keys()];
  }

  /** Execution count of the newest cell. */
  get count(): number {
    return this.#count;
  }

  #lanes(): Lane[] {
    return [this.#main, ...this.#subshells.values()];
  }

  #submit(message: Message, work: Work): void {
    const id = message.header.subshell_id;
    const lane = id === undefined || id === null ? this.#main : this.#subshell(id);
    lane.queue.push({ message, work });
    this.#advance(lane);
  }

  #subshell(id: string): Lane {
    const lane = this.#subshells.get(id);
    if (lane) return lane;
    const given = String(JSON.stringify(id)).slice(0, 60);
    throw new RequestError('UnknownSubshell', `There is no subshell ${given}: it was deleted, or never made`);
  }

  #advance(lane: Lane): void {
    if (!this.#enabled || lane.running || !this.#options.mayStart()) return;
    const waiting = lane.queue.shift();
    if (waiting) this.#start(lane, waiting);
  }

  #start(lane: Lane, { message, work }: Waiting): void {
    this.#options.outbox.publish('status', { execution_state: 'busy' }, message);
    if (work.kind === 'execute' && work.request.store_history) this.#count++;
    const running: Running = {
      message,
      work,
      lane,
      job: ++this.#jobs,
      count: this.#count,
      started: new Date().toISOString(),
      check: work.kind === 'execute' ? this.#announce(message, work.request) : undefined,
      isPosted: false,
    };
    lane.running = running;
    this.#running.set(running.job, running);
    if (running.check?.verdict) void this.#startIfSound(running, running.check.verdict);
    else this.#post(running);
  }

  /** What is said of a cell that begins. */
  #announce(message: Message, request: ExecuteRequest): Check {
    const { code, silent, store_history } = request;
    const { outbox, history, types } = this.#options;
    const count = this.#count;
    if (!silent) outbox.publish('execute_input', { code, execution_count: count }, message);
    if (store_history) history.add(count, code);
    return types.begin(message, code, count, silent ? 'off' : typeErrorsOf(message));
  }

  async #startIfSound(running: Running, verdict: Promise<ErrorContent | null>): Promise<void> {
    const error = await verdict;
    if (!this.#running.has(running.job)) return; // interrupted meanwhile
    if (!error) return this.#post(running);
    this.#options.outbox.publish('error', error, running.message);
    await this.#end(running, { job: running.job, error, expressions: {}, result: null });
  }

  #post(running: Running): void {
    const { job, message, work, count } = running;
    const parent = JSON.stringify(message.header);
    running.isPosted = true;
    if (work.kind === 'comm') {
      this.#options.comms.received(work);
      this.#options.post({ job, parent, ...work });
      return;
    }
    const { code, silent, allow_stdin, user_expressions } = work.request;
    this.#options.onRan(code, count);
    const gatebook = metadataOf(message);
    this.#options.post({
      ...{ kind: 'execute', job, parent, code, count, silent, gatebook },
      ...{ allowStdin: allow_stdin, expressions: user_expressions },
    });
  }

  async #end(running: Running, { error, expressions, result }: Done): Promise<void> {
    const { job, lane, message, work, count, started } = running;
    this.#running.delete(job);
    this.#options.questions.forget(JSON.stringify(message.header));
    if (work.kind === 'execute') {
      if (work.request.store_history) this.#options.history.addResult(count, result);
      await running.check?.finish();
      const reply = replyOf(count, error, expressions);
      const metadata = { started, dependencies_met: true, status: reply.status };
      this.#options.outbox.reply(message, reply, metadata);
    }
    this.#options.outbox.publish('status', { execution_state: 'idle' }, message);
    lane.running = undefined;
    if (error && work.kind === 'execute' && work.request.stop_on_error) this.#abortQueue(lane);
    this.#advance(lane);
  }

  /** Of cells only: what the other end of a comm said stays said. */
  #abortQueue(lane: Lane): void {
    const { outbox } = this.#options;
    const waiting = lane.queue.splice(0);
    lane.queue.push(...waiting.filter(({ work }) => work.kind === 'comm'));
    for (const { message } of waiting.filter(({ work }) => work.kind === 'execute')) {
      const reply: ExecuteReply = { status: 'aborted', execution_count: this.#count };
      outbox.publish('status', { execution_state: 'busy' }, message);
      outbox.reply(message, reply, { status: 'aborted' });
      outbox.publish('status', { execution_state: 'idle' }, message);
    }
  }
}

function replyOf(
  execution_count: number,
  error: ErrorContent | null,
  user_expressions: Done['expressions'],
): ExecuteReply {
  const common = { execution_count, user_expressions, payload: [] } as const;
  return error ? { status: 'error', ...common, ...error } : { status: 'ok', ...common };
}

function metadataOf(message: Message): ExecuteMetadata {
  const { gatebook } = message.metadata;
  return typeof gatebook === 'object' && gatebook !== null ? gatebook : {};
}

function typeErrorsOf(message: Message): TypeErrors {
  const { typeErrors } = metadataOf(message);
  return typeErrors === 'off' || typeErrors === 'stop' ? typeErrors : 'show';
}
