// TypeScript to JavaScript, by TypeScript's own transpiler: cells, and the user's files that cells import.
// Types vanish; enums, namespaces, decorators and parameter properties become plain JavaScript.
import type { CompilerOptions, Diagnostic, SourceFile } from 'typescript';
import { checkWaits, withCheckpoint } from './checked-waits.ts';
import { parsePlain } from './plain-javascript.ts';
import { CellSyntaxError, type Problem } from './syntax-error.ts';
import { ts } from './typescript.ts';

export interface JavaScript {
  readonly code: string;
  /** Source map v3 from `code` to the TypeScript, as JSON; null where it is the same text. */
  readonly map: string | null;
}

export interface CellJavaScript extends JavaScript {
  /** The cell as TypeScript parsed it. */
  readonly tree: SourceFile;
  /** `code` parsed. */
  readonly program: SourceFile;
}

const sharedOptions: CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  sourceMap: true,
};

/** Imports stay even when the cell itself does not use them: a later cell may. */
const cellOptions: CompilerOptions = { ...sharedOptions, verbatimModuleSyntax: true };

/** @throws CellSyntaxError with every problem TypeScript's parser found. */
export function transpileCell(source: string, fileName: string): CellJavaScript {
  const plain = parsePlain(source);
  if (plain) return { code: source, map: null, tree: plain, program: plain };
  let tree: SourceFile | undefined;
  const output = ts.transpileModule(source, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: cellOptions,
    transformers: {
      before: [
        () => file => {
          tree = file;
          return file;
        },
      ],
    },
  });
  const problems = [
    ...(output.diagnostics ?? []).filter(isParseError).map(toProblem),
    ...commonJsSyntax(tree!),
  ];
  if (problems.length > 0) throw new CellSyntaxError(problems);
  const { code, map } = split(output.outputText, output.sourceMapText);
  return { code, map, tree: tree!, program: parseJavaScript(code) };
}

function parseJavaScript(code: string): SourceFile {
  const options = {
    languageVersion: ts.ScriptTarget.ES2022,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile('cell.js', code, options, false, ts.ScriptKind.JS);
}

/** TypeScript's syntax for CommonJS, of which nothing would be left in a module. */
function commonJsSyntax(tree: SourceFile): Problem[] {
  return tree.statements.flatMap(statement => {
    const isImport =
      ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference);
    const isExport = ts.isExportAssignment(statement) && statement.isExportEquals === true;
    const message = isImport
      ? "A cell is a module: write import x from 'm', or const x = require('m')"
      : 'A cell is a module: write export default x';
    return isImport || isExport ? [{ message, ...placeIn(tree, statement.getStart(tree)) }] : [];
  });
}

/**
 * A user's file.
 * @throws SyntaxError naming file, line and column
 */
export function transpileFile(
  source: string,
  path: string,
  format: 'module' | 'commonjs',
): { readonly code: string; readonly map: string } {
  const module = format === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS;
  const output = ts.transpileModule(source, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { ...sharedOptions, module },
    transformers: { after: [checkWaits] },
  });
  const problem = (output.diagnostics ?? []).filter(isParseError).map(toProblem)[0];
  if (problem) {
    throw new SyntaxError(`Cannot read ${path}:${problem.line}:${problem.column}: ${problem.message}`);
  }
  const { code, map } = split(output.outputText, output.sourceMapText);
  return { code: withCheckpoint(code), map };
}

function split(outputText: string, map: string | undefined): { code: string; map: string } {
  return { code: outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, ''), map: map ?? '' };
}

function isParseError(diagnostic: Diagnostic): boolean {
  return diagnostic.category === ts.DiagnosticCategory.Error && diagnostic.file !== undefined;
}

function toProblem(diagnostic: Diagnostic): Problem {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  return { message, ...placeIn(diagnostic.file!, diagnostic.start ?? 0) };
}

function placeIn(file: SourceFile, offset: number): { line: number; column: number } {
  const { line, character } = ts.getLineAndCharacterOfPosition(file, offset);
  return { line: line + 1, column: character + 1 };
}
