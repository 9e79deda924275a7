// What was run, in this session and those before it: answers history_request from the entries of the file
// and of this session. Results are remembered for the running session only.
import type { HistoryEntry, HistoryReply, HistoryRequest } from '../protocol.ts';
import { globMatcher } from './glob.ts';
import type { HistoryFile, Line } from './history-file.ts';

/** Results of so many cells are kept for `output: true`. */
const MOST_RESULTS = 1000;

export class History {
  readonly #file: HistoryFile;
  readonly #results = new Map<number, string>();

  constructor(file: HistoryFile) {
    this.#file = file;
  }

  /** A cell is about to run. */
  add(line: number, code: string): void {
    if (code.trim() !== '') this.#file.add(line, code);
  }

  /** What the cell showed as its result. */
  addResult(line: number, result: string | null): void {
    if (result === null) return;
    this.#results.set(line, result);
    if (this.#results.size > MOST_RESULTS) this.#results.delete(this.#results.keys().next().value!);
  }

  answer(request: HistoryRequest): HistoryReply {
    const lines = this.#choose(request, this.#file.lines());
    const { session } = this.#file;
    const entry = request.output ? (line: Line) => this.#withResult(line, session) : withoutResult;
    return { status: 'ok', history: lines.map(entry) };
  }

  #choose(request: HistoryRequest, lines: readonly Line[]): readonly Line[] {
    if (request.hist_access_type === 'tail') return newest(lines, request.n);
    if (request.hist_access_type === 'range') return this.#range(lines, request);
    const matches = globMatcher(request.pattern);
    const found = lines.filter(line => matches(line.code));
    return newest(request.unique ? lastOfEach(found) : found, request.n);
  }

  /** Sessions count up; as in IPython 0 is this one, and -1 the one before it. Lines may count from the end. */
  #range(
    lines: readonly Line[],
    { session, start, stop }: Extract<HistoryRequest, { hist_access_type: 'range' }>,
  ): readonly Line[] {
    const wanted = session > 0 ? session : this.#sessionBack(lines, -session);
    const own = lines.filter(line => line.session === wanted);
    const end = (own.at(-1)?.line ?? 0) + 1;
    const from = start < 0 ? end + start : start;
    const until = stop === null ? end : stop < 0 ? end + stop : stop;
    return own.filter(({ line }) => line >= from && line < until);
  }

  #sessionBack(lines: readonly Line[], back: number): number | undefined {
    const { session } = this.#file;
    if (back === 0) return session;
    const earlier = [...new Set(lines.map(line => line.session))].filter(one => one !== session);
    return earlier.sort((a, b) => a - b).at(-back);
  }

  #withResult({ session, line, code }: Line, running: number): HistoryEntry {
    const result = session === running ? this.#results.get(line) : undefined;
    return [session, line, [code, result ?? null]];
  }
}

function withoutResult({ session, line, code }: Line): HistoryEntry {
  return [session, line, code];
}

function newest(lines: readonly Line[], n: number | null): readonly Line[] {
  return n === null ? lines : n <= 0 ? [] : lines.slice(-n);
}

function lastOfEach(lines: readonly Line[]): readonly Line[] {
  const last = new Map(lines.map((line, index) => [line.code, index]));
  return lines.filter((line, index) => last.get(line.code) === index);
}
