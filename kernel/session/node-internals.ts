// Node's own modules, which --expose-internals (client/flags.ts) opens. Node warns at each first look into some
// of them, in the output of whatever cell runs; we know what we do.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Undefined where Node has no such module, or hides it. */
export function nodeInternal(name: string): unknown {
  if (!process.execArgv.includes('--expose-internals')) return undefined;
  return quietly(() => require(name));
}

/** Without Node's warnings; undefined when it throws. */
export function quietly<T>(look: () => T): T | undefined {
  const { emitWarning } = process;
  process.emitWarning = (() => {}) as typeof process.emitWarning;
  try {
    return look();
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
