// Prepares what Node's inspect would print at too great a length: objects with thousands of keys, and tensors
// inside arrays and objects, which would show their bookkeeping instead of what they are.
import { inspect } from 'node:util';
import { isTensor, tensorHead } from './inspect-tensors.ts';

export const INSPECT_OPTIONS = {
  depth: 3,
  maxArrayLength: 50,
  maxStringLength: 4_000,
  breakLength: 100,
  compact: 3,
} as const;

const MOST_KEYS = 100;

/** The value itself, or a copy with the long parts cut. Arrays and plain objects only, as deep as is printed. */
export function shortened(value: unknown, depth = INSPECT_OPTIONS.depth + 1, copies = new Map()): unknown {
  if (isTensor(value)) return depth > INSPECT_OPTIONS.depth ? value : new Words(tensorHead(value));
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (copies.has(value)) return copies.get(value);
  if (Array.isArray(value)) return shortenedArray(value, depth, copies);
  return isPlain(value) ? shortenedObject(value, depth, copies) : value;
}

/** Looks at what is printed only: an array may be sparse, and said to be billions long. */
function shortenedArray(array: readonly unknown[], depth: number, copies: Map<unknown, unknown>): unknown {
  const shown = array.slice(0, INSPECT_OPTIONS.maxArrayLength);
  if (!shown.some(item => typeof item === 'object' && item !== null)) return array;
  const copy = shown.slice();
  copies.set(array, copy);
  for (const [index, item] of shown.entries())
    if (index in shown) copy[index] = shortened(item, depth - 1, copies);
  copy.length = array.length; // so that inspect says how many more there are
  return copy;
}

function shortenedObject(object: object, depth: number, copies: Map<unknown, unknown>): unknown {
  const copy: Record<string | symbol, unknown> = {};
  copies.set(object, copy);
  const keys = Reflect.ownKeys(object);
  for (const key of keys.slice(0, MOST_KEYS)) {
    const property = Reflect.getOwnPropertyDescriptor(object, key)!;
    if ('value' in property) property.value = shortened(property.value, depth - 1, copies);
    Reflect.defineProperty(copy, key, { ...property, configurable: true });
  }
  const more = keys.length - MOST_KEYS;
  if (more > 0) copy['...'] = new Words(`${more} more keys`);
  return copy;
}

function isPlain(object: object): boolean {
  return Reflect.getPrototypeOf(object) === Object.prototype && !Reflect.has(object, inspect.custom);
}

/** Printed as it stands, without quotes. */
class Words {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  [inspect.custom](): string {
    return this.#text;
  }
}
