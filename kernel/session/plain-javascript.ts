// Whether a cell is JavaScript as it stands. Most are, and need none of TypeScript's emitter, which makes a
// program, a checker and a megabyte of garbage for each: only semicolons, where the cell leaves them out.
import type { HeritageClause, Node, SourceFile, Statement } from 'typescript';
import { parseCell } from '../language/names.ts';
import type { Walk } from './rewriting/walk.ts';
import { ts } from './typescript.ts';

const { SyntaxKind } = ts;

/** What V8 reads otherwise in a script than in a module, or counts as a line where TypeScript does not. */
const UNUSUAL = /<!--|-->|\r(?!\n)|[\u2028\u2029]/;

/** Kinds that TypeScript takes away, or writes in older words. */
const TYPESCRIPT = new Set<number>([
  SyntaxKind.TypeParameter,
  SyntaxKind.IndexSignature,
  SyntaxKind.InterfaceDeclaration,
  SyntaxKind.TypeAliasDeclaration,
  SyntaxKind.EnumDeclaration,
  SyntaxKind.ModuleDeclaration,
  SyntaxKind.ImportEqualsDeclaration,
  SyntaxKind.NamespaceExportDeclaration,
  SyntaxKind.AsExpression,
  SyntaxKind.SatisfiesExpression,
  SyntaxKind.NonNullExpression,
  SyntaxKind.TypeAssertionExpression,
  SyntaxKind.Decorator,
  SyntaxKind.AbstractKeyword,
  SyntaxKind.AccessorKeyword,
  SyntaxKind.DeclareKeyword,
  SyntaxKind.ConstKeyword,
  SyntaxKind.OverrideKeyword,
  SyntaxKind.PrivateKeyword,
  SyntaxKind.ProtectedKeyword,
  SyntaxKind.PublicKeyword,
  SyntaxKind.ReadonlyKeyword,
  SyntaxKind.ExclamationToken,
]);

/** The cell's tree if it can run as it is written, up to the semicolons; null where TypeScript must write it. */
export function parsePlain(source: string): SourceFile | null {
  if (UNUSUAL.test(source)) return null;
  const tree = parseCell(source);
  // TypeScript's own field, which its types leave out: without it, all goes the long way.
  const { parseDiagnostics } = tree as unknown as { readonly parseDiagnostics?: readonly unknown[] };
  return parseDiagnostics?.length === 0 && isPlain(tree, source) ? tree : null;
}

/** Before an edit whose text begins with a parenthesis a line must be ended. */
export function endStatements(tree: SourceFile, { edits, ended }: Pick<Walk, 'edits' | 'ended'>): void {
  const visit = (node: Node): void => {
    if (isEnded(node) && !ended.has(node) && tree.text[node.end - 1] !== ';') edits.insert(node.end, ';');
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(tree, visit);
}

/** Whether a semicolon ends such a statement. */
function isEnded(node: Node): node is Statement {
  return (
    ts.isExpressionStatement(node) ||
    ts.isVariableStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isBreakOrContinueStatement(node) ||
    ts.isDebuggerStatement(node)
  );
}

function isPlain(node: Node, source: string): boolean {
  if (TYPESCRIPT.has(node.kind) || isTyped(node) || isUnfinished(node, source)) return false;
  return !ts.forEachChild(node, child => isMaybe(node, child) || !isPlain(child, source));
}

/** `a?` of what may be missing. */
function isMaybe(node: Node, child: Node): boolean {
  return child.kind === SyntaxKind.QuestionToken && !ts.isConditionalExpression(node);
}

function isTyped(node: Node): boolean {
  if (ts.isHeritageClause(node)) return isImplements(node);
  if (ts.isExpressionWithTypeArguments(node)) return node.typeArguments !== undefined;
  if (ts.isVariableDeclarationList(node)) return (node.flags & ts.NodeFlags.Using) !== 0;
  if (ts.isImportClause(node)) return node.phaseModifier !== undefined;
  if (ts.isImportSpecifier(node) || ts.isExportSpecifier(node) || ts.isExportDeclaration(node))
    return node.isTypeOnly;
  if (ts.isExportAssignment(node)) return node.isExportEquals === true;
  if (ts.isParameter(node)) return ts.isIdentifier(node.name) && node.name.text === 'this';
  return ts.isTypeNode(node);
}

function isImplements({ token }: HeritageClause): boolean {
  return token === SyntaxKind.ImplementsKeyword;
}

/** A signature without a body, and `do … while (x)` without its semicolon. */
function isUnfinished(node: Node, source: string): boolean {
  if (ts.isDoStatement(node)) return source[node.end - 1] !== ';';
  const hasBody =
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node);
  return (
    hasBody && (node.body === undefined || ('questionToken' in node && node.questionToken !== undefined))
  );
}
