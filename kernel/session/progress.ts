// `progress` of the cells: around what is iterated over, or a bar moved by hand.
import { BAR_SYMBOL } from '../protocol.ts';
import type { Progress } from './display-types.ts';
import type { Output } from './output.ts';
import { Bars } from './progress-bars.ts';

/** Makes `progress` a global, and what the library finds under {@link BAR_SYMBOL}. */
export function installProgress(output: Output): Bars {
  const bars = new Bars(output);
  const value = makeProgress(bars);
  Object.defineProperty(globalThis, Symbol.for(BAR_SYMBOL), { value });
  Object.defineProperty(globalThis, 'progress', { value, writable: true, configurable: true });
  return bars;
}

export function makeProgress(bars: Bars): Progress {
  const progress = (work: unknown, label?: string) => {
    if (work === null || typeof work === 'number') return bars.make(work, label);
    if (isObjectWith(work, Symbol.asyncIterator))
      return eachAsync(bars, work as AsyncIterable<unknown>, label);
    if (typeof work === 'string' || isObjectWith(work, Symbol.iterator))
      return each(bars, work as Iterable<unknown>, label);
    throw new TypeError(
      `Cannot show the progress of ${typeof work}: expected something to iterate over, a number, or null`,
    );
  };
  return progress as Progress;
}

function isObjectWith(value: unknown, key: symbol): boolean {
  return typeof value === 'object' && value !== null && key in value;
}

/** Arrays, Maps and Sets say how many they hold. */
function sizeOf(items: object | string): number | null {
  const { length, size } = items as { readonly length?: unknown; readonly size?: unknown };
  if (typeof length === 'number') return length;
  return typeof size === 'number' ? size : null;
}

function* each<Item>(bars: Bars, items: Iterable<Item>, label?: string): IterableIterator<Item> {
  const bar = bars.make(sizeOf(items), label);
  let ended = false;
  try {
    for (const item of items) {
      yield item;
      bar.step();
    }
    ended = true;
  } finally {
    bar.close(ended ? 'done' : 'stopped');
  }
}

async function* eachAsync<Item>(
  bars: Bars,
  items: AsyncIterable<Item>,
  label?: string,
): AsyncIterableIterator<Item> {
  const bar = bars.make(sizeOf(items), label);
  let ended = false;
  try {
    for await (const item of items) {
      yield item;
      bar.step();
    }
    ended = true;
  } finally {
    bar.close(ended ? 'done' : 'stopped');
  }
}
