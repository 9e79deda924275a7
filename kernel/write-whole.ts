// Files that are never half: written beside, flushed, then renamed over the old one. Of Node's own modules only:
// every part of the kernel may use it.
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a whole file or leaves the old one as it was, and nothing beside it. Keeps its permissions.
 * @throws what the system says of it
 */
export function writeWhole(path: string, text: string): void {
  const target = resolveLink(path);
  const beside = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    clearLeftBehind(target);
    writeFlushed(beside, text, modeOf(target));
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** What a program left that was killed while it wrote: nobody writes for so long. */
const LEFT_BEHIND_MS = 60_000;

function clearLeftBehind(target: string): void {
  const [folder, start] = [dirname(target), `.${basename(target)}.`];
  const isOurs = (name: string) =>
    name.startsWith(start) && /^[0-9a-f]{8}\.tmp$/.test(name.slice(start.length));
  try {
    for (const name of readdirSync(folder).filter(isOurs)) {
      const path = join(folder, name);
      if (Date.now() - statSync(path).mtimeMs > LEFT_BEHIND_MS) rmSync(path, { force: true });
    }
  } catch {
    // a folder that may not be listed may still be written
  }
}

/** Where a link leads: it is written through, not replaced. */
export function resolveLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // a new file
  }
}

function writeFlushed(path: string, text: string, mode: number | undefined): void {
  const file = openSync(path, 'wx');
  try {
    if (mode !== undefined) fchmodSync(file, mode);
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Permissions of the file that is replaced; a new one gets the usual. */
function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}
