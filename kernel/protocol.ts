// The contract of Gatebook: every message, MIME name and version that crosses a process or a saved
// notebook. It imports nothing, so that the kernel, the extension and the renderer can all import it.
//
// Messages are Jupyter's (https://jupyter-client.readthedocs.io/en/stable/messaging.html), so the same
// kernel serves VS Code over a private pipe and, over ZeroMQ, any Jupyter front end. On the pipe (the
// kernel's file descriptor 3) each message is one line of JSON in UTF-8. The kernel speaks first: `ready`.

/** Version of Jupyter's messaging protocol that the contents follow. */
export const JUPYTER_PROTOCOL_VERSION = '5.4';

/** Version of the private pipe: raised when a side could no longer understand the other. */
export const PIPE_VERSION = 1;

/** MIME type of our figures, drawn by the renderer in `media/`. */
export const FIGURE_MIME = 'application/vnd.gatebook.figure+json';

/** Version of the figure payload. A renderer refuses a higher one with a sentence, never a blank. */
export const FIGURE_VERSION = 1;

/** Global under which cells (and the library, without knowing the kernel) find `display`. */
export const DISPLAY_SYMBOL = 'gatebook.display';

/** Global that holds the language of figures and checks, 'ko' or 'en'. */
export const LANGUAGE_SYMBOL = 'gatebook.language';

/**
 * Global that holds an AbortSignal, aborted at the next interrupt (and replaced by a fresh one): a library's
 * own loop that yields takes it at its start and stops when it is aborted, as nobody waits for it any more.
 */
export const INTERRUPT_SYMBOL = 'gatebook.interrupt';

/**
 * Global that holds a function `(work: () => Promise<T>) => Promise<T>`: it runs a loop that heeds that signal
 * and then gives a whole result. An interrupt waits for it a while, and the cell still gets the result.
 */
export const TRAINING_SYMBOL = 'gatebook.training';

/** Global that holds `progress` of the cells: a bar that changes in place, for a library's own loops. */
export const BAR_SYMBOL = 'gatebook.bar';

/** Global that holds the {@link ProgressKeeper}, where the library runs in a kernel that keeps progress. */
export const PROGRESS_SYMBOL = 'gatebook.progress';

/** Global that holds the {@link Comms}: what a library needs that talks to a part of itself in the front end. */
export const COMMS_SYMBOL = 'gatebook.comms';

/** Key of a method that returns a {@link MimeBundle}; honoured by other JavaScript kernels too. */
export const JUPYTER_DISPLAY_SYMBOL = 'Jupyter.display';

/** Name of the kernelspec, and what marks a notebook as ours. */
export const KERNEL_NAME = 'gatebook';

export type Language = 'ko' | 'en';

/** What is remembered of one exercise of the lessons. */
export interface ExerciseProgress {
  /** Whether it was ever solved. */
  readonly passed: boolean;
  /** How the last try ended; 'attempted': its value could not be read. */
  readonly outcome: 'passed' | 'failed' | 'attempted';
  /** Hints uncovered since it was begun, or solved, last. */
  readonly hints: number;
  /** Stands for the value tried last, so that the same try uncovers no further hint. */
  readonly last: string;
}

/** Where exercises and predictions are remembered, by name. Its methods never throw. */
export interface ProgressKeeper {
  exercise(name: string): ExerciseProgress | undefined;
  setExercise(name: string, progress: ExerciseProgress): void;
  prediction(name: string): number | undefined;
  setPrediction(name: string, guess: number): void;
  /** Forgets everything. */
  clear(): void;
}

export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

// ---------------------------------------------------------------------------------------------- MIME

/** Data by MIME type. Text types hold strings, `+json` types hold JSON. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Little-endian Float32 values, row-major, as base64. */
export interface Float32Data {
  readonly dtype: 'float32';
  readonly shape: readonly number[];
  readonly base64: string;
}

/** One LSTM layer's run over one sequence: what the figures draw. T steps, H units. */
export interface TracePayload {
  /** Name of the layer in its model. */
  readonly layer: string;
  /** Cell variant, 'lstm' for the usual one. */
  readonly variant: string;
  readonly steps: number;
  readonly units: number;
  /** One label a step, or null where the caller gave none. */
  readonly tokens: readonly string[] | null;
  /** Which row of the batch is shown, and how many there were. */
  readonly batchRow: number;
  readonly batchSize: number;
  readonly seed: number | null;
  readonly backend: BackendName;
  /** Which implementation computed it, e.g. 'BlockLSTMV2' or 'loop'. */
  readonly kernel: string;
  /** Gates and states, each [T, H]: forget, input, candidate, cell state, output, hidden state. */
  readonly f: Float32Data;
  readonly i: Float32Data;
  readonly g: Float32Data;
  readonly c: Float32Data;
  readonly o: Float32Data;
  readonly h: Float32Data;
  /** States before the first step, each [H]. */
  readonly c0: Float32Data;
  readonly h0: Float32Data;
}

/** An order of the units that the caller computed, first is drawn on top. */
export interface UnitOrder {
  /** Words for the menu, in the figure's language: "forgets most at a new subject". */
  readonly label: string;
  /** A permutation of 0..H-1. */
  readonly units: readonly number[];
}

/** The gate panel: f, i, g | c | o, h on one token axis. One entry in `traces` a layer, at least one. */
export interface PanelFigure {
  readonly version: typeof FIGURE_VERSION;
  readonly kind: 'panel';
  readonly language: Language;
  readonly title?: string;
  readonly traces: readonly TracePayload[];
  /** Chosen at first; else longest memory first. One for each trace, null for the default. */
  readonly orders?: readonly (UnitOrder | null)[];
  /** Where the cursor stands at first: zero-based step and unit of traces[0]. */
  readonly cursor?: { readonly step: number; readonly unit: number };
  /** The traces are then of one layer as it learnt, all of one size: a slider goes through them in place of the layers. */
  readonly moments?: Moments;
}

/** When each trace of a figure was taken. */
export interface Moments {
  /** What is counted. */
  readonly of: 'step' | 'epoch';
  /** So many steps or epochs of training were done, one number a trace, rising; 0 is before the first. */
  readonly at: readonly number[];
}

/** A user's own Plotly figure. */
export interface PlotlyFigure {
  readonly version: typeof FIGURE_VERSION;
  readonly kind: 'plotly';
  readonly language: Language;
  readonly title?: string;
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** The ledger of a cell: what each step kept, forgot and added, unit by unit. */
export interface LedgerFigure {
  readonly version: typeof FIGURE_VERSION;
  readonly kind: 'ledger';
  readonly language: Language;
  readonly title?: string;
  readonly trace: TracePayload;
  /** Units shown at first, in this order, at least one; the reader may choose others. */
  readonly units: readonly number[];
  readonly cursor?: { readonly step: number; readonly unit: number };
}

/** All gates of one unit stacked over the steps. */
export interface UnitFigure {
  readonly version: typeof FIGURE_VERSION;
  readonly kind: 'unit';
  readonly language: Language;
  readonly title?: string;
  /** A trace of this unit alone (`units` is 1): one batch row, or the means of several. */
  readonly trace: TracePayload;
  /** The unit's number in its layer. */
  readonly unit: number;
  /** Standard deviations over `rows` batch rows, each [T, 1]; null where `trace` is a single row. */
  readonly spread:
    | (Readonly<Record<'f' | 'i' | 'g' | 'c' | 'o' | 'h', Float32Data>> & { readonly rows: number })
    | null;
  readonly cursor?: { readonly step: number };
}

/** Two traces beside each other, with one axis of steps and one cursor. */
export interface CompareFigure {
  readonly version: typeof FIGURE_VERSION;
  readonly kind: 'compare';
  readonly language: Language;
  readonly title?: string;
  readonly traces: readonly [TracePayload, TracePayload];
  readonly names: readonly [string, string];
  /** Which panels, all six unless given. */
  readonly gates?: readonly ('f' | 'i' | 'g' | 'c' | 'o' | 'h')[];
  readonly cursor?: { readonly step: number; readonly unit: number };
}

/** How much of the loss' gradient reaches each step, on a logarithmic axis. */
export interface GradientFigure {
  readonly version: typeof FIGURE_VERSION;
  readonly kind: 'gradient';
  readonly language: Language;
  readonly title?: string;
  readonly steps: number;
  readonly tokens: readonly string[] | null;
  /** Of what the gradient is taken: the hidden state h_t or the input x_t. */
  readonly of: 'h' | 'x';
  /** Norms, each [T], not negative; one to six curves. */
  readonly curves: readonly { readonly name: string; readonly values: Float32Data }[];
  readonly cursor?: { readonly step: number };
}

/** Loss over training steps; drawn once while training starts and replaced in place as it goes on. */
export interface LossFigure {
  readonly version: typeof FIGURE_VERSION;
  readonly kind: 'loss';
  readonly language: Language;
  readonly title?: string;
  readonly state: 'running' | 'done' | 'stopped';
  /** Training steps done so far and planned. */
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  /** Loss of the newest step, null before the first. */
  readonly last: number | null;
  /** Training steps gathered in one bucket below. */
  readonly every: number;
  /** Of each bucket, [ceil(done / every)]. */
  readonly mean: Float32Data;
  readonly least: Float32Data;
  readonly most: Float32Data;
}

export type Figure =
  | PanelFigure
  | LedgerFigure
  | UnitFigure
  | CompareFigure
  | GradientFigure
  | LossFigure
  | PlotlyFigure;

// ------------------------------------------------------------------------------------------- messages

export type Channel = 'shell' | 'control' | 'iopub' | 'stdin';

export interface Header<Type extends string = string> {
  readonly msg_id: string;
  readonly msg_type: Type;
  readonly session: string;
  readonly username: string;
  /** ISO 8601 with time zone. */
  readonly date: string;
  /** Version of Jupyter's protocol. */
  readonly version: string;
  /** Of a request for a subshell (Jupyter's enhancement proposal 91). */
  readonly subshell_id?: string | null;
}

/** A Jupyter message; on ZeroMQ `channel` is the socket, on the pipe it travels inside. */
export interface Message<Type extends string = string, Content = unknown> {
  readonly channel: Channel;
  readonly header: Header<Type>;
  readonly parent_header: Header | Record<string, never>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Content;
  /** Binary data, each as base64. */
  readonly buffers?: readonly string[];
}

/** First message of the kernel on the pipe (channel control, no parent): who is there. */
export interface ReadyContent {
  readonly pipe_version: number;
  readonly protocol_version: string;
  readonly implementation_version: string;
  /** process.version, pid and executable of the kernel's Node. */
  readonly node: string;
  readonly pid: number;
  readonly exec_path: string;
}

/**
 * State of TensorFlow, sent on iopub whenever it changes (`backend_status`) and inside kernel_info_reply.
 * `why` says, when the backend is not the one that would be best, what failed and what would mend it.
 */
export type BackendStatus =
  | { readonly state: 'unloaded' }
  | { readonly state: 'loading' }
  | {
      readonly state: 'ready';
      readonly backend: BackendName;
      /** '2.15.1' on native TensorFlow, else null. */
      readonly tensorflow: string | null;
      readonly tfjs: string;
      readonly why: string | null;
    }
  | { readonly state: 'failed'; readonly why: string };

export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly store_history: boolean;
  readonly user_expressions: Readonly<Record<string, string>>;
  readonly allow_stdin: boolean;
  readonly stop_on_error: boolean;
}

/** What a front end may say of the notebook, in `metadata.gatebook` of an execute_request. */
export interface ExecuteMetadata {
  readonly language?: Language;
  readonly cellId?: string;
  /**
   * What becomes of type errors: shown beside the result ('show', the default), or the cell fails before
   * anything of it runs ('stop'), or nobody looks for them ('off').
   */
  readonly typeErrors?: TypeErrors;
}

export type TypeErrors = 'show' | 'stop' | 'off';

export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** Value of one of `user_expressions`. */
export type ExpressionResult =
  | {
      readonly status: 'ok';
      readonly data: MimeBundle;
      readonly metadata: Readonly<Record<string, unknown>>;
    }
  | ({ readonly status: 'error' } & ErrorContent);

export type ExpressionResults = Readonly<Record<string, ExpressionResult>>;

/** Something a front end shows apart from the notebook: the answer to a cell such as `Math.max?`. */
export interface Page {
  readonly source: 'page';
  readonly data: MimeBundle;
  readonly start: number;
}

export type ExecuteReply =
  | {
      readonly status: 'ok';
      readonly execution_count: number;
      readonly user_expressions: ExpressionResults;
      readonly payload: readonly Page[];
    }
  | ({
      readonly status: 'error';
      readonly execution_count: number;
      readonly user_expressions: ExpressionResults;
      readonly payload: readonly [];
    } & ErrorContent)
  | { readonly status: 'aborted'; readonly execution_count: number };

/** What a request ends with that could not be answered. */
export type ErrorReply = { readonly status: 'error' } & ErrorContent;

/** `cursor_pos`, `cursor_start` and `cursor_end` count Unicode code points. */
export interface CompleteReply {
  readonly status: 'ok';
  readonly matches: readonly string[];
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface InspectReply {
  readonly status: 'ok';
  readonly found: boolean;
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface IsCompleteReply {
  readonly status: 'complete' | 'incomplete' | 'invalid' | 'unknown';
  readonly indent?: string;
}

/** With `output`, an entry's third part is the input and its result as text, null where there is none. */
export type HistoryEntry = readonly [
  session: number,
  line: number,
  input: string | readonly [string, string | null],
];

export type HistoryRequest = { readonly output: boolean; readonly raw: boolean } & (
  | { readonly hist_access_type: 'tail'; readonly n: number }
  | {
      readonly hist_access_type: 'range';
      /** 0 is the running session, a negative number counts back from it. */
      readonly session: number;
      readonly start: number;
      /** The first line not wanted; null: to the end. */
      readonly stop: number | null;
    }
  | {
      readonly hist_access_type: 'search';
      /** With `*` and `?`, for the whole input. */
      readonly pattern: string;
      readonly n: number | null;
      /** Each input once. */
      readonly unique: boolean;
    }
);

export interface HistoryReply {
  readonly status: 'ok';
  readonly history: readonly HistoryEntry[];
}

export interface CommInfoReply {
  readonly status: 'ok';
  readonly comms: Readonly<Record<string, { readonly target_name: string }>>;
}

export interface KernelInfo {
  readonly status: 'ok';
  readonly protocol_version: string;
  readonly implementation: 'gatebook';
  readonly implementation_version: string;
  readonly language_info: {
    readonly name: 'typescript';
    readonly version: string;
    readonly mimetype: 'text/typescript';
    readonly file_extension: '.ts';
    readonly pygments_lexer: 'typescript';
    readonly codemirror_mode: 'typescript';
    readonly nbconvert_exporter: 'script';
  };
  readonly banner: string;
  readonly debugger: false;
  readonly help_links: readonly { readonly text: string; readonly url: string }[];
  readonly supported_features: readonly string[];
  readonly gatebook: { readonly node: string; readonly backend: BackendStatus };
}

/** Content of `input_request`, on stdin. */
export interface InputRequest {
  readonly prompt: string;
  readonly password: boolean;
}

/** Content of `input_reply`. `cancelled` is ours: whoever was asked closed the question. */
export interface InputReply {
  readonly value: string;
  readonly cancelled?: boolean;
}

export interface CommOpen {
  readonly comm_id: string;
  readonly target_name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface CommMessage {
  readonly comm_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface DisplayContent {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

/** Message types from the kernel on iopub, by name. */
export interface IopubContents {
  readonly status: { readonly execution_state: 'starting' | 'busy' | 'idle' };
  readonly execute_input: { readonly code: string; readonly execution_count: number };
  readonly stream: { readonly name: 'stdout' | 'stderr'; readonly text: string };
  readonly display_data: DisplayContent;
  readonly update_display_data: DisplayContent;
  readonly execute_result: DisplayContent & { readonly execution_count: number };
  readonly clear_output: { readonly wait: boolean };
  readonly error: ErrorContent;
  readonly comm_open: CommOpen;
  readonly comm_msg: CommMessage;
  readonly comm_close: CommMessage;
  readonly backend_status: BackendStatus;
}

/** Options of {@link Display}. `update` replaces what was shown under `display_id` instead of adding to it. */
export interface DisplayOptions {
  readonly display_id?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly update?: boolean;
}

export interface DisplayHandle {
  readonly display_id: string;
  /** Shows another value in the same place. */
  update(value: unknown): void;
}

/** What lies under `globalThis[Symbol.for(DISPLAY_SYMBOL)]`, and is `display` in a cell. */
export interface Display {
  /** Any value: one with a {@link JUPYTER_DISPLAY_SYMBOL} method shows its bundle, the rest as a result would. */
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  /** A finished bundle, taken as it is. */
  bundle(bundle: MimeBundle, options?: DisplayOptions): DisplayHandle;
  update(display_id: string, value: unknown): void;
  /** Removes the cell's output so far; with `wait` only when the next output comes. */
  clear(options?: { readonly wait?: boolean }): void;
}

/** JSON of one's own shape: `comm.onMessage<{ value: number }>(…)`. Nobody checks what really comes. */
export type CommData = Readonly<Record<string, unknown>>;

/** A message of a comm's other end. */
export interface CommEvent<Data = CommData> {
  readonly data: Data;
  readonly metadata: CommData;
  readonly buffers: readonly Uint8Array[];
}

/** What goes with the data of a comm. */
export interface CommExtras {
  readonly metadata?: CommData;
  readonly buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

/** A line to a part of the front end, such as a widget. */
export interface Comm {
  readonly id: string;
  /** Name under which the other side knows what to do with it. */
  readonly target: string;
  readonly isOpen: boolean;
  /** @throws Error when it is closed; TypeError when the data are no JSON. */
  send(data: CommData, extras?: CommExtras): void;
  /** Closes it on both sides; a second time does nothing. */
  close(data?: CommData, extras?: CommExtras): void;
  /** A listener may return a promise: until it settles the message counts as being worked on. */
  onMessage<Data = CommData>(listener: (event: CommEvent<Data>) => unknown): void;
  onClose<Data = CommData>(listener: (event: CommEvent<Data>) => unknown): void;
}

/** What lies under `globalThis[Symbol.for(COMMS_SYMBOL)]`, and is `comms` in a cell. */
export interface Comms {
  /** From now on `opened` takes the comms that a front end opens for `target`, in place of what did before. */
  register<Data = CommData>(target: string, opened: (comm: Comm, open: CommEvent<Data>) => unknown): void;
  /** Comms for `target` are closed again as for any that nobody knows. Those that are open stay so. */
  unregister(target: string): void;
  /** Opens a comm from this side. */
  open(target: string, data?: CommData, extras?: CommExtras): Comm;
}

type Empty = Record<string, never>;

/** Requests a client sends, and the content of their replies. */
export interface Requests {
  readonly kernel_info_request: { readonly content: Empty; readonly reply: KernelInfo };
  readonly execute_request: { readonly content: ExecuteRequest; readonly reply: ExecuteReply };
  readonly complete_request: {
    readonly content: { readonly code: string; readonly cursor_pos: number };
    readonly reply: CompleteReply;
  };
  readonly inspect_request: {
    readonly content: { readonly code: string; readonly cursor_pos: number; readonly detail_level: 0 | 1 };
    readonly reply: InspectReply;
  };
  readonly is_complete_request: {
    readonly content: { readonly code: string };
    readonly reply: IsCompleteReply;
  };
  readonly history_request: { readonly content: HistoryRequest; readonly reply: HistoryReply };
  readonly comm_info_request: {
    readonly content: { readonly target_name?: string };
    readonly reply: CommInfoReply;
  };
  readonly interrupt_request: { readonly content: Empty; readonly reply: { readonly status: 'ok' } };
  readonly shutdown_request: {
    readonly content: { readonly restart: boolean };
    readonly reply: { readonly status: 'ok'; readonly restart: boolean };
  };
  readonly create_subshell_request: {
    readonly content: Empty;
    readonly reply: { readonly status: 'ok'; readonly subshell_id: string };
  };
  readonly delete_subshell_request: {
    readonly content: { readonly subshell_id: string };
    readonly reply: { readonly status: 'ok' };
  };
  readonly list_subshell_request: {
    readonly content: Empty;
    readonly reply: { readonly status: 'ok'; readonly subshell_id: readonly string[] };
  };
}

export type RequestType = keyof Requests;
export type IopubType = keyof IopubContents;

/** Any iopub message, told apart by `header.msg_type`. */
export type IopubMessage = { readonly [Type in IopubType]: Message<Type, IopubContents[Type]> }[IopubType];
