// What the operating system tells the bridge: interrupt, end, and that whoever started it is gone.
import { existsSync, readFileSync } from 'node:fs';
import type { Bridge } from './bridge.ts';

const PARENT_CHECK_MS = 1000;

/** @param tidy what nobody else will do when the starter is gone. */
export function obeySignals(bridge: Pick<Bridge, 'interrupt' | 'shutDown'>, tidy: () => void): void {
  process.on('SIGINT', () => bridge.interrupt());
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => bridge.shutDown());
  const orphaned = () => {
    tidy();
    bridge.shutDown();
  };
  // jupyter_client names itself where the kernel shall not outlive it.
  const [named, parent] = [Number(process.env.JPY_PARENT_PID), process.ppid];
  if (named !== parent) {
    // It may have died while we loaded: init is our parent then. Any other parent is a program between us, as
    // a shell or a batch system's, where the number may be another machine's.
    if (named > 0 && parent === 1 && !isAlive(named)) orphaned();
    return;
  }
  setInterval(() => {
    if (process.ppid !== parent) orphaned();
  }, PARENT_CHECK_MS).unref();
}

/** One that has ended is there still while nobody has asked how: in containers, whose init often does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}
