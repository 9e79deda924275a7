// Comments of library files, read where somebody asks: parsing them all would double the time to the first
// answer (registry.ts).
import type { Node, Signature, SourceFile, TypeChecker, Symbol as TypeScriptSymbol } from 'typescript';
import { ts } from '../session/typescript.ts';

/** Parts of TypeScript that its types leave out. Its version is pinned, and tests read documentation. */
interface Internals {
  getJSDocCommentRanges(node: Node, text: string): readonly { pos: number; end: number }[] | undefined;
  parseIsolatedJSDocComment(
    text: string,
    start: number,
    length: number,
  ): { readonly jsDoc: Node } | undefined;
  setParentRecursive(node: Node, incremental: boolean): Node;
}

const internals = ts as unknown as Internals;

type Documented = Node & { jsDoc?: Node[] };

const done = new WeakSet<Node>();

/** So that TypeScript finds the documentation of the symbol, and of what it stands for. */
export function readDocs(symbol: TypeScriptSymbol | undefined, checker: TypeChecker): void {
  if (!symbol) return;
  for (const declaration of symbol.declarations ?? []) attach(declaration);
  if (symbol.flags & ts.SymbolFlags.Alias) readDocs(targetOf(symbol, checker), checker);
}

export function readSignatureDocs(signature: Signature | undefined): void {
  const declaration = signature?.getDeclaration() as Node | undefined;
  if (declaration) attach(declaration);
}

export function targetOf(symbol: TypeScriptSymbol, checker: TypeChecker): TypeScriptSymbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The comment of `const x = …` stands with the statement around it. */
function attach(declaration: Node): void {
  for (let node: Node = declaration; !ts.isSourceFile(node); node = node.parent) {
    attachTo(node, declaration.getSourceFile());
    if (ts.isStatement(node) || ts.isClassElement(node) || ts.isTypeElement(node)) return;
  }
}

function attachTo(node: Documented, file: SourceFile): void {
  if (done.has(node) || node.jsDoc) return;
  done.add(node);
  const ranges = internals.getJSDocCommentRanges(node, file.text) ?? [];
  const comments = ranges.flatMap(({ pos, end }) => {
    const comment = internals.parseIsolatedJSDocComment(file.text, pos, end - pos)?.jsDoc;
    return comment ? [comment] : [];
  });
  if (comments.length === 0) return;
  for (const comment of comments) {
    (comment as { parent: Node }).parent = node;
    internals.setParentRecursive(comment, false);
  }
  node.jsDoc = comments;
}
