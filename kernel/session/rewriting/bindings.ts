// Which names a cell declares at its top level, and what kind each is.
import type { ImportDeclaration, Node, SourceFile } from 'typescript';
import { ts } from '../typescript.ts';
import { isVar, lexicalNames, listNames, varNames } from './scope.ts';

export type NameKind = 'constant' | 'variable' | 'function';

export interface Declared {
  readonly kinds: ReadonlyMap<string, NameKind>;
  /** Names declared by `var`: they exist, undefined, from the cell's start. */
  readonly hoisted: readonly string[];
}

/** A pair of names, declared twice where JavaScript allows one; offset in the JavaScript. */
export interface Duplicate {
  readonly name: string;
  readonly offset: number;
}

export interface ImportedName {
  /** Exported name, 'default', or '*' for the whole module. */
  readonly exported: string;
  readonly local: string;
}

export function importedNames(node: ImportDeclaration): ImportedName[] {
  const names: ImportedName[] = [];
  const { name, namedBindings } = node.importClause ?? {};
  if (name) names.push({ exported: 'default', local: name.text });
  if (namedBindings && ts.isNamespaceImport(namedBindings)) {
    names.push({ exported: '*', local: namedBindings.name.text });
  } else if (namedBindings) {
    for (const { propertyName, name: local } of namedBindings.elements) {
      names.push({ exported: (propertyName ?? local).text, local: local.text });
    }
  }
  return names;
}

/**
 * @param isOwn tells the user's names from those that TypeScript adds for itself, which stay locals
 */
export function declaredNames(program: SourceFile, isOwn: (name: string) => boolean): Declared {
  const kinds = new Map<string, NameKind>();
  const hoisted = varNames(program).filter(isOwn);
  for (const name of hoisted) kinds.set(name, 'variable');
  for (const { name, kind } of topLevelNames(program)) if (isOwn(name)) kinds.set(name, kind);
  return { kinds, hoisted };
}

/** The first name that `let`, `const`, `class` or `import` declares though the cell has it already. */
export function findDuplicate(program: SourceFile): Duplicate | null {
  const taken = new Map<string, boolean>(varNames(program).map(name => [name, false]));
  for (const { name, kind, isLexical, node } of topLevelNames(program)) {
    const earlier = taken.get(name);
    if (earlier === true || (earlier === false && isLexical)) {
      return { name, offset: node.getStart(program) };
    }
    taken.set(name, isLexical && kind !== 'function');
  }
  return null;
}

interface TopLevelName {
  readonly name: string;
  readonly kind: NameKind;
  readonly isLexical: boolean;
  readonly node: Node;
}

function topLevelNames(program: SourceFile): TopLevelName[] {
  return program.statements.flatMap(statement => {
    const entry = (name: string, kind: NameKind, isLexical = true) => ({
      name,
      kind,
      isLexical,
      node: statement,
    });
    if (ts.isImportDeclaration(statement)) {
      return importedNames(statement).map(({ local }) => entry(local, 'constant'));
    }
    if (ts.isVariableStatement(statement)) {
      const list = statement.declarationList;
      const isConstant = (list.flags & ts.NodeFlags.Const) !== 0;
      return isVar(list)
        ? []
        : listNames(list).map(name => entry(name, isConstant ? 'constant' : 'variable'));
    }
    const isFunction = ts.isFunctionDeclaration(statement);
    return lexicalNames([statement]).map(name =>
      entry(name, isFunction ? 'function' : 'variable', !isFunction),
    );
  });
}
