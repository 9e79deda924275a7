// Completions at a place of a cell, as Jupyter's front ends take them.
import type {
  CompletionEntry,
  Declaration,
  GetCompletionsAtPositionOptions,
  Program,
  TextSpan,
  Symbol as TypeScriptSymbol,
} from 'typescript';
import { ts } from '../session/typescript.ts';
import { describe } from './describe.ts';
import { targetOf } from './docs.ts';
import type { Draft } from './draft.ts';
import { TypesTooLarge } from './memory-guard.ts';
import type { Completions, DescribedMatch, RunTimeAsk } from './messages.ts';
import { unknownMembers } from './run-time.ts';

/** Front ends narrow a list down by themselves as one types on, so all of `tf.` has to be in it. */
const MOST_MATCHES = 2000;

/** Types are told of the first, which are those on the screen, and of more as far as there is time. */
const LEAST_DESCRIBED = 10;
const MOST_DESCRIBED = 30;
const DESCRIBING_MS = 4;

const PREFERENCES: GetCompletionsAtPositionOptions & { includeSymbol: boolean } = {
  includeSymbol: true,
  includeCompletionsForModuleExports: false,
  includeCompletionsWithInsertText: true,
  includeAutomaticOptionalChainCompletions: true,
  includeCompletionsWithSnippetText: false,
  importModuleSpecifierEnding: 'minimal',
};

/** One completion; `start` differs where more than the word is replaced, as in `maybe.x` by `maybe?.x`. */
interface Match {
  readonly text: string;
  readonly start: number;
  readonly entry: CompletionEntry;
}

/** Beginning of the word that ends at the place; '' where none does. */
export function wordBefore(code: string, offset: number): string {
  return /[\p{ID_Continue}$#]*$/u.exec(code.slice(0, offset))?.[0] ?? '';
}

/** A cell whose word at the cursor is a letter that no name begins with: it stays the same while one types the word. */
export interface Steady {
  readonly code: string;
  /** Of the cursor in it. */
  readonly offset: number;
}

const ANY_WORD = '\ua48c';

/** What may follow does not depend on the word that stands there, but within strings and behind keywords. */
export function steady(code: string, offset: number): Steady {
  const word = wordBefore(code, offset);
  const start = offset - word.length;
  const line = code.slice(code.lastIndexOf('\n', start - 1) + 1, start);
  const isName = /^[\p{ID_Start}$_]/u.test(word) && !KEYWORDS.has(word);
  if (!isName || /['"`]|\/[/*]/.test(line)) return { code, offset };
  return { code: code.slice(0, start) + ANY_WORD + code.slice(offset), offset: start + ANY_WORD.length };
}

/** `new` or `typeof` says what follows; a name that only begins so does not. */
const KEYWORDS: ReadonlySet<string> = new Set(
  Array.from(
    { length: ts.SyntaxKind.LastKeyword - ts.SyntaxKind.FirstKeyword + 1 },
    (_, at) => ts.tokenToString(ts.SyntaxKind.FirstKeyword + at) ?? '',
  ),
);

/** Answers one question after another, and keeps what TypeScript offered last: it is asked again letter by letter. */
export class Completer {
  #last: Offers | undefined;

  /** @param at the cursor's offset in the draft's code, which {@link steady} made */
  complete(draft: Draft, at: number, code: string, offset: number): Completions {
    const word = wordBefore(code, offset);
    const offers = this.#offers(draft, draft.place(at));
    const own = ownSpecifiers(draft, code, offset);
    const entries = [...offers.entries, ...own];
    const matches = select(draft, { entries, span: offers.span }, code, offset);
    const start = Math.min(offset - word.length, ...matches.map(match => match.start));
    const found = matches
      .map(match => ({ ...match, text: code.slice(start, match.start) + match.text }))
      .filter(({ text, entry }) => own.length === 0 || own.includes(entry) || isForUsers(text));
    const described = describeAll(offers, found, start, offset);
    return {
      matches: described.map(({ text }) => text),
      start: matches.length > 0 ? start : offset,
      end: offset,
      metadata: { _jupyter_types_experimental: described },
      ...leftOpen(draft, offers, code, offset),
    };
  }

  #offers(draft: Draft, place: number): Offers {
    if (this.#last?.isOf(draft, place)) return this.#last;
    this.#last = undefined; // it holds on to a whole program
    this.#last = new Offers(draft, place);
    return this.#last;
  }

  /** The program goes. */
  forget(): void {
    this.#last = undefined;
  }
}

/** Where values may stand other names may too; where the types know no member the value may have some. */
function leftOpen(
  draft: Draft,
  { entries }: Offers,
  code: string,
  offset: number,
): { readonly runTime?: RunTimeAsk } {
  const word = wordBefore(code, offset);
  if (entries.length === 0) {
    const runTime = unknownMembers(draft, code, offset - word.length, offset);
    return runTime ? { runTime } : {};
  }
  const isOfValues = entries.some(({ name, kind }) => name === 'undefined' && kind === VARIABLE);
  return isOfValues ? { runTime: { kind: 'names', path: [], start: offset - word.length } } : {};
}

const VARIABLE = ts.ScriptElementKind.variableElement;

/** Of everything that can be iterated over: half a name, which would move the start of all others to the dot. */
const SYMBOL = '[Symbol]';

/** What TypeScript offers at one place of one program. */
class Offers {
  readonly entries: readonly CompletionEntry[];
  /** What they replace where they say nothing else. */
  readonly span: TextSpan | undefined;
  readonly #draft: Draft;
  readonly #program: Program | undefined;
  readonly #place: number;
  readonly #kinds = new Map<CompletionEntry, string>();
  readonly #signatures = new Map<CompletionEntry, string | null>();

  constructor(draft: Draft, place: number) {
    const info = draft.service.getCompletionsAtPosition(draft.file, place, PREFERENCES);
    this.entries = info?.entries.filter(({ insertText }) => insertText !== SYMBOL) ?? [];
    this.span = info?.optionalReplacementSpan;
    this.#draft = draft;
    this.#place = place;
    this.#program = draft.service.getProgram();
  }

  isOf(draft: Draft, place: number): boolean {
    return this.#place === place && this.#program === draft.service.getProgram();
  }

  kind(entry: CompletionEntry): string {
    return remembered(this.#kinds, entry, () => kindOf(this.#draft, entry));
  }

  /** Whether its signature is known, or that it has none. */
  isDescribed(entry: CompletionEntry): boolean {
    return this.#signatures.has(entry);
  }

  signature(entry: CompletionEntry): string | null {
    return remembered(this.#signatures, entry, () => signatureOf(this.#draft, entry));
  }
}

function remembered<Value>(
  known: Map<CompletionEntry, Value>,
  entry: CompletionEntry,
  make: () => Value,
): Value {
  const value = known.get(entry);
  if (value !== undefined) return value;
  const made = make();
  known.set(entry, made);
  return made;
}

/** Modules that a cell imports whether they are part of the program yet or not. */
const OWN = ['gatebook', '@tensorflow/tfjs', '@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'];

function ownSpecifiers(draft: Draft, code: string, offset: number): CompletionEntry[] {
  const typed = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"\n]*)$/.exec(code.slice(0, offset))?.[1];
  if (typed === undefined) return [];
  const replacementSpan = { start: draft.place(offset - typed.length), length: typed.length };
  return OWN.map(name => ({
    ...{ name, kind: ts.ScriptElementKind.externalModuleName, kindModifiers: '', sortText: '11' },
    replacementSpan,
  }));
}

/** pack.mjs makes a module of every file of a package; OWN come apart. */
function isForUsers(specifier: string): boolean {
  return !/^(gatebook|@types|@webgpu|@tensorflow|undici-types)(\/|$)/.test(specifier);
}

interface Offered {
  readonly entries: readonly CompletionEntry[];
  /** What they replace where they say nothing else. */
  readonly span: TextSpan | undefined;
}

/** Entries that begin as the word does: the same case first, then in TypeScript's order. */
function select(draft: Draft, offered: Offered, code: string, offset: number): Match[] {
  const word = wordBefore(code, offset);
  const matches = offered.entries.flatMap((entry): Match[] => {
    const span = entry.replacementSpan ?? offered.span;
    const start = span ? draft.offset(span.start) : offset - word.length;
    if (start < 0 || start > offset) return [];
    return [{ text: entry.insertText ?? entry.name, start, entry }];
  });
  // Within a string (an import's specifier, a key) the span says what has been typed, else the word does.
  const beginning = (entry: CompletionEntry, start: number) =>
    entry.replacementSpan && entry.insertText === undefined ? code.slice(start, offset) : word;
  return matches
    .filter(({ entry, start }) => entry.name.toLowerCase().startsWith(beginning(entry, start).toLowerCase()))
    .map(match => ({ match, key: sortKey(match.entry, word) }))
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .slice(0, MOST_MATCHES)
    .map(({ match }) => match);
}

function sortKey({ name, sortText }: CompletionEntry, word: string): string {
  return `${name.startsWith(word) ? 0 : 1} ${sortText} ${name.toLowerCase()} ${name}`;
}

function describeAll(
  offers: Offers,
  matches: readonly Match[],
  start: number,
  end: number,
): DescribedMatch[] {
  const deadline = performance.now() + DESCRIBING_MS;
  return matches.map(({ text, entry }, index) => {
    const type = offers.kind(entry);
    const isEnough = index >= LEAST_DESCRIBED && performance.now() > deadline;
    if (index >= MOST_DESCRIBED || (isEnough && !offers.isDescribed(entry)))
      return { text, type, start, end };
    const signature = offers.signature(entry);
    if (signature === null) return { text, type, start, end };
    const isFunction = VALUES.has(type) && /^[\p{ID_Continue}$]+[(<]/u.test(signature);
    return { text, type: isFunction ? 'function' : type, start, end, signature };
  });
}

function signatureOf(draft: Draft, entry: CompletionEntry): string | null {
  if (!entry.symbol) return null;
  try {
    return draft.words(describe(entry.symbol, draft.source(), draft.checker()));
  } catch (error) {
    if (error instanceof TypesTooLarge) throw error;
    return null; // a type too deep to print
  }
}

/** TypeScript's word for what an entry is, in those that front ends have pictures for. */
function kindOf(draft: Draft, { kind, symbol }: CompletionEntry): string {
  if (kind === ts.ScriptElementKind.alias && symbol) return kindOfSymbol(targetOf(symbol, draft.checker()));
  return KINDS[kind] ?? kind;
}

const VALUES = new Set(['constant', 'variable']);

const KINDS: Readonly<Record<string, string>> = {
  [ts.ScriptElementKind.constElement]: 'constant',
  [ts.ScriptElementKind.letElement]: 'variable',
  [ts.ScriptElementKind.variableElement]: 'variable',
  [ts.ScriptElementKind.localVariableElement]: 'variable',
  [ts.ScriptElementKind.parameterElement]: 'variable',
  [ts.ScriptElementKind.localFunctionElement]: 'function',
  [ts.ScriptElementKind.memberVariableElement]: 'property',
  [ts.ScriptElementKind.memberGetAccessorElement]: 'property',
  [ts.ScriptElementKind.memberSetAccessorElement]: 'property',
  [ts.ScriptElementKind.memberAccessorVariableElement]: 'property',
  [ts.ScriptElementKind.enumMemberElement]: 'enum member',
  [ts.ScriptElementKind.typeElement]: 'type',
  [ts.ScriptElementKind.externalModuleName]: 'module',
  [ts.ScriptElementKind.string]: 'text',
};

function kindOfSymbol({ flags, valueDeclaration }: TypeScriptSymbol): string {
  const { SymbolFlags } = ts;
  if (flags & SymbolFlags.Function) return 'function';
  if (flags & SymbolFlags.Class) return 'class';
  if (flags & SymbolFlags.Enum) return 'enum';
  if (flags & SymbolFlags.Variable) return isConstant(valueDeclaration) ? 'constant' : 'variable';
  if (flags & SymbolFlags.Namespace) return 'module';
  return flags & SymbolFlags.Interface ? 'interface' : 'type';
}

function isConstant(declaration: Declaration | undefined): boolean {
  return declaration !== undefined && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
}
