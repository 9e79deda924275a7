// Names of a JavaScript tree: which a function, a block or a pattern declares. For the cell rewriter, which
// must tell a cell's variables from the locals that hide them.
import type {
  BindingName,
  ForInitializer,
  FunctionLikeDeclaration,
  Node,
  Statement,
  VariableDeclarationList,
} from 'typescript';
import { ts } from '../typescript.ts';

export class Scope {
  readonly #names: ReadonlySet<string>;
  readonly #parent: Scope | null;

  constructor(names: Iterable<string>, parent: Scope | null) {
    this.#names = new Set(names);
    this.#parent = parent;
  }

  has(name: string): boolean {
    return this.#names.has(name) || (this.#parent?.has(name) ?? false);
  }
}

export function bindingNames(name: BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap(element =>
    ts.isOmittedExpression(element) ? [] : bindingNames(element.name),
  );
}

export function listNames(list: VariableDeclarationList): string[] {
  return list.declarations.flatMap(declaration => bindingNames(declaration.name));
}

export function isVar(list: VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

/** What `let`, `const`, `class` and `function` declare directly in these statements. */
export function lexicalNames(statements: readonly Statement[]): string[] {
  return statements.flatMap(statement => {
    if (ts.isVariableStatement(statement)) {
      return isVar(statement.declarationList) ? [] : listNames(statement.declarationList);
    }
    const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    return isNamed && statement.name ? [statement.name.text] : [];
  });
}

/** What `var` declares anywhere below, functions and class bodies excepted. */
export function varNames(node: Node): string[] {
  const names: string[] = [];
  const visit = (child: Node): void => {
    if (ts.isFunctionLike(child) || ts.isClassLike(child)) return;
    if (ts.isVariableDeclarationList(child) && isVar(child)) names.push(...listNames(child));
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return names;
}

export function parameterNames(node: FunctionLikeDeclaration): string[] {
  const names = node.parameters.flatMap(parameter => bindingNames(parameter.name));
  if (!ts.isArrowFunction(node)) names.push('arguments');
  if (ts.isFunctionExpression(node) && node.name) names.push(node.name.text);
  return names;
}

export function loopNames(initializer: ForInitializer | undefined): string[] {
  if (!initializer || !ts.isVariableDeclarationList(initializer)) return [];
  return isVar(initializer) ? [] : listNames(initializer);
}
