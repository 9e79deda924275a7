// What the main thread and the control thread say to each other, and the few numbers they share.
// Main runs user code and may be blocked for ever, so control never waits for it.
import type { BackendStatus, ErrorContent, ExecuteMetadata, IopubType } from './protocol.ts';

/** Slots of the shared Int32Array. */
export const SLOT = {
  /** 0 while an interrupt is being prepared, 1 once main may run into it. */
  released: 0,
  /** Who acts on interrupt `id`: id * 4 asked, + 1 main took it, + 2 control terminates. */
  decision: 1,
  /** Characters of output that main has posted and the front end has not taken. */
  inFlight: 2,
  /** How many loads are under way on main, of modules or TensorFlow: half of one is of no use. */
  shielded: 3,
} as const;

export const SHARED_BYTES = 4 * Int32Array.BYTES_PER_ELEMENT;

/** How much output may be under way before main waits: bounds the memory of a cell that prints for ever. */
export const OUTPUT_LIMIT = 4 * 1024 * 1024;

/** Added to each message's length, for its headers. */
export const MESSAGE_OVERHEAD = 512;

/** Control to main. `parent` is the request's header as JSON: main only hands it back. */
export type ToMain =
  | {
      readonly kind: 'execute';
      readonly parent: string;
      readonly code: string;
      readonly count: number;
      readonly silent: boolean;
      readonly gatebook: ExecuteMetadata;
    }
  | { readonly kind: 'interrupt'; readonly id: number }
  | { readonly kind: 'killed'; readonly id: number }
  | { readonly kind: 'shutdown' };

/** Main to control. Output travels as JSON text, made where the time is the cell's own. */
export type ToControl =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'output'; readonly parent: string; readonly type: IopubType; readonly content: string }
  | { readonly kind: 'done'; readonly error: ErrorContent | null }
  | { readonly kind: 'interrupted'; readonly id: number }
  | { readonly kind: 'backend'; readonly status: BackendStatus };

/** What the control thread is started with. */
export interface ControlData {
  readonly shared: SharedArrayBuffer;
  readonly port: import('node:worker_threads').MessagePort;
  readonly version: string;
  readonly typescript: string;
}
