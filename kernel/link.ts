// What the main thread and the control thread say to each other, and the few numbers they share.
// Main runs user code and may be blocked for ever, so control never waits for it.
import type {
  BackendStatus,
  ErrorContent,
  ExecuteMetadata,
  ExpressionResults,
  IopubType,
} from './protocol.ts';

/** Slots of the shared Int32Array. */
export const SLOT = {
  /** 0 while an interrupt is being prepared, 1 once main may run into it. */
  released: 0,
  /** Who acts on interrupt `id`: id * 4 asked, + 1 main took it, + 2 control terminates, + 3 main was terminated. */
  decision: 1,
  /** Characters of output that main has posted and the front end has not taken. */
  inFlight: 2,
  /** How many loads are under way on main, of modules or TensorFlow: half of one is of no use. */
  shielded: 3,
  /** How many answers to `prompt()` have come: main, which waits for one, is woken by it. */
  inputs: 4,
  /** How many trainings are under way on main: each can end in good order after its step. */
  training: 5,
  /** The last question of control/pulse.ts that main has answered. */
  pulse: 6,
} as const;

export const SHARED_BYTES = 7 * Int32Array.BYTES_PER_ELEMENT;

/** How much output may be under way before main waits: bounds the memory of a cell that prints for ever. */
export const OUTPUT_LIMIT = 4 * 1024 * 1024;

/** Added to each message's length, for its headers. */
export const MESSAGE_OVERHEAD = 512;

/** Work for main that a request asked for. `parent` is the request's header as JSON: main only hands it back. */
export type Job = { readonly job: number; readonly parent: string } & (
  | {
      readonly kind: 'execute';
      readonly code: string;
      readonly count: number;
      readonly silent: boolean;
      readonly allowStdin: boolean;
      readonly expressions: Readonly<Record<string, string>>;
      readonly gatebook: ExecuteMetadata;
    }
  | {
      readonly kind: 'comm';
      readonly type: 'comm_open' | 'comm_msg' | 'comm_close';
      readonly comm: CommParcel;
    }
);

/** A message of a comm; the buffers are base64. */
export interface CommParcel {
  readonly id: string;
  /** Of `comm_open`, else ''. */
  readonly target: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly string[];
}

/** Control to main. */
export type ToMain =
  | Job
  | { readonly kind: 'input'; readonly id: number; readonly value: string | null }
  /** Answered in {@link SLOT.pulse}. */
  | { readonly kind: 'pulse'; readonly id: number }
  | { readonly kind: 'whole'; readonly id: number; readonly code: string }
  | { readonly kind: 'peek'; readonly id: number; readonly ask: PeekAsk }
  /** Insisting: at once, also where a training could end in good order. */
  | { readonly kind: 'interrupt'; readonly id: number; readonly isInsisting: boolean }
  | { readonly kind: 'killed'; readonly id: number }
  | { readonly kind: 'shutdown' };

/** Whether code is whole, as Jupyter's is_complete_reply says it. */
export interface Whole {
  readonly status: 'complete' | 'incomplete' | 'invalid';
  readonly indent?: string;
}

/** A question to the values of the session. */
export interface PeekAsk {
  /** All names; members or keys of the value at `path`; or that value in words. */
  readonly kind: 'names' | 'members' | 'keys' | 'about';
  /** `['a', 'b']` for `a.b`; of 'names' empty. */
  readonly path: readonly string[];
}

/** Its answer; empty where there is none. */
export interface Peeked {
  readonly members: readonly (readonly [name: string, kind: string])[];
  readonly text: string | null;
}

/** How a job ended. */
export interface Done {
  readonly job: number;
  readonly error: ErrorContent | null;
  readonly expressions: ExpressionResults;
  /** Text of the cell's result, for the history. */
  readonly result: string | null;
}

/** Something a cell said. */
export interface Said {
  readonly parent: string;
  readonly type: IopubType;
  /** As JSON. */
  readonly content: string;
  /** As JSON; else '{}'. */
  readonly metadata?: string;
  /** Each as base64. */
  readonly buffers?: readonly string[];
}

/** What it takes of the credit: {@link SLOT.inFlight} counts these. */
export function costOf({ content, metadata = '', buffers = [] }: Said): number {
  const binary = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  return content.length + metadata.length + binary + MESSAGE_OVERHEAD;
}

/** A cell asks whoever sits in front of the notebook. */
export interface Question {
  readonly id: number;
  readonly parent: string;
  readonly prompt: string;
  readonly password: boolean;
  /** What the cell wrote last on its line, where that is the question. */
  readonly written: string;
  /** Main waits for the answer at {@link ControlData.answers}; else it comes as a message. */
  readonly waits: boolean;
}

/** Main to control. */
export type ToControl = Single | { readonly kind: 'several'; readonly messages: readonly Single[] };

/** One thing that main says. Output travels as JSON text, made where the time is the cell's own. */
export type Single =
  | { readonly kind: 'loaded' }
  | ({ readonly kind: 'output' } & Said)
  | ({ readonly kind: 'done' } & Done)
  | ({ readonly kind: 'question' } & Question)
  | { readonly kind: 'whole'; readonly id: number; readonly whole: Whole }
  | { readonly kind: 'peeked'; readonly id: number; readonly found: Peeked }
  | { readonly kind: 'interrupted'; readonly id: number }
  | { readonly kind: 'backend'; readonly status: BackendStatus };

/** What the control thread is started with. */
export interface ControlData {
  readonly shared: SharedArrayBuffer;
  readonly port: import('node:worker_threads').MessagePort;
  /** Answers to questions for which main waits. */
  readonly answers: import('node:worker_threads').MessagePort;
  /** Folder the notebook lies in. */
  readonly folder: string;
  readonly version: string;
  readonly typescript: string;
}
