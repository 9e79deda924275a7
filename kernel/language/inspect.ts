// What is known of the name at a place: its signature, documentation and tags, as plain text and as Markdown.
import type {
  JSDocTagInfo,
  Node,
  SignatureHelpItem,
  SourceFile,
  SymbolDisplayPart,
  Symbol as TypeScriptSymbol,
} from 'typescript';
import type { MimeBundle } from '../protocol.ts';
import { ts } from '../session/typescript.ts';
import { readDocs, readSignatureDocs } from './docs.ts';
import type { Draft } from './draft.ts';
import { nodeAt } from './node-at.ts';

interface Facts {
  /** TypeScript code. */
  readonly signatures: readonly string[];
  readonly documentation: string;
  readonly tags: readonly JSDocTagInfo[];
}

/** A place where a declaration stands, and its source. */
export interface Declared {
  readonly where: string;
  readonly source: string;
}

export function inspect(
  draft: Draft,
  code: string,
  offset: number,
  source: () => Declared[],
): MimeBundle | null {
  const place = namePlace(code, offset);
  const facts = (place === null ? null : ofName(draft, place)) ?? ofCall(draft, offset);
  if (!facts) return null;
  const sources = source();
  return { 'text/plain': plain(facts, sources), 'text/markdown': markdown(facts, sources) };
}

/** The name that the place is in or just behind. */
export function namePlace(code: string, offset: number): number | null {
  const isName = (at: number) => /[\p{ID_Continue}$#'"]/u.test(code[at] ?? '');
  if (isName(offset)) return offset;
  if (isName(offset - 1)) return offset - 1;
  return /\)\s*$/.test(code.slice(0, offset)) ? calledName(code, offset) : null;
}

/** Behind a call's last bracket the function is meant. */
function calledName(code: string, offset: number): number | null {
  let depth = 0;
  for (let at = code.lastIndexOf(')', offset); at >= 0; at--) {
    if (code[at] === ')') depth++;
    if (code[at] === '(' && --depth === 0) return namePlace(code, code.slice(0, at).trimEnd().length);
  }
  return null;
}

function ofName(draft: Draft, offset: number): Facts | null {
  const place = draft.place(offset);
  prepareDocs(draft, nodeAt(draft.source(), place));
  const info = draft.service.getQuickInfoAtPosition(draft.file, place);
  if (!info) return null;
  return {
    signatures: [withoutAlias(draft.words(joined(info.displayParts)))],
    documentation: joined(info.documentation),
    tags: shownTags(info.tags),
  };
}

/** That a name is imported, as all names of earlier cells are, says nothing to whoever asks what it is. */
function withoutAlias(text: string): string {
  return text.replace(/^\(alias\) /, '').replace(/\n(?:import|export) [^\n]*$/, '');
}

/** Without tfjs' own `@doc {heading: …}`, which arranges its web site. */
function shownTags(tags: readonly JSDocTagInfo[] | undefined): JSDocTagInfo[] {
  return (tags ?? []).filter(({ name }) => name !== 'doc');
}

/** Before TypeScript looks: it remembers that it found none. */
function prepareDocs(draft: Draft, node: Node): void {
  if (ts.isSourceFile(node)) return; // behind the last of a cell that is mangled
  const checker = draft.checker();
  readDocs(symbolOf(draft, node), checker);
  const call = callOf(node);
  if (call) {
    readSignatureDocs(checker.getResolvedSignature(call));
    const type = checker.getTypeAtLocation(call.expression);
    for (const one of [...type.getCallSignatures(), ...type.getConstructSignatures()]) readSignatureDocs(one);
  }
  const literal = ts.isPropertyAssignment(node.parent) ? node.parent.parent : null;
  if (literal && ts.isObjectLiteralExpression(literal))
    readDocs(checker.getContextualType(literal)?.getProperty(node.getText()), checker);
}

function symbolOf(draft: Draft, node: Node): TypeScriptSymbol | undefined {
  return draft.checker().getSymbolAtLocation(node);
}

type Call = import('typescript').CallExpression | import('typescript').NewExpression;

/** The call whose function the name is. */
function callOf(node: Node): Call | null {
  const callee = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node;
  return isCall(callee.parent) && callee.parent.expression === callee ? callee.parent : null;
}

function isCall(node: Node): node is Call {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

/** The name of the function between whose brackets the place is. */
function calledAt(file: SourceFile, place: number): Node | null {
  for (let node = nodeAt(file, Math.max(0, place - 1)); !ts.isSourceFile(node); node = node.parent) {
    if (!isCall(node) || place <= node.expression.end) continue;
    return ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  }
  return null;
}

/** Between the brackets of a call: the function, with the parameter that comes next. */
function ofCall(draft: Draft, offset: number): Facts | null {
  const place = draft.place(offset);
  const called = calledAt(draft.source(), place);
  if (called) prepareDocs(draft, called);
  const help = draft.service.getSignatureHelpItems(draft.file, place, {});
  if (!help) return null;
  const chosen = help.items[help.selectedItemIndex] ?? help.items[0]!;
  const parameter = chosen.parameters[help.argumentIndex];
  const argument = parameter ? joined(parameter.documentation) : '';
  return {
    signatures: help.items.map(item => draft.words(signatureText(item))),
    documentation: [
      joined(chosen.documentation),
      parameter && argument ? `${parameter.name}: ${argument}` : '',
    ]
      .filter(text => text !== '')
      .join('\n\n'),
    tags: shownTags(chosen.tags).filter(({ name }) => name !== 'param'),
  };
}

function signatureText(item: SignatureHelpItem): string {
  const parameters = item.parameters.map(({ displayParts }) => joined(displayParts));
  const between = joined(item.separatorDisplayParts);
  return joined(item.prefixDisplayParts) + parameters.join(between) + joined(item.suffixDisplayParts);
}

function joined(parts: readonly SymbolDisplayPart[] | undefined): string {
  return (parts ?? []).map(({ text }) => text).join('');
}

function plain({ signatures, documentation, tags }: Facts, sources: readonly Declared[]): string {
  const told = tags.map(({ name, text }) => `@${name} ${joined(text)}`.trim()).join('\n');
  const code = sources.map(({ where, source }) => `${where}:\n${source}`);
  return [signatures.join('\n'), documentation, told, ...code].filter(part => part !== '').join('\n\n');
}

function markdown({ signatures, documentation, tags }: Facts, sources: readonly Declared[]): string {
  const told = tags.map(tagMarkdown);
  const code = sources.map(({ where, source }) => `*${where}*\n${fenced(source)}`);
  return [fenced(signatures.join('\n')), documentation, ...told, ...code]
    .filter(part => part !== '')
    .join('\n\n');
}

function tagMarkdown({ name, text }: JSDocTagInfo): string {
  const words = joined(text).trim();
  if (name === 'example' && !words.includes('```')) return `*@example*\n${fenced(words)}`;
  const named = /^(\S+)\s+(?:-\s*)?([\s\S]*)$/.exec(words);
  if (NAMING.has(name) && named) return `*@${name}* \`${named[1]}\` — ${named[2]}`;
  return words === '' ? `*@${name}*` : `*@${name}* — ${words}`;
}

/** Tags whose first word is a name. */
const NAMING = new Set(['param', 'template', 'property', 'prop', 'typeParam']);

function fenced(code: string): string {
  return `\`\`\`typescript\n${code}\n\`\`\``;
}
