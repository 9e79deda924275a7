// Which backend TensorFlow runs on, and why; told to whoever listens (badge, banner, doctor).
import type { BackendStatus } from '../protocol.ts';

let current: BackendStatus = { state: 'unloaded' };
const listeners = new Set<(status: BackendStatus) => void>();

/** The state now. `unloaded` until the first use. */
export function backendStatus(): BackendStatus {
  return current;
}

/** Calls `listener` at every change from now on. Returns what ends it. */
export function onBackendStatus(listener: (status: BackendStatus) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setBackendStatus(status: BackendStatus): void {
  current = status;
  for (const listener of listeners) listener(status);
}
