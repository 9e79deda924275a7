// Large arrays that are used again: fresh ones cost more than the sums, as the system has to find and clear their
// pages. What nobody borrowed for a second or two is let go.

/** Shorter ones come as quickly from JavaScript itself. */
const FROM = 4_096;
const MOST_BYTES = 256 * 2 ** 20;
const REST_MS = 1_000;

interface Shelf {
  readonly free: Float32Array[];
  isInUse: boolean;
}

const shelves = new Map<number, Shelf>();
let bytes = 0;
let timer: NodeJS.Timeout | null = null;

/** An array of that length; it holds whatever was there. */
export function borrowFloats(length: number): Float32Array {
  const shelf = length < FROM ? undefined : shelves.get(length);
  if (!shelf) return new Float32Array(length);
  shelf.isInUse = true;
  const found = shelf.free.pop();
  if (found) bytes -= found.byteLength;
  return found ?? new Float32Array(length);
}

/** Gives back what was borrowed, to be used again. Nobody may look at it any more. */
export function returnFloats(...arrays: readonly Float32Array[]): void {
  for (const array of arrays) {
    if (array.length < FROM || bytes + array.byteLength > MOST_BYTES) continue;
    const shelf = shelves.get(array.length) ?? { free: [], isInUse: true };
    shelf.isInUse = true;
    shelf.free.push(array);
    shelves.set(array.length, shelf);
    bytes += array.byteLength;
  }
  timer ??= shelves.size > 0 ? setInterval(letGo, REST_MS).unref() : null;
}

/** Bytes of arrays that nobody has borrowed. */
export function restingBytes(): number {
  return bytes;
}

function letGo(): void {
  for (const [length, shelf] of shelves) {
    if (!shelf.isInUse) {
      bytes -= 4 * length * shelf.free.length;
      shelves.delete(length);
    }
    shelf.isInUse = false;
  }
  if (shelves.size > 0 || !timer) return;
  clearInterval(timer);
  timer = null;
}
