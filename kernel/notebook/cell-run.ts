// The cells of one headless run: executes them in order on a kernel and gathers what they leave behind.
import { type Kernel, KernelDied } from '../client.ts';
import type { BackendStatus, ExecuteMetadata, ExecuteReply, IopubMessage, TypeErrors } from '../protocol.ts';
import { OutputCollector } from './collect.ts';
import { endedBy, type Failure, failureOf } from './failure.ts';
import { type CodeCell, isCode, isObject, type JsonObject, type Notebook } from './format.ts';
import { hasTag } from './parameters.ts';

export interface CellRunOptions {
  /** Seconds one cell may take. */
  readonly timeout?: number;
  /** What becomes of type errors; default: what the notebook says, else nobody looks for them. */
  readonly typeErrors?: TypeErrors;
  /** Called before each cell: its number among the code cells from 1, and how many there are. */
  readonly onCell?: (cell: number, cells: number, source: string) => void;
  /** Called when a cell has ended, with how long it took. */
  readonly onCellEnd?: (cell: number, cells: number, seconds: number, source: string) => void;
  /** Called with each output as it comes. */
  readonly onOutput?: (message: IopubMessage) => void;
  readonly signal?: AbortSignal;
}

/** Milliseconds a cell has to end once interrupted; then its kernel is killed. */
const INTERRUPT_PATIENCE = 5000;

/** Of the cell that is running. */
type Fault = Omit<Failure, 'cell'>;

export class CellRun {
  readonly #kernel: Kernel;
  readonly #notebook: Notebook;
  readonly #options: CellRunOptions;
  readonly #collector = new OutputCollector();
  /** Execution counts by place in the notebook. */
  readonly #counts = new Map<number, number>();
  /** Places by the requests that ran them. */
  readonly #requests = new Map<string, number>();
  /** Places of the code cells with something in them. */
  readonly #places: readonly number[];
  #backend: BackendStatus = { state: 'unloaded' };
  #current = 0;
  #cancelled = false;
  #killTimer: NodeJS.Timeout | undefined;
  #ran = 0;
  #failure: Failure | null = null;

  constructor(kernel: Kernel, notebook: Notebook, options: CellRunOptions) {
    this.#kernel = kernel;
    this.#notebook = notebook;
    this.#options = options;
    this.#places = notebook.cells.flatMap((cell, place) =>
      isCode(cell) && cell.source.trim() !== '' ? [place] : [],
    );
    kernel.onBackendStatus(status => {
      this.#backend = status;
    });
    // What comes when its cell is over is kept with it all the same; what is of no cell, with the one that ran last.
    kernel.onLateOutput(message => this.#take(this.#placeOf(message) ?? this.#current, message));
  }

  /** Runs until the last cell, or the first that fails. */
  async all(): Promise<void> {
    for (const [index, place] of this.#places.entries()) {
      const [cell, cells] = [index + 1, this.#places.length];
      const { source } = this.#notebook.cells[place]!;
      this.#options.onCell?.(cell, cells, source);
      const start = performance.now();
      const fault = await this.#run(place);
      this.#options.onCellEnd?.(cell, cells, (performance.now() - start) / 1000, source);
      if (fault !== null) {
        this.#failure = { cell, ...fault };
        return;
      }
      this.#ran++;
    }
    this.#failure = this.#lateFailure();
  }

  /** What a timer or a promise of a cell threw when the cell was over fails the run too, whenever it comes. */
  #lateFailure(): Failure | null {
    for (const [index, place] of this.#places.entries()) {
      if (hasTag(this.#notebook.cells[place]!, 'raises-exception')) continue;
      const error = this.#uncaught(place, this.#counts.get(place) ?? 0);
      if (error) return { cell: index + 1, ...error, message: `${error.message} (after the cell had ended)` };
    }
    return null;
  }

  /** Whether checks may still be under way when the last cell has ended. */
  get showsTypeErrors(): boolean {
    return this.#typeErrors === 'show';
  }

  summary() {
    return {
      cells: this.#places.length,
      ran: this.#ran,
      failure: this.#failure,
      backend: this.#backend,
    };
  }

  /** The notebook with new outputs; cells that did not run have none, so that old and new never mix. */
  executed(): Notebook {
    const cells = this.#notebook.cells.map((cell, place) => {
      if (!isCode(cell)) return cell;
      const outputs = this.#collector.outputs(place);
      return { ...cell, outputs, execution_count: this.#counts.get(place) ?? null };
    });
    return { ...this.#notebook, metadata: this.#notebookMetadata(), cells };
  }

  /** Says on which backend the outputs were made, where one was used. */
  #notebookMetadata(): JsonObject {
    const { metadata } = this.#notebook;
    if (this.#backend.state !== 'ready') return metadata;
    const gatebook = isObject(metadata.gatebook) ? metadata.gatebook : {};
    return { ...metadata, gatebook: { ...gatebook, backend: this.#backend } };
  }

  /** Runs one cell. Gives what went wrong, or null. */
  async #run(place: number): Promise<Fault | null> {
    const cell = this.#notebook.cells[place] as CodeCell;
    this.#current = place;
    try {
      const reply = await this.#execute(place, cell);
      this.#counts.set(place, reply.execution_count);
      const failed = this.#faultOf(reply, place);
      return hasTag(cell, 'raises-exception') ? null : failed;
    } catch (error) {
      if (!(error instanceof KernelDied)) throw error;
      this.#add(place, error);
      return endedBy(error.message);
    }
  }

  async #execute(place: number, cell: CodeCell): Promise<ExecuteReply> {
    const { signal, timeout } = this.#options;
    let limit: NodeJS.Timeout | undefined;
    const cancel = () => this.#cancel();
    signal?.addEventListener('abort', cancel);
    if (signal?.aborted) cancel();
    try {
      return await this.#kernel.execute(cell.source, {
        metadata: this.#metadata(cell),
        onMessage: message => {
          // The first message says that the cell begins: from here its time counts.
          if (timeout !== undefined) limit ??= setTimeout(cancel, timeout * 1000);
          this.#take(place, message);
        },
      });
    } finally {
      clearTimeout(limit);
      clearTimeout(this.#killTimer);
      signal?.removeEventListener('abort', cancel);
    }
  }

  #placeOf({ parent_header }: IopubMessage): number | undefined {
    return this.#requests.get(parent_header.msg_id ?? '');
  }

  #take(place: number, message: IopubMessage): void {
    this.#requests.set(message.parent_header.msg_id ?? '', place);
    this.#collector.add(place, message);
    this.#options.onOutput?.(message);
  }

  #cancel(): void {
    this.#cancelled = true;
    this.#kernel.interrupt().catch(() => {}); // a kernel that dies of it is reported by its cell
    this.#killTimer = setTimeout(() => this.#kernel.dispose(), INTERRUPT_PATIENCE);
  }

  /** What a reply, or an error shown beside it that nobody caught, says went wrong. */
  #faultOf(reply: ExecuteReply, place: number): Fault | null {
    if (this.#cancelled) return endedBy(this.#whyCancelled());
    if (reply.status === 'error') return failureOf(reply, reply.execution_count);
    if (reply.status === 'aborted') return endedBy('The kernel did not run it');
    return this.#uncaught(place, reply.execution_count);
  }

  #uncaught(place: number, count: number): Fault | null {
    const error = this.#collector.outputs(place).find(output => output.output_type === 'error');
    return error ? failureOf(error, count) : null;
  }

  #whyCancelled(): string {
    if (this.#options.signal?.aborted) return 'The run was interrupted';
    return `The cell took longer than ${this.#options.timeout} s (--timeout) and was interrupted`;
  }

  /** The check takes a second or more of a processor: nobody looks unless asked. */
  get #typeErrors(): TypeErrors {
    const { gatebook } = this.#notebook.metadata;
    const { typeErrors } = isObject(gatebook) ? gatebook : {};
    return this.#options.typeErrors ?? (isTypeErrors(typeErrors) ? typeErrors : 'off');
  }

  #metadata(cell: CodeCell): ExecuteMetadata {
    const { gatebook } = this.#notebook.metadata;
    const { language } = isObject(gatebook) ? gatebook : {};
    return {
      typeErrors: this.#typeErrors,
      ...(language === 'ko' || language === 'en' ? { language } : {}),
      ...(cell.id === undefined ? {} : { cellId: cell.id }),
    };
  }

  #add(place: number, { name, message }: KernelDied): void {
    const content = { ename: name, evalue: message, traceback: message.split('\n') };
    this.#collector.addError(place, content);
  }
}

function isTypeErrors(value: unknown): value is TypeErrors {
  return value === 'show' || value === 'stop' || value === 'off';
}
