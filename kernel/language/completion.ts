// Completions at a place of a cell, as Jupyter's front ends take them.
import type {
  CompletionEntry,
  Declaration,
  GetCompletionsAtPositionOptions,
  Node,
  TextSpan,
  Symbol as TypeScriptSymbol,
} from 'typescript';
import { ts } from '../session/typescript.ts';
import { describe } from './describe.ts';
import { targetOf } from './docs.ts';
import type { Draft } from './draft.ts';
import type { Completions, DescribedMatch } from './messages.ts';

/** Front ends narrow a list down by themselves as one types on, so all of `tf.` has to be in it. */
const MOST_MATCHES = 2000;

/** Types are told of the first, which are those on the screen, and of more as far as there is time. */
const LEAST_DESCRIBED = 10;
const MOST_DESCRIBED = 30;
const DESCRIBING_MS = 20;

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

export function complete(draft: Draft, code: string, offset: number): Completions {
  const info = draft.service.getCompletionsAtPosition(draft.file, draft.place(offset), PREFERENCES);
  const word = wordBefore(code, offset);
  const own = ownSpecifiers(draft, code, offset);
  const entries = [...(info?.entries ?? []), ...own];
  const matches = select(draft, { entries, span: info?.optionalReplacementSpan }, code, offset);
  const start = Math.min(offset - word.length, ...matches.map(match => match.start));
  const found = matches
    .map(match => ({ ...match, text: code.slice(start, match.start) + match.text }))
    .filter(({ text, entry }) => own.length === 0 || own.includes(entry) || isForUsers(text));
  const described = describeAll(draft, found, start, offset);
  return {
    matches: described.map(({ text }) => text),
    start: matches.length > 0 ? start : offset,
    end: offset,
    metadata: { _jupyter_types_experimental: described },
  };
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

function describeAll(draft: Draft, matches: readonly Match[], start: number, end: number): DescribedMatch[] {
  const place = draft.source();
  const deadline = performance.now() + DESCRIBING_MS;
  return matches.map(({ text, entry }, index) => {
    const type = kindOf(draft, entry);
    const isEnough = index >= LEAST_DESCRIBED && performance.now() > deadline;
    if (isEnough || index >= MOST_DESCRIBED) return { text, type, start, end };
    const signature = signatureOf(draft, entry, place);
    if (signature === null) return { text, type, start, end };
    const isFunction = VALUES.has(type) && /^[\p{ID_Continue}$]+[(<]/u.test(signature);
    return { text, type: isFunction ? 'function' : type, start, end, signature };
  });
}

function signatureOf(draft: Draft, entry: CompletionEntry, place: Node): string | null {
  if (!entry.symbol) return null;
  try {
    return draft.words(describe(entry.symbol, place, draft.checker()));
  } catch {
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
