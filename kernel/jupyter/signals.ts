// What the operating system tells the bridge: interrupt, end, and that whoever started it is gone.
import type { Bridge } from './bridge.ts';

const PARENT_CHECK_MS = 1000;

export function obeySignals(bridge: Pick<Bridge, 'interrupt' | 'shutDown'>): void {
  process.on('SIGINT', () => bridge.interrupt());
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => bridge.shutDown());
  // jupyter_client names itself where the kernel shall not outlive it.
  const parent = process.ppid;
  if (process.env.JPY_PARENT_PID !== String(parent)) return;
  setInterval(() => {
    if (process.ppid !== parent) bridge.shutDown();
  }, PARENT_CHECK_MS).unref();
}
