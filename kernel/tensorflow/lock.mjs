// @ts-check
// A lock file that only one living process holds. Others wait and say so; a lock left by a process that
// died is taken over. Plain JavaScript: setup.mjs needs it before anything is installed or built.
import { readFileSync, rmSync } from 'node:fs';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** After this long a lock of another machine (a shared home folder) counts as left behind. */
const FOREIGN_LOCK_MS = 60 * 60 * 1000;
const POLL_MS = 300;

/**
 * Runs `work` while holding the lock file `path`, also when the process exits in the middle of it.
 * @template T
 * @param {string} path
 * @param {(holder: string) => void} waiting is called once, with the holder's pid@host, when another has it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` gives
 */
export async function withLock(path, waiting, work) {
  const mine = `${process.pid}@${hostname()}`;
  await mkdir(dirname(path), { recursive: true });
  await takeLock(path, mine, waiting);
  const giveBack = () => removeIfHeldBy(path, mine);
  process.once('exit', giveBack);
  try {
    return await work();
  } finally {
    giveBack();
    process.off('exit', giveBack);
  }
}

/** @param {string} path @param {string} mine */
function removeIfHeldBy(path, mine) {
  try {
    if (readFileSync(path, 'utf8') === mine) rmSync(path, { force: true });
  } catch {
    // somebody cleaned up: it is given back all the same
  }
}

/** @param {string} path @param {string} mine @param {(holder: string) => void} waiting */
async function takeLock(path, mine, waiting) {
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

/**
 * Atomic, and the lock is never seen empty: written aside, then linked into place.
 * @param {string} path @param {string} mine
 */
async function tryLock(path, mine) {
  const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(aside, mine);
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(aside, { force: true });
  }
}

/** @param {string} path @returns {Promise<string | null>} */
async function holderOf(path) {
  return readFile(path, 'utf8').catch(() => null);
}

/** @param {string} path @param {string} holder */
async function isLeftBehind(path, holder) {
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
 * @param {string} path @param {string} holder @param {string} mine
 */
async function removeLeftBehind(path, holder, mine) {
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

/** @param {number} pid */
function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM'; // somebody else's
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}
