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
  Page,
} from '../protocol.ts';
import { type OpenComms, readComm } from './comms.ts';
import { RequestError, readExecute } from './fields.ts';
import { type HelpRequest, readHelp } from './help.ts';
import type { History } from './history.ts';
import type { Outbox } from './outbox.ts';
import type { Questions } from './questions.ts';
import type { Check, TypeCheck } from './type-check.ts';
import { typesAsked } from './types-asked.ts';

type CommWork = ReturnType<typeof readComm> & { readonly kind: 'comm' };
type ExecuteWork = { readonly kind: 'execute'; readonly request: ExecuteRequest };
type Work = ExecuteWork | CommWork;

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
  /** What the cell asks for, where it is no code. */
  readonly help: HelpRequest | undefined;
  /** Whether main has it: a cell whose types are examined first may be given up before. */
  isPosted: boolean;
}

/** One shell or subshell. */
interface Lane {
  readonly queue: Waiting[];
  running: Running | undefined;
}

interface ShellOptions {
  readonly outbox: Pick<Outbox, 'publish' | 'reply' | 'flush'>;
  readonly post: (message: ToMain) => void;
  /** False while an interrupt is being carried out: it must not hit the next cell. */
  readonly mayStart: () => boolean;
  readonly history: History;
  readonly comms: OpenComms;
  readonly questions: Questions;
  readonly types: TypeCheck;
  /** Told of each cell that ran, for the language service. */
  readonly onRan: (code: string, count: number) => void;
  readonly help: (request: HelpRequest) => Promise<Page>;
}

/** How a job ended; main's are done, the others never reached it. */
type Ending = Omit<Done, 'job'> & { readonly payload?: readonly Page[] };

const NOTHING: Ending = { error: null, expressions: {}, result: null };

const LOST: ErrorContent = {
  ename: 'Interrupted',
  evalue: 'The cell was interrupted as it ended.',
  traceback: ['Interrupted: The cell was interrupted as it ended.'],
};

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
      void this.#end(running, { ...NOTHING, error: INTERRUPTED });
    }
  }

  /** Main has ended all cells for an interrupt. Of one that was just ending when it was hit, it knows no more. */
  endLost(): void {
    for (const running of this.#running.values()) {
      if (running.isPosted) void this.#end(running, { ...NOTHING, error: LOST });
    }
  }

  createSubshell(): string {
    const id = randomUUID();
    this.#subshells.set(id, { queue: [], running: undefined });
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

  /**
   * Another request is idle. Jupyter Server and JupyterLab keep one state for the whole kernel, the last they
   * heard: with a completion's `idle` they would take a kernel that trains for hours for idle, and end it.
   */
  sayBusy(): void {
    for (const { work, message } of this.#running.values()) {
      if (work.kind === 'execute')
        this.#options.outbox.publish('status', { execution_state: 'busy' }, message);
    }
  }

  /** Whether main has nothing to do. */
  get isIdle(): boolean {
    return ![...this.#running.values()].some(({ isPosted }) => isPosted);
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
    const help = work.kind === 'execute' ? readHelp(work.request.code) : undefined;
    const running: Running = {
      ...{ message, work, lane, help },
      job: ++this.#jobs,
      count: this.#count,
      started: new Date().toISOString(),
      check: work.kind === 'execute' ? this.#announce(message, work, help !== undefined) : undefined,
      isPosted: false,
    };
    lane.running = running;
    this.#running.set(running.job, running);
    if (help) void this.#help(running, help);
    else if (running.check?.verdict) void this.#startIfSound(running, running.check.verdict);
    else this.#post(running);
  }

  /** What is said of a cell that begins. */
  #announce(message: Message, { request }: ExecuteWork, isHelp: boolean): Check {
    const { code, silent, store_history } = request;
    const { outbox, history, types } = this.#options;
    const count = this.#count;
    if (!silent) outbox.publish('execute_input', { code, execution_count: count }, message);
    if (store_history) history.add(count, code);
    return types.begin(message, code, count, silent || isHelp ? 'off' : typesAsked(message));
  }

  async #startIfSound(running: Running, verdict: Promise<ErrorContent | null>): Promise<void> {
    const error = await verdict;
    if (!this.#running.has(running.job)) return; // interrupted meanwhile
    if (!error) return this.#post(running);
    this.#options.outbox.publish('error', error, running.message);
    await this.#end(running, { ...NOTHING, error });
  }

  async #help(running: Running, request: HelpRequest): Promise<void> {
    const page = await this.#options.help(request);
    if (this.#running.has(running.job)) await this.#end(running, { ...NOTHING, payload: [page] });
  }

  #post(running: Running): void {
    const { job, message, work, count } = running;
    const parent = JSON.stringify(message.header);
    running.isPosted = true;
    // What the cell's native code writes goes by other pipes: who reads all must know by then whose it is.
    this.#options.outbox.flush();
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

  async #end(running: Running, ending: Ending): Promise<void> {
    const { job, lane, message, work, count, started } = running;
    const { error, result } = ending;
    this.#running.delete(job);
    this.#options.questions.forget(JSON.stringify(message.header));
    if (work.kind === 'execute') {
      if (work.request.store_history) this.#options.history.addResult(count, result);
      await running.check?.finish();
      const reply = replyOf(count, ending);
      const metadata = { started, dependencies_met: true, status: reply.status };
      this.#options.outbox.reply(message, reply, metadata);
    }
    this.#options.outbox.publish('status', { execution_state: 'idle' }, message);
    this.sayBusy();
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

function replyOf(execution_count: number, { error, expressions, payload = [] }: Ending): ExecuteReply {
  const common = { execution_count, user_expressions: expressions };
  if (error) return { status: 'error', ...common, payload: [], ...error };
  return { status: 'ok', ...common, payload };
}

function metadataOf(message: Message): ExecuteMetadata {
  const { gatebook } = message.metadata;
  return typeof gatebook === 'object' && gatebook !== null ? gatebook : {};
}
