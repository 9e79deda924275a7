// Processes that cells start run in the kernel's process group, unless they are detached: an interrupt reaches
// them as Ctrl+C in a terminal would, and they end with the kernel. Only a kernel that leads a group of its own
// has one (client/start.ts, `detached`); for any other, and on Windows, nothing happens here.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Between asking and forcing. */
const PATIENCE_MS = 200;

/** Who started this process; another is its parent once that one is gone. */
const starter = process.ppid;

/** False when the group has nobody left, or there is none. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    return process.platform !== 'win32' && process.kill(-leader, signal);
  } catch {
    return false;
  }
}

/** Whether something that this process's main thread started is there; true where that cannot be told. */
export function hasChildren(pid = process.pid): boolean {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() !== '';
  } catch {
    return true; // Linux alone says it in a file
  }
}

/** Ends what is left of a group, its leader being gone. */
export async function endGroup(leader: number): Promise<void> {
  if (!signalGroup(leader, 'SIGTERM')) return;
  await sleep(PATIENCE_MS);
  signalGroup(leader, 'SIGKILL');
}

/**
 * Asks the group that this process leads to end, as this process is about to. Where whoever started it is gone
 * nobody would force those that do not listen: then this waits and forces all of them, itself too.
 */
export function endOwnGroup(): void {
  process.on('SIGTERM', () => {}); // it reaches this process too
  if (!signalGroup(process.pid, 'SIGTERM') || process.ppid === starter) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE_MS);
  signalGroup(process.pid, 'SIGKILL');
}
