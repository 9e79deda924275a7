// A lock file that only one living process holds. Others wait and say so; a lock left by a process that
// died is taken over.
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
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
      await removeLeftBehind(path, holder, mine);
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

/**
 * Removes the lock of a holder that died. Several waiters may see it at once: only the one that holds the
 * claim on this holder looks again and removes, so that nobody removes the lock that came after.
 */
async function removeLeftBehind(path: string, holder: string, mine: string): Promise<void> {
  const claim = `${path}.claim.${holder}`;
  if (!(await tryLock(claim, mine))) {
    const claimant = await holderOf(claim);
    if (claimant !== null && (await isLeftBehind(claim, claimant))) await rm(claim, { force: true });
    await sleep(POLL_MS / 10);
    return;
  }
  try {
    if ((await holderOf(path)) === holder) await rm(path, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
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
