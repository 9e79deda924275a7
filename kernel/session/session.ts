// Runs the cells on the main thread, one after another, driven by messages of the control thread: when a
// microtask is terminated V8 drops all others, so nothing here may depend on a promise of its own.

import v8 from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import { SLOT, type ToControl, type ToMain } from '../link.ts';
import { type ErrorContent, INTERRUPT_SYMBOL, LANGUAGE_SYMBOL } from '../protocol.ts';
import { Checkpoint } from './checkpoint.ts';
import { runInCell } from './current-cell.ts';
import { describeError } from './describe-error.ts';
import { installDisplay, isDisplayHandle } from './display.ts';
import { type CellOutcome, Evaluator } from './evaluate.ts';
import { forbidExit, surviveFaults } from './faults.ts';
import { toBundle } from './inspect.ts';
import { Interrupted } from './interrupted.ts';
import { Interrupting } from './interrupting.ts';
import { installModuleHooks } from './modules.ts';
import { Output } from './output.ts';
import { Shield } from './shield.ts';
import { captureStreams } from './streams.ts';
import { TensorFlowState } from './tensorflow-state.ts';

type Execute = Extract<ToMain, { kind: 'execute' }>;

/** The running cell. */
interface Cell {
  readonly request: Execute;
  /** Displays whose bundle is still being made. */
  readonly showing: Set<Promise<void>>;
}

class Session {
  readonly #port: MessagePort;
  readonly #shared: Int32Array;
  readonly #exit: (code: number) => void;
  readonly #output: Output;
  readonly #interrupting: Interrupting;
  readonly #shield: Shield;
  readonly #tensorflow: TensorFlowState;
  readonly #checkpoint = new Checkpoint();
  readonly #evaluator: Evaluator;
  readonly #setImmediate = globalThis.setImmediate; // a cell may replace the global
  #cell: Cell | undefined;

  constructor(port: MessagePort, shared: Int32Array, exit: (code: number) => void) {
    this.#port = port;
    this.#shared = shared;
    this.#exit = exit;
    this.#output = new Output(port, shared);
    this.#interrupting = new Interrupting(shared);
    this.#shield = new Shield(shared);
    this.#tensorflow = new TensorFlowState(status => this.#post({ kind: 'backend', status }), this.#shield);
    this.#evaluator = new Evaluator({ folder: process.cwd(), check: this.#checkpoint, shield: this.#shield });
    const get = () => this.#checkpoint.signal;
    Object.defineProperty(globalThis, Symbol.for(INTERRUPT_SYMBOL), { get });
    installDisplay(this.#output, work => this.#waitFor(work));
    captureStreams(this.#output);
    surviveFaults(this.#output);
    forbidExit();
  }

  receive(message: ToMain): void {
    if (message.kind === 'execute') this.#execute(message);
    else if (message.kind === 'interrupt') this.#interrupt(message.id);
    else if (message.kind === 'killed') this.#killed(message.id);
    else this.#exit(0);
  }

  #execute(request: Execute): void {
    const cell: Cell = { request, showing: new Set() };
    this.#output.flush(); // text of a timer belongs to the cell before
    this.#cell = cell;
    this.#tensorflow.cellStarts();
    if (request.gatebook.language) setLanguage(request.gatebook.language);
    runInCell(request.parent, () => this.#run(cell));
  }

  #run(cell: Cell): void {
    this.#evaluator
      .run(cell.request.code, cell.request.count)
      .then(outcome => this.#showResult(cell, outcome))
      .then(
        () => this.#finishSoon(cell, null),
        error => this.#finishSoon(cell, describeError(error)),
      );
  }

  async #showResult(cell: Cell, outcome: CellOutcome): Promise<void> {
    const show = outcome.hasValue && !isDisplayHandle(outcome.value) && !cell.request.silent;
    const data = show ? await toBundle(outcome.value) : undefined;
    while (cell.showing.size > 0) await Promise.all(cell.showing);
    if (!data || cell !== this.#cell) return;
    const execution_count = cell.request.count;
    this.#output.send('execute_result', { data, metadata: {}, transient: {}, execution_count });
  }

  /** One turn later: Node reports a rejection that nobody handled only after the microtasks. */
  #finishSoon(cell: Cell, error: ErrorContent | null): void {
    this.#setImmediate(() => this.#finish(cell, error));
  }

  #finish(cell: Cell, error: ErrorContent | null): void {
    if (cell !== this.#cell) return;
    this.#cell = undefined;
    this.#tensorflow.cellEnds();
    if (error && !cell.request.silent) this.#output.send('error', error, cell.request.parent);
    this.#output.flush();
    this.#post({ kind: 'done', error });
  }

  #interrupt(id: number): void {
    const asked = id * 4;
    if (Atomics.compareExchange(this.#shared, SLOT.decision, asked, asked + 1) !== asked) return; // being killed
    this.#tensorflow.stopTraining();
    this.#stop(id, new Interrupted());
  }

  #killed(id: number): void {
    const stack = this.#interrupting.recover();
    this.#shield.drop();
    this.#tensorflow.repair();
    this.#stop(id, new Interrupted(stack));
  }

  #stop(id: number, error: Interrupted): void {
    this.#checkpoint.interrupt();
    if (this.#cell) this.#finish(this.#cell, describeError(error));
    this.#post({ kind: 'interrupted', id });
  }

  #waitFor(work: Promise<void>): void {
    const { showing } = this.#cell ?? { showing: new Set<Promise<void>>() };
    const tracked = work.finally(() => showing.delete(tracked));
    showing.add(tracked);
  }

  #post(message: ToControl): void {
    this.#port.postMessage(message);
  }
}

function setLanguage(language: string): void {
  (globalThis as Record<symbol, unknown>)[Symbol.for(LANGUAGE_SYMBOL)] = language;
}

/** Loads what cells need, then tells control that they may come. */
export function startSession(port: MessagePort, shared: Int32Array, exit: (code: number) => void): void {
  // Each cell is compiled once; V8's cache would keep all of them.
  v8.setFlagsFromString('--no-compilation-cache');
  installModuleHooks(process.cwd());
  const session = new Session(port, shared, exit);
  port.on('message', (message: ToMain) => session.receive(message));
  port.postMessage({ kind: 'loaded' } satisfies ToControl);
}
