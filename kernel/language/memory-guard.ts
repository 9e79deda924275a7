// Ends a question whose types explode before they fill the heap. A full heap would end the thread at best: an
// allocation of more than 16 MB at the limit, as when TypeScript's map of a million relations grows, ends the
// whole process and with it the variables of the session.
import { getHeapStatistics } from 'node:v8';
import { ts } from '../session/typescript.ts';

/** What TypeScript's types leave out. Its version is pinned. */
interface Internals {
  readonly objectAllocator: Allocator;
  setObjectAllocator(allocator: Allocator): void;
}

export class TypesTooLarge extends RangeError {}

type Constructor = new (...values: never[]) => object;

interface Allocator {
  getTypeConstructor(): Constructor;
  getSymbolConstructor(): Constructor;
}

/** Of types and symbols; they take some 100 bytes each, so that 4 MB are made between two looks. */
const BETWEEN_LOOKS = 1 << 15;

/** Of the heap's limit. A session of 100 cells with tfjs takes 15 %. */
const SHARE = 0.8;

/** Every type and symbol that TypeScript makes counts from here on. @throws TypesTooLarge out of whatever makes one */
export function guardMemory(): void {
  const internals = ts as unknown as Internals;
  const { objectAllocator } = internals;
  const [Type, TypeScriptSymbol] = [
    objectAllocator.getTypeConstructor(),
    objectAllocator.getSymbolConstructor(),
  ].map(counted) as [Constructor, Constructor];
  internals.setObjectAllocator({
    ...objectAllocator,
    getTypeConstructor: () => Type,
    getSymbolConstructor: () => TypeScriptSymbol,
  });
}

let made = 0;

function counted(Made: Constructor): Constructor {
  return class extends Made {
    constructor(...values: never[]) {
      super(...values);
      if (++made % BETWEEN_LOOKS === 0) look();
    }
  };
}

function look(): void {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  if (used_heap_size < heap_size_limit * SHARE) return;
  const limit = Math.round((heap_size_limit * SHARE) / 2 ** 20);
  throw new TypesTooLarge(`the types of this code take more than ${limit} MB`);
}
