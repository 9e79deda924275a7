// A lock for work of a few milliseconds that must be done in one go, such as a check in a cell: it blocks.
// (kernel/tensorflow/lock.mjs, for minutes of work, waits without blocking.)
import { mkdirSync, rmdirSync, statSync } from 'node:fs';

const POLL_MS = 5;

/** A lock that is older belongs to a process that died with it: the work takes a hundredth of this. */
const LEFT_BEHIND_MS = 3000;

/** Runs `work` while holding the folder `path`, which is made and removed. @throws where it cannot be made */
export function withFileLock<Result>(path: string, work: () => Result): Result {
  while (!take(path)) {
    if (age(path) > LEFT_BEHIND_MS) release(path);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  try {
    return work();
  } finally {
    release(path);
  }
}

/** As {@link withFileLock}, but never waits. @returns false, and nothing is done, while another one holds it */
export function tryFileLock(path: string, work: () => void): boolean {
  if (!take(path)) {
    if (age(path) > LEFT_BEHIND_MS) release(path);
    return false;
  }
  try {
    work();
    return true;
  } finally {
    release(path);
  }
}

function take(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Milliseconds since it was taken; 0 when it has just been given back. */
function age(path: string): number {
  const taken = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return taken === undefined ? 0 : Date.now() - taken;
}

function release(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // another one, waiting as we do, took it for left behind
  }
}
