// The near side of the language service: starts its worker thread, asks it, and starts it again when it died.
// The control thread uses it, and the extension may, so it knows nothing of the kernel.
import { Worker } from 'node:worker_threads';
import type { MimeBundle } from '../protocol.ts';
import type {
  CellDiagnostic,
  Completeness,
  Completions,
  FromLanguage,
  LanguageData,
  QuestionName,
  Questions,
  RanCell,
  ToLanguage,
} from './messages.ts';

export { pathAt } from './chain.ts';
export { formatDiagnostics } from './format.ts';
export type { CellDiagnostic, Completeness, Completions } from './messages.ts';

export interface LanguageOptions {
  /** Folder in which the notebook lies: tsconfig.json, packages and relative files are found from it. */
  readonly folder: string;
  /** dist/language-thread.js */
  readonly worker: URL | string;
  /** Told in words that the service died, hung or failed; of the same again only once it has answered between. */
  readonly onTrouble?: (message: string) => void;
  /** How long a question may take before the worker is given up, in ms. */
  readonly patience?: number;
}

/** A cell that nobody could look at. */
export interface Unchecked {
  /** As `the language service ended: …`. */
  readonly why: string;
}

interface Pending {
  readonly message: Extract<ToLanguage, { id: number }>;
  readonly resolve: (answer: unknown) => void;
  /** Answer when none comes. */
  readonly otherwise: (why: string) => unknown;
  /** Workers that died over it. */
  deaths: number;
}

/** Loading TypeScript and tfjs' types takes seconds on a busy machine. */
const PATIENCE_MS = 60_000;

/** A question that a worker died over twice is not asked again. */
const MOST_DEATHS = 2;

/** Plenty (100 cells with tfjs take 150): only a type that explodes gets near it, and memory-guard.ts ends that. */
const HEAP_LIMIT_MB = 1024;

/**
 * Cells kept for a worker that nobody has needed yet, and all their code, in characters: what types are not
 * looked at in may run for ever. The oldest go first.
 */
const MOST_CELLS = 2000;
const MOST_CODE = 4_000_000;

/** Types of cells that rest on each other are found by recursion: cells.ts allows 300 levels. */
const STACK_MB = 32;

/** Promises never reject: where the service cannot answer, the answer is that nothing is known. */
export class LanguageClient {
  readonly #options: LanguageOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #cells = new Map<number, RanCell>();
  #codeLength = 0;
  /** Cells have gone that no worker was told of: names may be theirs. */
  #isPartial = false;
  #trouble = '';
  #worker: Worker | undefined;
  #patience: NodeJS.Timeout | undefined;
  #isDisposed = false;
  #last = 0;

  constructor(options: LanguageOptions) {
    this.#options = options;
  }

  /** Starts the worker, which loads TypeScript and tfjs' types in the background. */
  warm(): void {
    this.#start();
  }

  complete(code: string, offset: number): Promise<Completions> {
    const nothing = { matches: [], start: offset, end: offset, metadata: {} };
    return this.#ask('complete', { code, offset }, () => nothing);
  }

  /** @param detail 1: with where it is declared */
  inspect(code: string, offset: number, detail: 0 | 1): Promise<MimeBundle | null> {
    return this.#ask('inspect', { code, offset, detail }, () => null);
  }

  isComplete(code: string): Promise<Completeness> {
    return this.#ask('isComplete', { code }, () => ({ status: 'complete' }));
  }

  /** Type errors of a cell about to run, against the cells that ran. */
  diagnose(code: string, count: number): Promise<readonly CellDiagnostic[] | Unchecked> {
    return this.#ask('diagnose', { code, count }, (why): Unchecked => ({ why }));
  }

  /** The cell was executed, or failed half way: it belongs to the session from now on. */
  ran(code: string, count: number): void {
    const serial = ++this.#last;
    this.#cells.set(serial, { code, count });
    this.#codeLength += code.length;
    if (this.#worker) this.#worker.postMessage({ kind: 'ran', serial, cell: { code, count } });
    else this.#forgetOldest();
  }

  /** Of what is kept for a worker. */
  get kept(): { readonly cells: number; readonly code: number } {
    return { cells: this.#cells.size, code: this.#codeLength };
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    for (const id of [...this.#pending.keys()]) this.#giveUp(id, 'the language service is ending');
    await worker?.terminate();
  }

  #ask<Name extends QuestionName, Other>(
    kind: Name,
    ask: Questions[Name]['ask'],
    otherwise: (why: string) => Other,
  ): Promise<Questions[Name]['answer'] | Other> {
    if (this.#isDisposed) return Promise.resolve(otherwise('the language service has ended'));
    const id = ++this.#last;
    const message = { kind, id, ask } as Pending['message'];
    return new Promise(resolve => {
      const pending = { message, resolve: resolve as Pending['resolve'], otherwise, deaths: 0 };
      this.#pending.set(id, pending);
      const worker = this.#start();
      worker.ref();
      worker.postMessage(message);
      this.#watch();
    });
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const workerData: LanguageData = { folder: this.#options.folder, isPartial: this.#isPartial };
    const resourceLimits = { maxOldGenerationSizeMb: HEAP_LIMIT_MB, stackSizeMb: STACK_MB };
    const worker = new Worker(this.#options.worker, { workerData, resourceLimits });
    this.#worker = worker;
    worker.unref();
    let cause = 'its thread is gone';
    worker.on('message', (message: FromLanguage) => this.#receive(message));
    worker.on('error', error => {
      cause = error.message;
    });
    worker.on('exit', () => this.#died(worker, cause));
    for (const [serial, cell] of this.#cells) worker.postMessage({ kind: 'ran', serial, cell });
    return worker;
  }

  #receive(message: FromLanguage): void {
    if (message.kind === 'forgotten') for (const serial of message.serials) this.#forget(serial);
    else if (message.kind === 'answer') {
      this.#trouble = '';
      this.#settle(message.id, message.answer);
    } else {
      const why = `the language service failed: ${message.message}`;
      this.#tell(why);
      this.#giveUp(message.id, why);
    }
  }

  #forget(serial: number): void {
    this.#codeLength -= this.#cells.get(serial)?.code.length ?? 0;
    this.#cells.delete(serial);
  }

  #forgetOldest(): void {
    for (const serial of this.#cells.keys()) {
      if (this.#cells.size <= MOST_CELLS && this.#codeLength <= MOST_CODE) return;
      this.#forget(serial);
      this.#isPartial = true;
    }
  }

  /** Where each question meets the same trouble it is said once. */
  #tell(trouble: string): void {
    if (trouble !== this.#trouble) this.#options.onTrouble?.(trouble);
    this.#trouble = trouble;
  }

  #settle(id: number, answer: unknown): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    this.#watch();
    if (this.#pending.size === 0) this.#worker?.unref();
    pending?.resolve(answer);
  }

  #giveUp(id: number, why: string): void {
    this.#settle(id, this.#pending.get(id)?.otherwise(why));
  }

  /** The clock runs anew with each answer: what hangs is the first in the queue. */
  #watch(): void {
    clearTimeout(this.#patience);
    const worker = this.#worker;
    if (this.#pending.size === 0 || !worker) return;
    const patience = this.#options.patience ?? PATIENCE_MS;
    this.#patience = setTimeout(() => {
      this.#died(worker, `it gave no answer in ${patience / 1000} s`);
      void worker.terminate();
    }, patience);
  }

  /** Its questions go to a new worker, but for the one it died over, if that killed before. */
  #died(worker: Worker, cause: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    if (this.#isDisposed) return;
    const why = `the language service ended: ${cause}`;
    this.#tell(why);
    const first = this.#pending.values().next().value;
    if (first && ++first.deaths >= MOST_DEATHS) this.#giveUp(first.message.id, why);
    if (this.#pending.size === 0) return;
    const next = this.#start();
    next.ref();
    for (const { message } of this.#pending.values()) next.postMessage(message);
    this.#watch();
  }
}
