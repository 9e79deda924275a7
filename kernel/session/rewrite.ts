// A cell's TypeScript into JavaScript that the evaluator can run: the body of one async function whose
// variables are references `{ v }`, one per name for the whole session, handed in as parameters. So a
// variable may be declared again, lives on after the cell, and costs a hot loop next to nothing.
import { SourceMap } from 'node:module';
import type { Node, SourceFile, Statement } from 'typescript';
import { type Declared, declaredNames, findDuplicate, type NameKind } from './bindings.ts';
import type { EditedText } from './edits.ts';
import { Rewriter } from './rewriter.ts';
import { CellSyntaxError } from './syntax-error.ts';
import { type JavaScript, transpileCell } from './transpile.ts';
import { ts } from './typescript.ts';

/** What the session knows of a name before the cell runs. */
export interface SessionNames {
  /** Undefined for a name that no cell declared. */
  kind(name: string): NameKind | undefined;
  /** Whether it has a value by now: a cell may have failed before its declaration. */
  isSet(name: string): boolean;
  isGlobal(name: string): boolean;
}

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface CompiledCell {
  /** Evaluates to an async function of: one reference for each of `references`, then the runtime. */
  readonly code: string;
  readonly references: readonly string[];
  readonly declared: Declared;
  readonly hasResult: boolean;
  /** From a place in `code` to the cell's source; null for what the compiler added. */
  position(line: number, column: number): Position | null;
}

/** Parameters of the compiled function after its references. */
export const RUNTIME = ['check', 'constant', 'import', 'bind', 'meta'] as const;

/** @throws CellSyntaxError */
export function compileCell(source: string, fileName: string, session: SessionNames): CompiledCell {
  const javaScript = transpileCell(source, fileName);
  const program = parseJavaScript(javaScript.code);
  const own = identifiers(javaScript.tree);
  const declared = declaredNames(program, name => own.has(name));
  const rewriter = new Rewriter(program, {
    prefix: freePrefix(javaScript.code),
    isVariable: name => declared.kinds.has(name) || isSessionName(name, program, own, session),
    isConstant: name => (declared.kinds.get(name) ?? session.kind(name)) === 'constant',
    isKnown: name => declared.kinds.has(name) || session.isSet(name),
  });
  const result = resultStatement(javaScript.tree, program);
  rewriter.rewrite(result);
  const head = headOf(javaScript.tree, program, declared, rewriter);
  const edited = rewriter.edits.apply(javaScript.code, head, '\n})');
  const positions = new Positions(javaScript, edited);
  throwEarlyErrors(program, rewriter, positions);
  return {
    code: edited.text,
    references: [...rewriter.used],
    declared,
    hasResult: result !== null,
    position: (line, column) => positions.find(line, column),
  };
}

function parseJavaScript(code: string): SourceFile {
  const options = {
    languageVersion: ts.ScriptTarget.ES2022,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile('cell.js', code, options, false, ts.ScriptKind.JS);
}

/** Every identifier of the cell. What the JavaScript has beyond these, TypeScript made up. */
function identifiers(tree: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return names;
}

/** A free name is a variable unless it is a global: a later cell may declare it. */
function isSessionName(
  name: string,
  program: SourceFile,
  own: ReadonlySet<string>,
  session: SessionNames,
): boolean {
  if (!own.has(name) || name === 'arguments') return false;
  return session.kind(name) !== undefined || !session.isGlobal(name);
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
function headOf(tree: SourceFile, program: SourceFile, declared: Declared, rewriter: Rewriter): string {
  const merging = tree.statements
    .filter(statement => ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement))
    .map(statement => statement.name.text)
    .filter(name => declared.kinds.has(name));
  const functions = program.statements
    .filter(statement => ts.isFunctionDeclaration(statement))
    .map(({ name }) => name?.text)
    .filter(name => name !== undefined && declared.kinds.has(name)) as string[];
  const assignments = [
    ...merging.map(name => `${rewriter.reference(name)}.v = void 0; `),
    ...functions.map(name => `${rewriter.reference(name)}.v = ${name}; `),
  ];
  for (const name of declared.kinds.keys()) rewriter.reference(name);
  const parameters = [
    ...[...rewriter.used].map(name => rewriter.reference(name)),
    ...RUNTIME.map(name => rewriter.runtime(name)),
  ];
  return `(async (${parameters.join(', ')}) => { 'use strict'; ${assignments.join('')}`;
}

function throwEarlyErrors(program: SourceFile, rewriter: Rewriter, positions: Positions): void {
  const duplicate = findDuplicate(program);
  const errors = [...rewriter.errors];
  if (duplicate) {
    errors.push({
      message: `'${duplicate.name}' is declared twice in this cell`,
      offset: duplicate.offset,
    });
  }
  if (errors.length === 0) return;
  throw new CellSyntaxError(
    errors.map(({ message, offset }) => ({ message, ...(positions.findOriginal(offset) ?? START) })),
  );
}

const START: Position = { line: 1, column: 1 };

/** Undoes the edits, then follows TypeScript's map. Made when first asked: most cells never fail. */
class Positions {
  readonly #javaScript: JavaScript;
  readonly #edited: EditedText;
  #map: SourceMap | null = null;

  constructor(javaScript: JavaScript, edited: EditedText) {
    this.#javaScript = javaScript;
    this.#edited = edited;
  }

  find(line: number, column: number): Position | null {
    const offset = this.#edited.originalOffset(offsetAt(this.#edited.text, line, column));
    return offset === null ? null : this.findOriginal(offset);
  }

  /** @param offset in TypeScript's JavaScript */
  findOriginal(offset: number): Position | null {
    const { code, map } = this.#javaScript;
    const before = code.slice(0, offset);
    const line = before.split('\n').length - 1;
    const column = offset - (before.lastIndexOf('\n') + 1);
    this.#map ??= new SourceMap(JSON.parse(map));
    const entry = this.#map.findEntry(line, column);
    if (!('originalLine' in entry) || entry.generatedLine !== line) return null;
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }
}

function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let skipped = 1; skipped < line; skipped++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}
