// What a cell declares at its top level, which names it uses, and which of them it assigns to: all that is
// needed to tie cells together, from the parse alone.
import type { Expression, Identifier, Node, SourceFile, Statement } from 'typescript';
import { ts } from '../session/typescript.ts';

export type DeclaredKind =
  | 'const'
  | 'let'
  | 'function'
  | 'class'
  | 'enum'
  | 'namespace'
  | 'import'
  | 'type'
  | 'interface';

export interface CellNames {
  readonly declared: ReadonlyMap<string, DeclaredKind>;
  /** Names the cell exports under their own name by words of its own. */
  readonly exported: ReadonlySet<string>;
  /** Names that may come from elsewhere; also some that do not. */
  readonly used: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  /** It holds `declare global { … }` or `declare module 'x' { … }`. */
  readonly augments: boolean;
  /**
   * Places where a name is read before the cell has declared it, as in `const x = x + 1`: that is the `x` of
   * an earlier cell.
   */
  readonly before: readonly { readonly name: string; readonly offset: number }[];
}

export function parseCell(code: string): SourceFile {
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    setExternalModuleIndicator: markAsModule,
  };
  return ts.createSourceFile('cell.ts', code, options, false, ts.ScriptKind.TS);
}

/** Cells are modules whatever they hold: `await` is a keyword in them. */
export function markAsModule(file: SourceFile): void {
  (file as { externalModuleIndicator?: Node | true }).externalModuleIndicator ??= true;
}

export function namesOf(tree: SourceFile): CellNames {
  const uses = new Uses();
  for (const statement of tree.statements) uses.visit(statement, false);
  const declared = new Map<string, DeclaredKind>();
  const declaredAt = new Map<string, number>();
  for (const statement of tree.statements) {
    for (const [name, kind, end] of declarations(statement)) {
      if (kind !== 'type' && kind !== 'interface') declared.set(name, kind);
      else if (!declared.has(name)) declared.set(name, kind);
      if (kind === 'const' || kind === 'let') declaredAt.set(name, end);
    }
  }
  const before = uses.references
    .filter(({ name, end, isDelayed }) => !isDelayed && end <= (declaredAt.get(name) ?? 0))
    .map(({ name, end }) => ({ name, offset: end - name.length }));
  return {
    declared,
    exported: new Set(tree.statements.flatMap(exportedNames)),
    used: new Set(uses.references.map(({ name }) => name)),
    assigned: uses.assigned,
    augments: tree.statements.some(isAugmentation),
    before,
  };
}

function isAugmentation(statement: Statement): boolean {
  if (!ts.isModuleDeclaration(statement)) return false;
  return ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
}

type Declaration = readonly [name: string, kind: DeclaredKind, end: number];

function declarations(statement: Statement): Declaration[] {
  if (ts.isImportDeclaration(statement)) return importedNames(statement);
  if (ts.isVariableStatement(statement)) {
    const { declarations, flags } = statement.declarationList;
    const kind = flags & ts.NodeFlags.Const ? 'const' : 'let';
    return declarations.flatMap(({ name, end }) => boundNames(name).map(text => [text, kind, end] as const));
  }
  const name = (statement as { name?: Node }).name;
  const kind = DECLARATIONS[statement.kind];
  if (isAugmentation(statement)) return [];
  if (kind !== undefined) return name && ts.isIdentifier(name) ? [[name.text, kind, statement.end]] : [];
  return nestedVars(statement);
}

const DECLARATIONS: Readonly<Record<number, DeclaredKind>> = {
  [ts.SyntaxKind.FunctionDeclaration]: 'function',
  [ts.SyntaxKind.ClassDeclaration]: 'class',
  [ts.SyntaxKind.EnumDeclaration]: 'enum',
  [ts.SyntaxKind.ModuleDeclaration]: 'namespace',
  [ts.SyntaxKind.ImportEqualsDeclaration]: 'import',
  [ts.SyntaxKind.TypeAliasDeclaration]: 'type',
  [ts.SyntaxKind.InterfaceDeclaration]: 'interface',
};

function importedNames(node: import('typescript').ImportDeclaration): Declaration[] {
  const { name, namedBindings } = node.importClause ?? {};
  const names = name ? [name] : [];
  if (namedBindings && ts.isNamespaceImport(namedBindings)) names.push(namedBindings.name);
  else if (namedBindings) names.push(...namedBindings.elements.map(element => element.name));
  return names.filter(({ text }) => text !== '').map(({ text }) => [text, 'import', node.end]);
}

function boundNames(name: Node): string[] {
  if (ts.isIdentifier(name)) return name.text === '' ? [] : [name.text];
  if (!ts.isObjectBindingPattern(name) && !ts.isArrayBindingPattern(name)) return [];
  return name.elements.flatMap(element => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

/** `var` within blocks and loops belongs to the cell as a whole. */
function nestedVars(node: Node): Declaration[] {
  if (isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return [];
  const found: Declaration[] = [];
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
    for (const { name, end } of node.declarations)
      found.push(...boundNames(name).map(text => [text, 'let', end] as const));
  }
  ts.forEachChild(node, child => void found.push(...nestedVars(child)));
  return found;
}

function exportedNames(statement: Statement): string[] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause } = statement;
    if (!exportClause) return [];
    if (ts.isNamespaceExport(exportClause)) return [exportClause.name.text];
    return exportClause.elements.map(({ name }) => name.text);
  }
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const has = (kind: import('typescript').SyntaxKind) => modifiers.some(modifier => modifier.kind === kind);
  if (!has(ts.SyntaxKind.ExportKeyword) || has(ts.SyntaxKind.DefaultKeyword)) return [];
  return declarations(statement).map(([name]) => name);
}

interface Reference {
  readonly name: string;
  readonly end: number;
  /** Within a function, which runs when the cell's own variable is there. */
  readonly isDelayed: boolean;
}

class Uses {
  readonly references: Reference[] = [];
  readonly assigned = new Set<string>();

  visit(node: Node, isDelayed: boolean): void {
    if (ts.isIdentifier(node)) {
      this.references.push({ name: node.text, end: node.end, isDelayed });
      return;
    }
    const target = assignmentTarget(node);
    if (target) this.#assign(target);
    const delayed = isDelayed || isFunctionLike(node);
    for (const child of childrenWithNames(node)) this.visit(child, delayed);
  }

  #assign(node: Node): void {
    if (ts.isIdentifier(node)) this.assigned.add(node.text);
    else if (ts.isParenthesizedExpression(node)) this.#assign(node.expression);
    else if (ts.isArrayLiteralExpression(node)) for (const element of node.elements) this.#assign(element);
    else if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) this.#assign(node.expression);
    else if (ts.isObjectLiteralExpression(node)) for (const one of node.properties) this.#assign(one);
    else if (ts.isShorthandPropertyAssignment(node)) this.#assign(node.name);
    else if (ts.isPropertyAssignment(node)) this.#assign(node.initializer);
    else if (ts.isBinaryExpression(node)) this.#assign(node.left); // a default: [a = 1] = …
  }
}

function assignmentTarget(node: Node): Expression | null {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isAssignment =
      kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment ? node.left : null;
    return isAssignment;
  }
  if (ts.isPostfixUnaryExpression(node)) return node.operand;
  if (ts.isPrefixUnaryExpression(node)) {
    const changes = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator);
    return changes ? node.operand : null;
  }
  if (!ts.isForOfStatement(node) && !ts.isForInStatement(node)) return null;
  return ts.isVariableDeclarationList(node.initializer) ? null : node.initializer;
}

/** Children in which names of variables and types may stand: not what comes after a dot, nor keys. */
function childrenWithNames(node: Node): Node[] {
  if (ts.isPropertyAccessExpression(node)) return [node.expression];
  if (ts.isQualifiedName(node)) return [node.left];
  const skipped = new Set<Node | undefined>([nameThatIsNoUse(node)]);
  if (ts.isBindingElement(node)) skipped.add(node.propertyName);
  const children: Node[] = [];
  ts.forEachChild(node, child => {
    if (!skipped.has(child)) children.push(child);
  });
  return children;
}

/** A declaration's own name, a key; but `{ x }` uses x. */
function nameThatIsNoUse(node: Node): Identifier | undefined {
  if (ts.isShorthandPropertyAssignment(node) || ts.isExportSpecifier(node)) return undefined;
  const { name } = node as { name?: Node };
  return name && ts.isIdentifier(name) ? name : undefined;
}

function isFunctionLike(node: Node): boolean {
  return ts.isFunctionLike(node) || ts.isPropertyDeclaration(node);
}
