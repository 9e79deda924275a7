// The memory of a WebAssembly kernel: a stack of arrays that is emptied at every call. It grows with the
// largest call there was and, WebAssembly having no way to shrink, stays so.

const PAGE = 65_536;
/** The kernel's own stack and constants lie below. */
const FIRST = 2 * PAGE;
/** Bytes that 32-bit addresses reach. */
const MOST = 65_536 * PAGE;

export class WasmHeap {
  readonly memory = new WebAssembly.Memory({ initial: FIRST / PAGE, maximum: MOST / PAGE });
  #top = FIRST;
  #calls = 0;

  /** Forgets every array; returns a number for this call. */
  begin(): number {
    this.#top = FIRST;
    return ++this.#calls;
  }

  /** Whether nothing was forgotten since that call began. */
  holds(call: number): boolean {
    return call === this.#calls;
  }

  /** Address of `count` floats; they hold whatever was there. @throws RangeError beyond 4 GB */
  floats(count: number): number {
    const at = this.#top;
    this.#top += Math.ceil(count / 4) * 16;
    if (this.#top > MOST)
      throw new RangeError(
        `The LSTM needs ${(this.#top / 2 ** 30).toFixed(1)} GB at once, more than WebAssembly has. Give it fewer rows or steps at a time, or kernel: 'loop'.`,
      );
    const missing = this.#top - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  copyIn(values: Float32Array): number {
    const at = this.floats(values.length);
    this.view(at, values.length).set(values);
    return at;
  }

  zeros(count: number): number {
    const at = this.floats(count);
    this.view(at, count).fill(0);
    return at;
  }

  struct(fields: readonly number[]): number {
    const at = this.floats(fields.length);
    new Int32Array(this.memory.buffer, at, fields.length).set(fields);
    return at;
  }

  /** Valid until the memory grows. */
  view(at: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, count);
  }

  copyOut(at: number, count: number): Float32Array {
    return this.view(at, count).slice();
  }
}
