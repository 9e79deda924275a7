// Runs cells one after another in one scope that lives as long as the session.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { bindImports } from './bind-imports.ts';
import { addCell } from './cells.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Magic, splitMagics } from './magics.ts';
import { mendMessage } from './messages.ts';
import { importerFor, installModuleHooks, resolverFor } from './modules.ts';
import { constant, Reference } from './references.ts';
import { prepareLibrary, requireFor } from './require.ts';
import { type CompiledCell, compileCell, type SessionNames } from './rewrite.ts';
import type { NameKind } from './rewriting/bindings.ts';
import { requireMagics, runMagics } from './run-magics.ts';
import type { Shield } from './shield.ts';
import { installStackMapping } from './stack.ts';
import { CellSyntaxError } from './syntax-error.ts';

export interface CellOutcome {
  /** Value of the cell's last expression. */
  readonly value: unknown;
  /** False when the last statement is a declaration, or its value undefined. */
  readonly hasValue: boolean;
}

export interface EvaluatorOptions {
  /** Folder in which the notebook lies: imports are resolved from it. */
  readonly folder: string;
  /** Passes every awaited value in a cell, also in functions of cells that ended; throws to stop them. */
  readonly check: Pick<Checkpoint, 'now' | 'each' | 'signal' | 'caught'>;
  /** Around everything that loads modules: keeps kills off. */
  readonly shield?: Pick<Shield, 'during' | 'duringCall'>;
}

interface Compiled {
  readonly magics: readonly Magic[];
  readonly compiled: CompiledCell;
  readonly call: CellFunction;
}

type CellFunction = (...parameters: unknown[]) => Promise<readonly [unknown] | undefined>;

export class Evaluator {
  readonly #references = new Map<string, Reference>();
  readonly #kinds = new Map<string, NameKind>();
  readonly #runtime: readonly unknown[];
  readonly #folder: string;
  readonly #check: EvaluatorOptions['check'];

  constructor({ folder, check, shield = OPEN }: EvaluatorOptions) {
    // Else V8 keeps the code of every cell that ever ran.
    setFlagsFromString('--no-compilation-cache');
    this.#folder = folder;
    this.#check = check;
    installStackMapping();
    installModuleHooks(folder);
    const path = join(folder, 'notebook.ipynb');
    const load = importerFor(path);
    const importModule = (specifier: unknown) => shield.during(() => load(specifier));
    this.#runtime = [check, constant, importModule, bindImports, importMeta(path), check.caught];
    this.#predefine({ require: shieldedRequire(path, shield), __filename: path, __dirname: folder });
  }

  /** @throws CellSyntaxError before anything of the cell runs; else whatever the cell throws */
  async run(source: string, executionCount: number): Promise<CellOutcome> {
    const { magics, compiled, call } = this.#compile(source, executionCount);
    if (magics.length > 0) {
      const { signal } = this.#check;
      await runMagics(magics, { folder: this.#folder, signal, executionCount });
    }
    if (/\brequire\s*\(\s*['"`]gatebook['"`]/.test(source)) await prepareLibrary();
    this.#declare(compiled);
    const references = compiled.references.map(name => this.#reference(name));
    const result = await call(...references, ...this.#runtime).catch(error => {
      mendMessage(error);
      throw error;
    });
    const value = result?.[0];
    return { value, hasValue: value !== undefined };
  }

  /** Variables that have a value, by name: what the cells so far have left. */
  *variables(): Generator<readonly [name: string, value: unknown]> {
    for (const [name, reference] of this.#references) if (reference.isSet) yield [name, reference.v];
  }

  #compile(source: string, executionCount: number): Compiled {
    try {
      const cell = addCell(source, executionCount);
      const { code, magics } = splitMagics(source);
      requireMagics(magics);
      const compiled = compileCell(code, cell.fileName, this.#names());
      cell.position = compiled.position;
      return { magics, compiled, call: toFunction(compiled, cell.fileName) };
    } catch (error) {
      throw error instanceof CellSyntaxError ? error.locate(source, executionCount) : error;
    }
  }

  #names(): SessionNames {
    return {
      kind: name => this.#kinds.get(name),
      isSet: name => this.#references.get(name)?.isSet ?? false,
      isGlobal: name => name in globalThis,
    };
  }

  #declare({ declared }: CompiledCell): void {
    for (const [name, kind] of declared.kinds) {
      this.#kinds.set(name, kind);
      this.#reference(name).declare();
    }
    for (const name of declared.hoisted) {
      const reference = this.#reference(name);
      if (!reference.isSet) reference.v = undefined;
    }
  }

  #reference(name: string): Reference {
    let reference = this.#references.get(name);
    if (!reference) {
      reference = new Reference(name);
      this.#references.set(name, reference);
    }
    return reference;
  }

  #predefine(values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) {
      this.#kinds.set(name, 'variable');
      const reference = this.#reference(name);
      reference.declare();
      reference.v = value;
    }
  }
}

const OPEN: NonNullable<EvaluatorOptions['shield']> = {
  during: work => work(),
  duringCall: work => work(),
};

function shieldedRequire(path: string, shield: typeof OPEN): NodeJS.Require {
  const require = requireFor(path);
  return Object.assign((specifier: string): unknown => shield.duringCall(() => require(specifier)), require);
}

/** Modules have it; cells are modules to TypeScript. */
function importMeta(path: string): Readonly<Record<string, unknown>> {
  const url = pathToFileURL(path).href;
  return {
    url,
    filename: path,
    dirname: join(path, '..'),
    resolve: resolverFor(path),
  };
}

function toFunction(compiled: CompiledCell, fileName: string): CellFunction {
  try {
    return new Script(compiled.code, { filename: fileName }).runInThisContext();
  } catch (error) {
    throw error instanceof SyntaxError ? fromV8(error, compiled, fileName) : error;
  }
}

/** V8 finds what TypeScript's parser lets pass. Its stack begins: file:line, the line, carets. */
function fromV8(error: SyntaxError, compiled: CompiledCell, fileName: string): CellSyntaxError {
  const [place = '', , carets = ''] = (error.stack ?? '').split('\n');
  const line = Number(place.slice(fileName.length + 1));
  const position = compiled.position(line, carets.search(/\S/) + 1) ?? { line: 1, column: 1 };
  return new CellSyntaxError([{ message: error.message, ...position }]);
}
