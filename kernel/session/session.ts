// Runs the cells on the main thread, one after another, driven by messages of the control thread: when a
// microtask is terminated V8 drops all others, so nothing here may depend on a promise of its own.

import v8 from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import { isComplete } from '../language/is-complete.ts';
import { type Job, type Single, SLOT, type ToControl, type ToMain } from '../link.ts';
import {
  type BackendStatus,
  type ErrorContent,
  type ExpressionResults,
  INTERRUPT_SYMBOL,
  LANGUAGE_SYMBOL,
  TRAINING_SYMBOL,
} from '../protocol.ts';
import { CHECKPOINT_SYMBOL } from './checked-waits.ts';
import { Checkpoint } from './checkpoint.ts';
import { installComms, type SessionComms } from './comms.ts';
import { currentParent, hideMarks, runInCell } from './current-cell.ts';
import { describeError } from './describe-error.ts';
import { installDisplay, isDisplayHandle } from './display.ts';
import { type CellOutcome, Evaluator } from './evaluate.ts';
import { forbidExit, surviveFaults } from './faults.ts';
import { showFits } from './fit-progress.ts';
import { toBundle } from './inspect.ts';
import { Interrupted } from './interrupted.ts';
import { Interrupting } from './interrupting.ts';
import { installModuleHooks } from './modules.ts';
import { Outgoing } from './outgoing.ts';
import { Output } from './output.ts';
import { Peek } from './peek.ts';
import { installProgress } from './progress.ts';
import type { Bars } from './progress-bars.ts';
import { Shield } from './shield.ts';
import { type Asker, Stdin } from './stdin.ts';
import { StdinStream } from './stdin-stream.ts';
import { captureStreams } from './streams.ts';
import { TensorFlowState } from './tensorflow-state.ts';
import { CellTimers } from './timers.ts';
import { Trainings } from './trainings.ts';
import { evaluateExpressions } from './user-expressions.ts';

type Execute = Extract<Job, { kind: 'execute' }>;

/** A running cell, or what listens to a comm and takes a message of it. */
interface Cell {
  readonly request: Job;
  /** Displays whose bundle is still being made. */
  readonly showing: Set<Promise<void>>;
  /** Text of the result that was shown. */
  result: string | null;
  expressions: ExpressionResults;
}

/** A loop that displays without a pause gives values that take time no chance to be shown. */
const MOST_SHOWING = 10_000;

class Session {
  readonly #outgoing: Outgoing;
  readonly #shared: Int32Array;
  readonly #exit: (code: number) => void;
  readonly #output: Output;
  readonly #interrupting: Interrupting;
  readonly #shield: Shield;
  readonly #trainings: Trainings;
  readonly #tensorflow: TensorFlowState;
  readonly #checkpoint = new Checkpoint();
  readonly #timers = new CellTimers();
  readonly #evaluator: Evaluator;
  readonly #setImmediate = globalThis.setImmediate; // a cell may replace the global
  readonly #comms: SessionComms;
  readonly #bars: Bars;
  readonly #peek: Peek;
  readonly #stdin: StdinStream;
  /** One for each shell that has work: several only where a front end uses subshells. */
  readonly #cells = new Set<Cell>();

  constructor({ port, answers, shared, exit }: SessionOptions) {
    this.#outgoing = new Outgoing(port);
    this.#shared = shared;
    this.#exit = exit;
    this.#output = new Output(this.#outgoing, shared);
    this.#interrupting = new Interrupting(shared);
    this.#shield = new Shield(shared);
    this.#trainings = new Trainings(shared, this.#checkpoint);
    const report = (status: BackendStatus) => this.#post({ kind: 'backend', status });
    const tell = (text: string, parent: string) =>
      this.#output.send('stream', { name: 'stderr', text }, parent);
    const { shield, trainings } = { shield: this.#shield, trainings: this.#trainings };
    this.#tensorflow = new TensorFlowState({ report, tell, shield, trainings });
    this.#evaluator = new Evaluator({ folder: process.cwd(), check: this.#checkpoint, shield: this.#shield });
    const get = () => this.#checkpoint.signal;
    Object.defineProperty(globalThis, Symbol.for(INTERRUPT_SYMBOL), { get });
    const value = <T>(work: () => Promise<T>) => this.#trainings.during(work);
    Object.defineProperty(globalThis, Symbol.for(TRAINING_SYMBOL), { value });
    Object.defineProperty(globalThis, Symbol.for(CHECKPOINT_SYMBOL), { value: this.#checkpoint });
    installDisplay(this.#output, work => this.#waitFor(work));
    this.#bars = installProgress(this.#output);
    showFits(this.#bars);
    this.#comms = installComms(this.#output);
    captureStreams(this.#output);
    this.#stdin = this.#installStdin(answers);
    surviveFaults(this.#output);
    forbidExit();
    hideMarks();
    this.#peek = new Peek(() => this.#evaluator.variables());
    this.#timers.install();
  }

  receive(message: ToMain): void {
    if (message.kind === 'execute' || message.kind === 'comm') this.#begin(message);
    else if (message.kind === 'input') this.#stdin.answered(message.id, message.value);
    else if (message.kind === 'pulse') Atomics.store(this.#shared, SLOT.pulse, message.id);
    else if (message.kind === 'peek')
      this.#post({ kind: 'peeked', id: message.id, found: this.#peek.answer(message.ask) });
    else if (message.kind === 'whole') this.#post({ ...message, whole: isComplete(message.code) });
    else if (message.kind === 'interrupt') this.#interrupt(message);
    else if (message.kind === 'killed') this.#killed(message.id);
    else this.#exit(0);
  }

  #begin(request: Job): void {
    const cell: Cell = { request, showing: new Set(), result: null, expressions: {} };
    this.#output.flush(); // text of a timer belongs to the cell before
    this.#cells.add(cell);
    this.#tensorflow.cellStarts();
    if (request.kind === 'execute' && request.gatebook.language) setLanguage(request.gatebook.language);
    runInCell(request.parent, () => this.#run(cell));
  }

  #run(cell: Cell): void {
    const { request } = cell;
    const work =
      request.kind === 'execute'
        ? this.#runCode(cell, request)
        : this.#comms.receive(request.type, request.comm);
    work.then(
      () => this.#finishSoon(cell, null),
      error => this.#finishSoon(cell, describeError(error)),
    );
  }

  async #runCode(cell: Cell, request: Execute): Promise<void> {
    const { code, count, expressions } = request;
    await this.#showResult(cell, request, await this.#evaluator.run(code, count));
    if (Object.keys(expressions).length === 0) return;
    this.#outgoing.release(); // they may take long
    const evaluate = async (expression: string) => (await this.#evaluator.run(expression, count)).value;
    cell.expressions = await evaluateExpressions(expressions, evaluate);
  }

  async #showResult(cell: Cell, { silent, count }: Execute, outcome: CellOutcome): Promise<void> {
    const show = outcome.hasValue && !isDisplayHandle(outcome.value) && !silent;
    const data = show ? await toBundle(outcome.value) : undefined;
    while (cell.showing.size > 0) await Promise.all(cell.showing);
    if (!data || !this.#cells.has(cell)) return;
    const text = data['text/plain'];
    if (typeof text === 'string') cell.result = text;
    this.#output.result({ data, metadata: {}, transient: {}, execution_count: count });
  }

  /** One turn later: Node reports a rejection that nobody handled only after the microtasks. */
  #finishSoon(cell: Cell, error: ErrorContent | null): void {
    this.#setImmediate(() => this.#finish(cell, error));
  }

  #finish(cell: Cell, error: ErrorContent | null): void {
    if (!this.#cells.has(cell)) return;
    if (this.#isAsked()) return; // the interrupt ends it: what the cell waited for was perhaps ended by it
    if (this.#trainings.cellEnded()) return; // and was ended as interrupted
    this.#end(cell, error);
  }

  #end(cell: Cell, error: ErrorContent | null): void {
    const { request, result, expressions } = cell;
    this.#cells.delete(cell);
    this.#tensorflow.cellEnds();
    this.#bars.cellEnds(request.parent, error !== null);
    if (error && !(request.kind === 'execute' && request.silent)) {
      this.#output.send('error', error, request.parent);
    }
    this.#output.flush();
    if (this.#cells.size === 0) this.#stdin.cellsEnded();
    this.#post({ kind: 'done', job: request.job, error, result, expressions: error ? {} : expressions });
  }

  /** Whether control has asked for an interrupt that this thread has not taken up yet, or is about to kill. */
  #isAsked(): boolean {
    const decision = Atomics.load(this.#shared, SLOT.decision);
    return decision > 0 && decision % 2 === 0;
  }

  #interrupt({ id, isInsisting }: Extract<ToMain, { kind: 'interrupt' }>): void {
    const asked = id * 4;
    if (Atomics.compareExchange(this.#shared, SLOT.decision, asked, asked + 1) !== asked) return; // being killed
    this.#trainings.interrupt(isInsisting, error => this.#stop(id, error));
  }

  #killed(id: number): void {
    Atomics.compareExchange(this.#shared, SLOT.decision, id * 4 + 2, id * 4 + 3);
    const stack = this.#interrupting.recover();
    this.#shield.drop();
    this.#trainings.drop();
    this.#tensorflow.repair();
    this.#stop(id, new Interrupted(stack));
  }

  #stop(id: number, error: Interrupted): void {
    this.#checkpoint.interrupt();
    this.#stdin.interrupted();
    if (this.#cells.size === 0) this.#timers.cut();
    for (const cell of [...this.#cells]) {
      this.#timers.noteInterrupted(cell.request.parent);
      this.#finish(cell, describeError(error));
    }
    this.#post({ kind: 'interrupted', id });
  }

  /** The cell that this code belongs to, if it runs. */
  #current(): Cell | undefined {
    const parent = currentParent();
    return [...this.#cells].find(cell => cell.request.parent === parent);
  }

  #waitFor(work: Promise<void>): void {
    const { showing } = this.#current() ?? { showing: new Set<Promise<void>>() };
    if (showing.size >= MOST_SHOWING) {
      throw new RangeError(
        '10,000 displays of this cell are still being made. Let them be shown: await something in the loop.',
      );
    }
    const tracked = work.finally(() => showing.delete(tracked));
    showing.add(tracked);
  }

  #installStdin(answers: MessagePort): StdinStream {
    const asker = (): Asker | undefined => {
      const { request } = this.#current() ?? {};
      if (!request) return undefined;
      return { parent: request.parent, allowStdin: request.kind === 'execute' && request.allowStdin };
    };
    const stdin = new Stdin({
      ...{ answers, shared: this.#shared, asker },
      post: question => {
        this.#output.flush(); // what was written before is read before
        this.#post({ kind: 'question', ...question });
      },
    });
    stdin.install();
    const stream = new StdinStream({
      stdin,
      isRunning: () => this.#current() !== undefined,
      fail: error => this.#fail(error),
    });
    stream.install();
    return stream;
  }

  /** Ends the current cell with an error that its code cannot learn. */
  #fail(error: unknown): void {
    const cell = this.#current();
    this.#stdin.interrupted();
    if (cell) this.#finish(cell, describeError(error));
  }

  #post(message: Single): void {
    this.#outgoing.post(message);
  }
}

function setLanguage(language: string): void {
  (globalThis as Record<symbol, unknown>)[Symbol.for(LANGUAGE_SYMBOL)] = language;
}

export interface SessionOptions {
  /** To the control thread and from it. */
  readonly port: MessagePort;
  /** Answers to questions for which this thread waits. */
  readonly answers: MessagePort;
  readonly shared: Int32Array;
  /** Node's own process.exit. */
  readonly exit: (code: number) => void;
}

/** Loads what cells need, then tells control that they may come. */
export function startSession(options: SessionOptions): void {
  // Each cell is compiled once; V8's cache would keep all of them.
  v8.setFlagsFromString('--no-compilation-cache');
  installModuleHooks(process.cwd());
  const session = new Session(options);
  const { port } = options;
  port.on('message', (message: ToMain) => session.receive(message));
  port.postMessage({ kind: 'loaded' } satisfies ToControl);
}
