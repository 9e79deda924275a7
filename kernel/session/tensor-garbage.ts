// Tensors that nothing can reach any more are disposed of: V8 frees the object, but not what the backend holds
// for it. What a variable, a closure, a model or a promise still reaches is never touched, because the garbage
// collector is who decides. It is asked for after a cell that left much, and while much piles up; a cell that
// left very many is told, as tf.tidy would have kept them from piling up at all.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { currentParent } from './current-cell.ts';

/** The part of a tfjs tensor used here. */
interface Tensor {
  readonly dataId: object;
  readonly dtype: string;
  readonly size: number;
}

/** What tfjs' engine needs to dispose of a tensor (tfjs-core 4.22, engine.ts, disposeTensor), and whose it was. */
interface Left extends Tensor {
  readonly parent: string;
}

interface Engine {
  track(tensor: Tensor): Tensor;
  keep(tensor: Tensor): Tensor;
  disposeTensor(tensor: Tensor): void;
  readonly state: { readonly activeScope: object | null | undefined };
}

/**
 * So much may pile up, or as much again as lived after the last time, before the collector is asked: it takes
 * some 20 ms.
 */
const PILE = { tensors: 2000, bytes: 128 * 2 ** 20 };
/** A cell that left more without a name is told. */
const WORTH_TELLING = { tensors: 1000, bytes: 64 * 2 ** 20 };

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, complex64: 8 };

export class TensorGarbage {
  readonly #engine: Engine;
  readonly #tell: (text: string, parent: string) => void;
  readonly #registered = new WeakSet<Tensor>();
  readonly #registry = new FinalizationRegistry<Left>(left => this.#dispose(left));
  /** Made outside of scopes and not disposed of: now, and since the collector was asked at the least. */
  #alive = { tensors: 0, bytes: 0 };
  #base = { tensors: 0, bytes: 0 };
  /** What each cell left, until it is told. */
  readonly #left = new Map<string, { tensors: number; bytes: number }>();
  readonly #setImmediate = globalThis.setImmediate; // a cell may replace the global
  #collect: (() => void) | undefined;

  /** @param tell writes a line under the cell of a request (its header as JSON) */
  constructor(engine: object, tell: (text: string, parent: string) => void) {
    this.#engine = engine as Engine;
    this.#tell = tell;
    this.#watch();
  }

  /** Asks the collector if the cells so far left much; once the cell's end has been said. */
  cellEnded(): void {
    if (this.#hasGrownBy(WORTH_TELLING)) this.#setImmediate(() => this.#sweep());
  }

  #watch(): void {
    const engine = this.#engine;
    const [track, keep, disposeTensor] = [engine.track, engine.keep, engine.disposeTensor];
    engine.track = tensor => {
      if (!engine.state.activeScope) this.#register(tensor);
      return track.call(engine, tensor);
    };
    engine.keep = tensor => {
      this.#register(tensor); // no scope disposes of it
      return keep.call(engine, tensor);
    };
    engine.disposeTensor = tensor => {
      if (this.#registered.delete(tensor)) this.#unregister(tensor);
      disposeTensor.call(engine, tensor);
    };
  }

  #register(tensor: Tensor): void {
    if (this.#registered.has(tensor)) return;
    this.#registered.add(tensor);
    const { dataId, dtype, size } = tensor;
    this.#registry.register(tensor, { dataId, dtype, size, parent: currentParent() }, tensor);
    this.#alive.tensors++;
    this.#alive.bytes += bytesOf(tensor);
    const { tensors, bytes } = this.#base;
    const room = { tensors: Math.max(PILE.tensors, tensors), bytes: Math.max(PILE.bytes, bytes) };
    if (this.#hasGrownBy(room)) this.#sweep();
  }

  #unregister(tensor: Tensor): void {
    this.#registry.unregister(tensor);
    this.#release(tensor);
  }

  #release(tensor: Tensor): void {
    this.#alive.tensors--;
    this.#alive.bytes -= bytesOf(tensor);
    this.#base.tensors = Math.min(this.#base.tensors, this.#alive.tensors);
    this.#base.bytes = Math.min(this.#base.bytes, this.#alive.bytes);
  }

  #hasGrownBy({ tensors, bytes }: typeof PILE): boolean {
    return this.#alive.tensors - this.#base.tensors > tensors || this.#alive.bytes - this.#base.bytes > bytes;
  }

  /** The callbacks come in a later turn of the event loop. */
  #sweep(): void {
    this.#base = { ...this.#alive };
    this.#collect ??= collector();
    this.#collect();
  }

  #dispose(left: Left): void {
    this.#engine.disposeTensor(left);
    this.#release(left);
    const { parent } = left;
    const cell = this.#left.get(parent) ?? { tensors: 0, bytes: 0 };
    if (this.#left.size === 0) this.#setImmediate(() => this.#tellAll());
    this.#left.set(parent, { tensors: cell.tensors + 1, bytes: cell.bytes + bytesOf(left) });
  }

  #tellAll(): void {
    for (const [parent, { tensors, bytes }] of this.#left) {
      if (tensors < WORTH_TELLING.tensors && bytes < WORTH_TELLING.bytes) continue;
      const megabytes = (bytes / 2 ** 20).toFixed(1);
      this.#tell(
        `This cell left ${tensors.toLocaleString('en')} tensors (${megabytes} MB) that nothing uses any more. They were disposed of; ` +
          'tf.tidy(() => …) around the work does so at once.\n',
        parent,
      );
    }
    this.#left.clear();
  }
}

function bytesOf({ dtype, size }: Tensor): number {
  return size * (BYTES[dtype] ?? 0);
}

/** V8's own, which Node shows only when asked at its start. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
