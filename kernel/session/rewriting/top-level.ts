// What the walk does at a cell's own statements: declarations assign to references, imports become calls, the
// last expression is returned.
import type {
  ClassDeclaration,
  ExportDeclaration,
  Expression,
  FunctionDeclaration,
  ImportDeclaration,
  SourceFile,
  Statement,
} from 'typescript';
import { ts } from '../typescript.ts';
import { importedNames } from './bindings.ts';
import { expressionVisitors } from './expressions.ts';
import { assignDeclared, declaresVariables } from './patterns.ts';
import { statementVisitors, visitClass, visitFunction } from './statements.ts';
import { type Vocabulary, Walk } from './walk.ts';

const visitors = new Map([...expressionVisitors, ...statementVisitors]);

/** @param result the statement whose value is the cell's, if there is one */
export function rewriteStatements(program: SourceFile, words: Vocabulary, result: Statement | null): Walk {
  const walk = new Walk(program, words, visitors);
  for (const statement of program.statements) {
    if (statement === result) rewriteValue(statement, walk, 'return [(', ')];');
    else if (!ts.isImportDeclaration(statement)) rewriteStatement(statement, walk);
  }
  // Last: now it is known which names the cell uses as values.
  const values = new Set(walk.used);
  for (const statement of program.statements.filter(ts.isImportDeclaration))
    rewriteImport(statement, walk, values);
  return walk;
}

function rewriteStatement(statement: Statement, walk: Walk): void {
  if (ts.isExportDeclaration(statement)) rewriteExport(statement, walk);
  else if (ts.isExportAssignment(statement)) rewriteValue(statement, walk, '(', ');');
  else if (ts.isFunctionDeclaration(statement)) rewriteFunction(statement, walk);
  else if (ts.isClassDeclaration(statement)) rewriteClass(statement, walk);
  else if (ts.isVariableStatement(statement) && declaresVariables(statement.declarationList, walk)) {
    walk.edits.remove(walk.start(statement), walk.start(statement.declarationList)); // export
    assignDeclared(statement.declarationList, walk);
  } else walk.visit(statement);
}

/** An expression statement, or `export default expression`. */
function rewriteValue(statement: Statement, walk: Walk, before: string, after: string): void {
  const { expression } = statement as Statement & { readonly expression: Expression };
  walk.edits.replace(walk.start(statement), walk.start(expression), before);
  walk.visit(expression);
  walk.edits.replace(expression.end, statement.end, after);
}

/** @param values names that the cell uses as values; one that it only mentions may be a type */
function rewriteImport(node: ImportDeclaration, walk: Walk, values: ReadonlySet<string>): void {
  const pairs = importedNames(node).map(({ exported, local }) => {
    const isMaybeType = !values.has(local) && walk.words.isMentioned(local);
    return `[${JSON.stringify(exported)}, ${walk.reference(local)}, ${isMaybeType}]`;
  });
  const module = importCall(node.moduleSpecifier, walk);
  const specifier = JSON.stringify(textOf(node.moduleSpecifier));
  const bind = `${walk.runtime('bind')}(${module}, ${specifier}, [${pairs.join(', ')}])`;
  walk.replace(node, `${pairs.length > 0 ? bind : module};`);
}

/** `export { a }` says nothing in a cell; `export … from` still runs the module. */
function rewriteExport(node: ExportDeclaration, walk: Walk): void {
  walk.replace(node, node.moduleSpecifier ? `${importCall(node.moduleSpecifier, walk)};` : '');
}

function importCall(specifier: Expression, walk: Walk): string {
  const text = JSON.stringify(textOf(specifier));
  return `${walk.runtime('check')}.now(await ${walk.runtime('import')}(${text}))`;
}

function textOf(specifier: Expression): string {
  return ts.isStringLiteral(specifier) ? specifier.text : '';
}

/** Stays where it is, so that it can be called before its line; the cell's head hands it to its reference. */
function rewriteFunction(node: FunctionDeclaration, walk: Walk): void {
  walk.edits.replace(walk.start(node), startAfterExport(node, walk), node.name ? '' : '(');
  visitFunction(node, walk);
  if (!node.name) walk.edits.insert(node.end, ');');
}

function rewriteClass(node: ClassDeclaration, walk: Walk): void {
  const name = node.name?.text;
  const isLocal = name !== undefined && !walk.isVariable(name);
  const before = name === undefined ? '(' : `${walk.reference(name)}.v = `;
  walk.edits.replace(walk.start(node), startAfterExport(node, walk), isLocal ? '' : before);
  visitClass(node, walk);
  if (!isLocal) walk.edits.insert(node.end, name === undefined ? ');' : ';');
}

/** Where the declaration begins without its `export default`. */
function startAfterExport(node: FunctionDeclaration | ClassDeclaration, walk: Walk): number {
  const exports = (ts.getModifiers(node) ?? []).filter(
    ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
  );
  const last = exports.at(-1);
  if (!last) return walk.start(node);
  const rest = walk.program.text.slice(last.end);
  return last.end + rest.length - rest.trimStart().length;
}
