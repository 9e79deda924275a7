// The history on disk: one line of JSON for each cell that was run, by all kernels of this user. Every
// change is made under a lock, so kernels that write at the same time lose nothing; the file is cut to its
// newer half when it has grown. A disk that fails ends no cell: this kernel then remembers by itself.
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tryFileLock, withFileLock } from '../course/file-lock.ts';
import { dataFolder } from '../course/progress.ts';
import { writeWhole } from '../write-whole.ts';

/** One cell that was run. Sessions are numbered by the file, lines are execution counts. */
export interface Line {
  readonly session: number;
  readonly line: number;
  readonly code: string;
}

interface Options {
  /** Bytes the file may have; it is cut to half of that. */
  readonly most: number;
  /** A longer cell is left out. */
  readonly longestCode: number;
}

const USUAL: Options = { most: 4 * 1024 * 1024, longestCode: 64 * 1024 };

const WRITE_AFTER_MS = 100;
const RETRY_MS = 20;

const LINE_FEED = 10;

export function historyFile(): string {
  return join(dataFolder(), 'history.jsonl');
}

export class HistoryFile {
  readonly #path: string;
  readonly #options: Options;
  /** Not yet in the file. */
  #unsaved: Omit<Line, 'session'>[] = [];
  #read: { readonly stamp: string; readonly lines: readonly Line[] } = { stamp: '', lines: [] };
  #session: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isBroken = false;

  constructor(path: string = historyFile(), options: Partial<Options> = {}) {
    this.#path = path;
    this.#options = { ...USUAL, ...options };
  }

  /** This session's number: one more than any in the file when its first cell was written. */
  get session(): number {
    return this.#session ?? 1 + Math.max(0, ...new Set(this.#saved().map(line => line.session)));
  }

  add(line: number, code: string): void {
    if (code.length > this.#options.longestCode) return;
    this.#unsaved.push({ line, code });
    if (this.#unsaved.length > 10_000) this.#unsaved.shift(); // a disk that fails must not fill the memory
    this.#timer ??= setTimeout(() => this.#write(), WRITE_AFTER_MS);
  }

  /** All that is known, oldest first. */
  lines(): readonly Line[] {
    const { session } = this;
    return [...this.#saved(), ...this.#unsaved.map(line => ({ ...line, session }))];
  }

  /** Writes what is not written yet, now or never: it waits for other kernels that write just then. */
  close(): void {
    clearTimeout(this.#timer);
    this.#write((lock, work) => {
      withFileLock(lock, work);
      return true;
    });
  }

  #write(locked: typeof tryFileLock = tryFileLock): void {
    this.#timer = undefined;
    if (this.#unsaved.length === 0 || this.#isBroken) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const done = locked(`${this.#path}.lock`, () => this.#append());
      if (!done) this.#timer = setTimeout(() => this.#write(), RETRY_MS);
    } catch {
      this.#isBroken = true;
    }
  }

  #append(): void {
    this.#session = this.session; // decided under the lock: no two kernels take the same number
    const { session } = this;
    const text = this.#unsaved.map(line => `${JSON.stringify({ session, ...line })}\n`).join('');
    appendFileSync(this.#path, (endsWithinLine(this.#path) ? '\n' : '') + text, { mode: 0o600 });
    this.#unsaved = [];
    if (statSync(this.#path).size > this.#options.most) this.#cut();
  }

  /** Keeps the newer half. */
  #cut(): void {
    const text = readFileSync(this.#path);
    const newer = text.subarray(text.length - this.#options.most / 2);
    writeWhole(this.#path, newer.subarray(newer.indexOf(LINE_FEED) + 1).toString());
  }

  /** What the file holds, read again only when it has changed. */
  #saved(): readonly Line[] {
    try {
      const { ino, size, mtimeMs } = statSync(this.#path);
      const stamp = `${ino} ${size} ${mtimeMs}`;
      if (stamp !== this.#read.stamp) this.#read = { stamp, lines: readLines(this.#path) };
      return this.#read.lines;
    } catch {
      return []; // not there yet, or not to be read
    }
  }
}

/** A kernel was killed while it wrote. */
function endsWithinLine(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return false;
  const file = openSync(path, 'r');
  try {
    const last = Buffer.alloc(1);
    return readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== LINE_FEED;
  } finally {
    closeSync(file);
  }
}

/** Lines that are none, of a damaged file, are left out. */
function readLines(path: string): readonly Line[] {
  try {
    return readFileSync(path, 'utf8').split('\n').flatMap(parseLine);
  } catch {
    return [];
  }
}

function parseLine(text: string): Line[] {
  try {
    const { session, line, code } = JSON.parse(text) as Line;
    const isLine = Number.isInteger(session) && Number.isInteger(line) && typeof code === 'string';
    return isLine ? [{ session, line, code }] : [];
  } catch {
    return [];
  }
}
