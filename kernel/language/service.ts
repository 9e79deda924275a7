// The language service over all cells of a session: one TypeScript LanguageService, asked about one draft that
// stands behind the cells that ran.
import type { LanguageService as TypeScriptService } from 'typescript';
import { nearest } from '../near-names.ts';
import { splitMagics } from '../session/magics.ts';
import { ts } from '../session/typescript.ts';
import { type ParsedCell, readCell } from './cell-module.ts';
import { Cells } from './cells.ts';
import { Completer, steady, wordBefore } from './completion.ts';
import { Declarations } from './declarations.ts';
import { declarationsOf } from './definition.ts';
import { diagnose } from './diagnostics.ts';
import { Draft } from './draft.ts';
import { Host } from './host.ts';
import { inspect, namePlace } from './inspect.ts';
import { isComplete } from './is-complete.ts';
import type {
  CellDiagnostic,
  Completeness,
  Completions,
  Questions,
  RanCell,
  ToLanguage,
} from './messages.ts';

/** Names of earlier cells that a completion brings in, the newest first. */
const MOST_NAMES = 300;

/** Of a cell's names that nobody declared; globals are among them. */
const MOST_STRANGE = 100;

/** TypeScript's numbers for "Cannot find name" and its likes. */
const UNKNOWN_NAMES = new Set([2304, 2503, 2552, 2580, 2591, 2708, 18004]);

/** Goes once through what most questions of a lesson go through. */
const WARMING = "import { tf } from 'gatebook'; const layer = tf.layers.dense({ units: 1 }); layer.";

export class LanguageService {
  readonly #cells = new Cells();
  readonly #declarations: Declarations;
  readonly #host: Host;
  readonly #isPartial: boolean;
  readonly #completer = new Completer();
  #service: TypeScriptService;

  /**
   * @param declarations folder dist/declarations
   * @param isPartial cells ran that it is not told of: names that it does not know are no errors
   */
  constructor(folder: string, declarations: URL | string, isPartial = false) {
    this.#isPartial = isPartial;
    this.#declarations = new Declarations(declarations);
    this.#host = new Host(folder, this.#declarations, this.#cells);
    this.#service = ts.createLanguageService(this.#host, this.#host.registry);
  }

  /** Serial numbers of the cells that are forgotten thereby. */
  ran(serial: number, cell: RanCell): readonly number[] {
    return this.#cells.add(serial, cell);
  }

  /** @throws whatever TypeScript throws, as over a type too deep for the stack */
  answer({ kind, ask }: Extract<ToLanguage, { id: number }>): unknown {
    const method = this[kind] as (ask: Questions[typeof kind]['ask']) => unknown;
    try {
      return method.call(this, ask);
    } catch (error) {
      this.#startOver(); // it stopped half way through what it keeps
      throw error;
    }
  }

  complete({ code, offset }: Questions['complete']['ask']): Completions {
    const nothing = { matches: [], start: offset, end: offset, metadata: {} };
    if (isMagicLine(code, offset)) return nothing;
    const beginning = wordBefore(code, offset);
    const isMember = /(?<!\.\.)\.\s*$/.test(code.slice(0, offset - beginning.length));
    const asked = steady(code, offset);
    const draft = this.#open(asked.code, isMember ? [] : this.#namesLike(beginning));
    return this.#completer.complete(draft, asked.offset, code, offset);
  }

  /** Also others, so that they stay the same with the next letter: all that begin with the first one. */
  #namesLike(beginning: string): string[] {
    const like = (start: string) =>
      this.#cells.names().filter(name => name.toLowerCase().startsWith(start.toLowerCase()));
    const names = like(beginning.slice(0, 1));
    return names.length <= MOST_NAMES ? names : like(beginning).slice(0, MOST_NAMES);
  }

  inspect({ code, offset, detail }: Questions['inspect']['ask']): Questions['inspect']['answer'] {
    const draft = this.#open(code);
    const place = namePlace(code, offset);
    const sources = () =>
      detail === 1 && place !== null ? declarationsOf(draft, place, this.#host.folder) : [];
    return inspect(draft, code, offset, sources);
  }

  isComplete({ code }: Questions['isComplete']['ask']): Completeness {
    return isComplete(code);
  }

  diagnose({ code }: Questions['diagnose']['ask']): readonly CellDiagnostic[] {
    const parsed = readCell(code);
    const draft = this.#openParsed(parsed, this.#nearNames(parsed));
    const found = diagnose(draft, code, name => this.#cells.origin(name));
    const known = this.#isPartial ? found.filter(({ code }) => !UNKNOWN_NAMES.has(code)) : found;
    return [...this.#host.takeProblems(), ...known];
  }

  /** What makes the first questions fast, in parts. */
  preparations(): (() => void)[] {
    const { node, tfjs, gatebook } = this.#declarations;
    const files = [this.#host.libraries, node, gatebook, tfjs].map(path => () => this.#host.prepare(path));
    const [libraries, ...others] = files;
    return [libraries!, others.shift()!, () => this.#ask('[1].'), ...others, () => this.#ask(WARMING)];
  }

  #ask(code: string): void {
    this.complete({ code, offset: code.length });
  }

  /** Names that may be meant by those that nobody declared: so that TypeScript can say so. */
  #nearNames({ names }: ParsedCell): string[] {
    const living = this.#cells.names();
    const strange = [...names.used].filter(name => !names.declared.has(name) && !this.#cells.origin(name));
    return strange.slice(0, MOST_STRANGE).flatMap(name => nearest(name, living));
  }

  #open(code: string, more: readonly string[] = []): Draft {
    return this.#openParsed(readCell(code), more);
  }

  #openParsed(parsed: ParsedCell, more: readonly string[]): Draft {
    const own = more.filter(name => !parsed.names.declared.has(name));
    const { text } = this.#cells.tie(parsed, own);
    if (this.#host.update(text.text)) this.#startOver();
    return new Draft({
      service: this.#service,
      file: this.#host.draft,
      head: text.head.length,
      length: parsed.code.length,
      standIns: text.standIns,
      countOf: module => this.#cells.find(module)?.count ?? null,
    });
  }

  /** What takes time, the libraries' trees, is kept. */
  #startOver(): void {
    this.#completer.forget();
    this.#service.dispose();
    this.#host.registry.clear();
    this.#service = ts.createLanguageService(this.#host, this.#host.registry);
  }
}

function isMagicLine(code: string, offset: number): boolean {
  const line = code.slice(0, offset).split('\n').length;
  return splitMagics(code).magics.some(magic => magic.line === line);
}
