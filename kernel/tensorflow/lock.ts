// A lock file that only one living process holds. Others wait and say so; a lock left by a process that
// died is taken over.
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** After this long a lock of another machine (a shared home folder) counts as left behind. */
const FOREIGN_LOCK_MS = 60 * 60 * 1000;
const POLL_MS = 300;

/**
 * Runs `work` while holding the lock file `path`.
 * `waiting` is called once, with the holder's pid, when another process holds it.
 */
export async function withLock<T>(
  path: string,
  waiting: (holder: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const mine = `${process.pid}@${hostname()}`;
  await mkdir(dirname(path), { recursive: true });
  await takeLock(path, mine, waiting);
  try {
    return await work();
  } finally {
    if ((await holderOf(path)) === mine) await rm(path, { force: true });
  }
}

async function takeLock(path: string, mine: string, waiting: (holder: string) => void): Promise<void> {
  for (let said = false; !(await tryLock(path, mine)); ) {
    const holder = await holderOf(path);
    if (holder === null) continue;
    if (await isLeftBehind(path, holder)) {
      await removeLeftBehind(path, holder);
      continue;
    }
    if (!said) waiting(holder);
    said = true;
    await sleep(POLL_MS);
  }
}

/** Atomic, and the lock is never seen empty: written aside, then linked into place. */
async function tryLock(path: string, mine: string): Promise<boolean> {
  const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(aside, mine);
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(aside, { force: true });
  }
}

async function holderOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

async function isLeftBehind(path: string, holder: string): Promise<boolean> {
  const [pid = '', host = ''] = holder.split('@');
  if (host === hostname()) return !isAlive(Number(pid));
  const age = await stat(path).then(
    found => Date.now() - found.mtimeMs,
    () => 0,
  );
  return age > FOREIGN_LOCK_MS;
}

/** Moves the lock away first: two waiters may see it, and the second must not remove the first's new one. */
async function removeLeftBehind(path: string, holder: string): Promise<void> {
  const aside = `${path}.left.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return; // another waiter was first
  }
  if ((await holderOf(aside)) !== holder) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
