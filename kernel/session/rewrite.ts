// A cell's TypeScript into JavaScript that the evaluator can run: the body of one async function whose
// variables are references `{ v }`, one per name for the whole session, handed in as parameters. So a
// variable may be declared again, lives on after the cell, and costs a hot loop next to nothing.
import type { Node, SourceFile, Statement } from 'typescript';
import { endStatements } from './plain-javascript.ts';
import { type Declared, declaredNames, findDuplicate, type NameKind } from './rewriting/bindings.ts';
import { type Position, Positions } from './rewriting/positions.ts';
import { rewriteStatements } from './rewriting/top-level.ts';
import { type EarlyError, RUNTIME, type Vocabulary, type Walk } from './rewriting/walk.ts';
import { CellSyntaxError } from './syntax-error.ts';
import { transpileCell } from './transpile.ts';
import { ts } from './typescript.ts';

/** What the session knows of a name before the cell runs. */
export interface SessionNames {
  /** Undefined for a name that no cell declared. */
  kind(name: string): NameKind | undefined;
  /** Whether it has a value by now: a cell may have failed before its declaration. */
  isSet(name: string): boolean;
  isGlobal(name: string): boolean;
}

export interface CompiledCell {
  /** Evaluates to an async function: its parameters are one reference for each of `references`, then RUNTIME. */
  readonly code: string;
  readonly references: readonly string[];
  readonly declared: Declared;
  /** From a place in `code` to the cell's source; null for what the compiler added. */
  position(line: number, column: number): Position | null;
}

/**
 * The function gives `[value]` when the cell's last statement is an expression, else undefined.
 * @throws CellSyntaxError
 */
export function compileCell(source: string, fileName: string, session: SessionNames): CompiledCell {
  const javaScript = transpileCell(source, fileName);
  const { program } = javaScript;
  const { statements } = javaScript.tree;
  const own = identifiers(statements);
  const mentioned = identifiers(statements.filter(statement => !ts.isImportDeclaration(statement)));
  const declared = declaredNames(program, name => own.has(name));
  const words = {
    ...vocabulary(javaScript.code, own, declared, session),
    isMentioned: (name: string) => mentioned.has(name),
  };
  const walk = rewriteStatements(program, words, resultStatement(javaScript.tree, program));
  const head = headOf(javaScript.tree, program, declared, walk);
  if (javaScript.map === null) endStatements(program, walk);
  const edited = walk.edits.apply(javaScript.code, head, '\n})');
  const { code, map } = javaScript; // without the tree: an error may ask for this long after
  const positions = new Positions(source, { code, map }, edited);
  refuse([...walk.errors, ...duplicates(program)], positions);
  return {
    code: edited.text,
    references: [...walk.used],
    declared,
    position: positions.find.bind(positions),
  };
}

/** Every identifier of the cell. What the JavaScript has beyond these, TypeScript made up. */
function identifiers(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const statement of statements) visit(statement);
  return names;
}

/** A free name is a variable of the session unless it is a global: a later cell may declare it. */
function vocabulary(
  code: string,
  own: ReadonlySet<string>,
  declared: Declared,
  session: SessionNames,
): Omit<Vocabulary, 'isMentioned'> {
  const isFree = (name: string) => own.has(name) && name !== 'arguments';
  return {
    prefix: freePrefix(code),
    isVariable: name =>
      declared.kinds.has(name) ||
      (isFree(name) && (session.kind(name) !== undefined || !session.isGlobal(name))),
    isConstant: name => (declared.kinds.get(name) ?? session.kind(name)) === 'constant',
    isKnown: name => declared.kinds.has(name) || session.isSet(name),
  };
}

function freePrefix(code: string): string {
  let prefix = '$$';
  while (code.includes(prefix)) prefix += '$';
  return prefix;
}

/** The last statement, if in the cell as it was written it is an expression. */
function resultStatement(tree: SourceFile, program: SourceFile): Statement | null {
  const written = tree.statements.findLast(statement => !ts.isEmptyStatement(statement));
  if (!written || !isValueStatement(written)) return null;
  const last = program.statements.findLast(
    statement => !ts.isEmptyStatement(statement) && !ts.isExportDeclaration(statement),
  );
  return last && isValueStatement(last) ? last : null;
}

function isValueStatement(statement: Statement): boolean {
  return ts.isExpressionStatement(statement) || ts.isExportAssignment(statement);
}

/** What runs first: enums and namespaces start anew, functions are there from the beginning. */
function headOf(tree: SourceFile, program: SourceFile, declared: Declared, walk: Walk): string {
  const isDeclared = (name: string | undefined) => name !== undefined && declared.kinds.has(name);
  const merging = tree.statements
    .filter(statement => ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement))
    .map(statement => statement.name.text)
    .filter(isDeclared);
  const functions = program.statements
    .map(statement => (ts.isFunctionDeclaration(statement) ? statement.name?.text : undefined))
    .filter(isDeclared);
  const assignments = [
    ...merging.map(name => `${walk.reference(name)}.v = void 0; `),
    ...functions.map(name => `${walk.reference(name!)}.v = ${name}; `),
  ];
  const references = [...walk.used].map(name => walk.reference(name));
  const parameters = [...references, ...RUNTIME.map(name => walk.runtime(name))];
  return `(async (${parameters.join(', ')}) => { 'use strict'; ${assignments.join('')}`;
}

function duplicates(program: SourceFile): EarlyError[] {
  const duplicate = findDuplicate(program);
  if (!duplicate) return [];
  return [{ message: `'${duplicate.name}' is declared twice in this cell`, offset: duplicate.offset }];
}

function refuse(errors: readonly EarlyError[], positions: Positions): void {
  if (errors.length === 0) return;
  const start = { line: 1, column: 1 };
  throw new CellSyntaxError(
    errors.map(({ message, offset }) => ({ message, ...(positions.findOriginal(offset) ?? start) })),
  );
}
