// process.stdout and process.stderr of this thread, and with them console, write into the notebook.
import { StringDecoder } from 'node:string_decoder';
import type { Output, StreamName } from './output.ts';

export function captureStreams(output: Output): void {
  const written = new Callbacks();
  for (const name of ['stdout', 'stderr'] as const) capture(process[name], name, output, written);
}

function capture(stream: NodeJS.WriteStream, name: StreamName, output: Output, written: Callbacks): void {
  // Node made the descriptor non-blocking. Native code and child processes write to it too: where nobody
  // reads fast enough they are to wait, as at a terminal, and not to fail with EAGAIN.
  const { _handle } = stream as { _handle?: { setBlocking?(on: boolean): void } };
  _handle?.setBlocking?.(true);
  const decoder = new StringDecoder('utf8'); // a character's bytes may come in two writes
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    output.write(name, typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)));
    const callback = rest.find(one => typeof one === 'function') as (() => void) | undefined;
    if (callback) written.add(callback);
    return true;
  };
}

/**
 * Calls what waits for its write to be done, at the end of this turn. A cell that prints for ever has no end
 * of a turn: the console's callback is the same each time, so it is counted instead of kept.
 */
class Callbacks {
  readonly #counts = new Map<() => void, number>();

  add(callback: () => void): void {
    if (this.#counts.size === 0) process.nextTick(() => this.#callAll());
    this.#counts.set(callback, (this.#counts.get(callback) ?? 0) + 1);
  }

  #callAll(): void {
    const counts = [...this.#counts];
    this.#counts.clear();
    for (const [callback, count] of counts) for (let k = 0; k < count; k++) callback();
  }
}
