// Walks a cell's JavaScript and notes the edits that turn it into the body of one async function, in which
// the cell's variables are references shared by all cells. Scoping is JavaScript's: a local hides a variable.
import type {
  BindingName,
  BindingPattern,
  CallExpression,
  ClassLikeDeclaration,
  Expression,
  ForInOrOfStatement,
  ForStatement,
  FunctionDeclaration,
  FunctionLikeDeclaration,
  Identifier,
  ImportDeclaration,
  Node,
  ObjectLiteralExpression,
  ShorthandPropertyAssignment,
  SourceFile,
  Statement,
  VariableDeclaration,
  VariableDeclarationList,
} from 'typescript';
import { importedNames } from './bindings.ts';
import { Edits } from './edits.ts';
import { isVar, lexicalNames, loopNames, parameterNames, Scope, varNames } from './scope.ts';
import { ts } from './typescript.ts';

export interface Vocabulary {
  /** Stands before a variable's name to give its reference: occurs nowhere in the cell. */
  readonly prefix: string;
  isVariable(name: string): boolean;
  isConstant(name: string): boolean;
  /** False for a name that nothing has declared yet: `typeof` of it is 'undefined'. */
  isKnown(name: string): boolean;
}

/** Something JavaScript forbids that the rewriting would let pass. Offset in the JavaScript. */
export interface EarlyError {
  readonly message: string;
  readonly offset: number;
}

export class Rewriter {
  readonly edits = new Edits();
  readonly errors: EarlyError[] = [];
  /** Every variable that the cell touches. */
  readonly used = new Set<string>();
  readonly #program: SourceFile;
  readonly #words: Vocabulary;
  #scope = new Scope([], null);
  #functionDepth = 0;

  constructor(program: SourceFile, words: Vocabulary) {
    this.#program = program;
    this.#words = words;
  }

  /** @param result the statement whose value is the cell's, if there is one */
  rewrite(result: Statement | null): void {
    for (const statement of this.#program.statements) {
      if (statement === result) this.#result(statement);
      else this.#topLevel(statement);
    }
  }

  reference(name: string): string {
    this.used.add(name);
    return `${this.#words.prefix}${name}`;
  }

  /** Name of something the evaluator hands in; no variable can have it, as none starts with a digit. */
  runtime(name: 'check' | 'constant' | 'import' | 'bind' | 'meta'): string {
    return `${this.#words.prefix}0${name}`;
  }

  // ------------------------------------------------------------------------------------ top level

  #topLevel(statement: Statement): void {
    if (ts.isImportDeclaration(statement)) return this.#import(statement);
    if (ts.isExportDeclaration(statement)) return this.#export(statement.moduleSpecifier, statement);
    if (ts.isExportAssignment(statement)) return this.#defaultExport(statement.expression, statement);
    this.#removeExport(statement);
    if (ts.isVariableStatement(statement)) return this.#topLevelVariables(statement.declarationList);
    if (ts.isFunctionDeclaration(statement)) return this.#topLevelFunction(statement);
    if (ts.isClassDeclaration(statement)) return this.#topLevelClass(statement);
    this.#visit(statement);
  }

  #result(statement: Statement): void {
    const expression =
      ts.isExpressionStatement(statement) || ts.isExportAssignment(statement) ? statement.expression : null;
    if (!expression) return this.#topLevel(statement);
    this.edits.replace(this.#start(statement), this.#start(expression), 'return [(');
    this.#visit(expression);
    this.edits.replace(expression.end, statement.end, ')];');
  }

  #import(node: ImportDeclaration): void {
    const pairs = importedNames(node).map(
      ({ exported, local }) => `[${JSON.stringify(exported)}, ${this.reference(local)}]`,
    );
    const module = this.#importCall((node.moduleSpecifier as Expression & { text: string }).text);
    const code =
      pairs.length > 0 ? `${this.runtime('bind')}(${module}, [${pairs.join(', ')}]);` : `${module};`;
    this.edits.replace(this.#start(node), node.end, code);
  }

  #importCall(specifier: string): string {
    return `${this.runtime('check')}(await ${this.runtime('import')}(${JSON.stringify(specifier)}))`;
  }

  /** `export { a }` says nothing in a cell; `export … from` still runs the module. */
  #export(specifier: Expression | undefined, node: Statement): void {
    const isFrom = specifier !== undefined && ts.isStringLiteral(specifier);
    this.edits.replace(this.#start(node), node.end, isFrom ? `${this.#importCall(specifier.text)};` : '');
  }

  #defaultExport(expression: Expression, node: Statement): void {
    this.edits.replace(this.#start(node), this.#start(expression), '(');
    this.#visit(expression);
    this.edits.replace(expression.end, node.end, ');');
  }

  #removeExport(node: Statement): void {
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    for (const modifier of modifiers) {
      const isExport =
        modifier.kind === ts.SyntaxKind.ExportKeyword || modifier.kind === ts.SyntaxKind.DefaultKeyword;
      if (isExport) this.edits.remove(modifier.getStart(this.#program), modifier.end + 1);
    }
  }

  #topLevelVariables(list: VariableDeclarationList): void {
    if (this.#areVariables(list)) this.#assignments(list);
    else this.#visit(list);
  }

  /** Stays where it is, so that it can be called before its line; the head hands it to its reference. */
  #topLevelFunction(node: FunctionDeclaration): void {
    if (node.name) return this.#function(node);
    this.edits.insert(node.getStart(this.#program), '(');
    this.#function(node);
    this.edits.insert(node.end, ');');
  }

  #topLevelClass(node: ClassLikeDeclaration): void {
    const name = node.name?.text;
    const isVariable = name !== undefined && this.#isVariable(name);
    if (name !== undefined && !isVariable) return this.#class(node);
    this.edits.insert(this.#start(node), isVariable ? `${this.reference(name)}.v = ` : '(');
    this.#class(node);
    this.edits.insert(node.end, isVariable ? ';' : ');');
  }

  // ------------------------------------------------------------------------------------ declarations

  #areVariables(list: VariableDeclarationList): boolean {
    const isTop = this.#functionDepth === 0;
    return (
      isTop && list.declarations.some(({ name }) => !ts.isIdentifier(name) || this.#isVariable(name.text))
    );
  }

  /** `let a = 1, {b} = c` becomes `$a.v = 1, ({b: $b.v} = $c.v)`. */
  #assignments(list: VariableDeclarationList): void {
    const first = list.declarations[0]!;
    this.edits.remove(this.#start(list), this.#start(first));
    for (const declaration of list.declarations) this.#assignment(declaration, isVar(list));
  }

  #assignment({ name, initializer, end }: VariableDeclaration, isVarDeclaration: boolean): void {
    if (!ts.isIdentifier(name)) {
      this.edits.insert(this.#start(name), '(');
      this.#bindingTarget(name);
      this.#visit(initializer);
      this.edits.insert(end, ')');
    } else if (initializer) {
      this.#declarationTarget(name);
      this.#namedValue(name.text, initializer);
    } else if (isVarDeclaration) {
      this.edits.replace(this.#start(name), name.end, 'void 0');
    } else {
      this.edits.replace(this.#start(name), name.end, `${this.reference(name.text)}.v = void 0`);
    }
  }

  #declarationTarget(name: Identifier): void {
    this.edits.replace(this.#start(name), name.end, `${this.reference(name.text)}.v`);
  }

  /** Assigning to a property gives a function no name; being written as a property does. */
  #namedValue(name: string, value: Expression): void {
    const inner = withoutParentheses(value);
    const isAnonymous =
      ts.isArrowFunction(inner) ||
      ((ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && !inner.name);
    if (!isAnonymous) return this.#visit(value);
    this.edits.insert(this.#start(value), `{ ['${name}']: `);
    this.#visit(value);
    this.edits.insert(value.end, ` }['${name}']`);
  }

  /** A declaring pattern, turned into one that assigns to references. */
  #bindingTarget(name: BindingName): void {
    if (ts.isIdentifier(name)) return this.#declarationTarget(name);
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue;
      const isShorthand = ts.isObjectBindingPattern(name) && !element.propertyName && !element.dotDotDotToken;
      this.#propertyName(element.propertyName);
      if (isShorthand && ts.isIdentifier(element.name)) {
        this.edits.insert(element.name.end, `: ${this.reference(element.name.text)}.v`);
      } else this.#bindingTarget(element.name);
      this.#visit(element.initializer);
    }
  }

  /** A pattern that declares locals: only its defaults and computed names hold expressions. */
  #localPattern(name: BindingName): void {
    if (ts.isIdentifier(name)) return;
    for (const element of (name as BindingPattern).elements) {
      if (ts.isOmittedExpression(element)) continue;
      this.#propertyName(element.propertyName);
      this.#localPattern(element.name);
      this.#visit(element.initializer);
    }
  }

  #propertyName(name: Node | undefined): void {
    if (name && ts.isComputedPropertyName(name)) this.#visit(name.expression);
  }

  // ------------------------------------------------------------------------------------ everything below

  #visit(node: Node | undefined): void {
    if (!node) return;
    if (ts.isIdentifier(node)) return this.#read(node);
    if (ts.isFunctionLike(node)) return this.#function(node as FunctionLikeDeclaration);
    if (ts.isClassLike(node)) return this.#class(node);
    if (ts.isStatement(node)) return this.#statement(node);
    this.#expression(node);
  }

  #statement(node: Statement): void {
    if (ts.isBlock(node)) return this.#block(node.statements);
    if (ts.isForStatement(node)) return this.#for(node);
    if (ts.isForInStatement(node) || ts.isForOfStatement(node)) return this.#forEach(node);
    if (ts.isLabeledStatement(node)) return this.#visit(node.statement);
    if (ts.isBreakOrContinueStatement(node)) return;
    if (ts.isReturnStatement(node) && this.#functionDepth === 0) {
      this.#error('A cell cannot return: its last expression is its value', node);
    }
    this.#children(node);
  }

  #expression(node: Node): void {
    switch (node.kind) {
      case ts.SyntaxKind.VariableDeclarationList:
        return this.#variables(node as VariableDeclarationList);
      case ts.SyntaxKind.CaseBlock:
        return this.#caseBlock(node);
      case ts.SyntaxKind.CatchClause:
        return this.#catch(node);
      case ts.SyntaxKind.ShorthandPropertyAssignment:
        return this.#shorthand(node as ShorthandPropertyAssignment, false);
      case ts.SyntaxKind.CallExpression:
        return this.#call(node as CallExpression);
      default:
        this.#operator(node);
    }
  }

  #operator(node: Node): void {
    if (ts.isPropertyAccessExpression(node)) return this.#visit(node.expression);
    if (ts.isPropertyAssignment(node)) {
      this.#propertyName(node.name);
      return this.#visit(node.initializer);
    }
    if (ts.isTaggedTemplateExpression(node)) {
      this.#callee(node.tag);
      return this.#visit(node.template);
    }
    if (ts.isAwaitExpression(node)) return this.#await(node);
    if (ts.isTypeOfExpression(node)) return this.#typeof(node.expression);
    if (ts.isDeleteExpression(node) && ts.isIdentifier(node.expression)) {
      this.#error(`Cannot delete a variable: '${node.expression.text}'`, node);
    }
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      this.#target(node.left);
      return this.#visit(node.right);
    }
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.#unary(node);
    if (ts.isMetaProperty(node)) return this.#metaProperty(node);
    this.#children(node);
  }

  #children(node: Node): void {
    ts.forEachChild(node, child => this.#visit(child));
  }

  #variables(list: VariableDeclarationList): void {
    if (isVar(list) && this.#areVariables(list)) return this.#assignments(list);
    for (const { name, initializer } of list.declarations) {
      this.#localPattern(name);
      this.#visit(initializer);
    }
  }

  #within(names: Iterable<string>, action: () => void): void {
    const outer = this.#scope;
    this.#scope = new Scope(names, outer);
    action();
    this.#scope = outer;
  }

  #block(statements: readonly Statement[]): void {
    this.#within(lexicalNames(statements), () => {
      for (const statement of statements) this.#visit(statement);
    });
  }

  #caseBlock(node: Node): void {
    if (!ts.isCaseBlock(node)) return;
    this.#within(
      node.clauses.flatMap(clause => lexicalNames(clause.statements)),
      () => this.#children(node),
    );
  }

  #catch(node: Node): void {
    if (!ts.isCatchClause(node)) return;
    const name = node.variableDeclaration?.name;
    this.#within(name ? namesOf(name) : [], () => {
      if (name) this.#localPattern(name);
      this.#visit(node.block);
    });
  }

  #for(node: ForStatement): void {
    this.#within(loopNames(node.initializer), () => this.#children(node));
  }

  #forEach(node: ForInOrOfStatement): void {
    const { initializer, expression, statement } = node;
    this.#within(loopNames(initializer), () => {
      this.#loopTarget(initializer);
      this.#visit(expression);
      if (ts.isForOfStatement(node) && node.awaitModifier) this.#checkEachTurn(statement);
      else this.#visit(statement);
    });
  }

  #loopTarget(initializer: ForInOrOfStatement['initializer']): void {
    if (!ts.isVariableDeclarationList(initializer)) return this.#target(initializer);
    const { name } = initializer.declarations[0]!;
    if (!isVar(initializer) || !this.#areVariables(initializer)) return this.#localPattern(name);
    this.edits.remove(this.#start(initializer), this.#start(name));
    this.#bindingTarget(name);
  }

  #checkEachTurn(body: Statement): void {
    this.edits.insert(this.#start(body), `{ ${this.runtime('check')}(); `);
    this.#visit(body);
    this.edits.insert(body.end, ' }');
  }

  #function(node: FunctionLikeDeclaration): void {
    this.#propertyName(node.name);
    this.#functionDepth++;
    this.#within(parameterNames(node), () => {
      for (const { name, initializer } of node.parameters) {
        this.#localPattern(name);
        this.#visit(initializer);
      }
      this.#functionBody(node.body);
    });
    this.#functionDepth--;
  }

  #functionBody(body: Node | undefined): void {
    if (!body || !ts.isBlock(body)) return this.#visit(body);
    this.#within(varNames(body), () => this.#block(body.statements));
  }

  #class(node: ClassLikeDeclaration): void {
    this.#within(node.name ? [node.name.text] : [], () => {
      for (const clause of node.heritageClauses ?? []) this.#children(clause);
      this.#functionDepth++;
      for (const member of node.members) this.#member(member);
      this.#functionDepth--;
    });
  }

  #member(member: Node): void {
    if (ts.isPropertyDeclaration(member)) {
      this.#propertyName(member.name);
      this.#visit(member.initializer);
    } else if (ts.isClassStaticBlockDeclaration(member)) this.#functionBody(member.body);
    else this.#visit(member);
  }

  // ------------------------------------------------------------------------------------ uses of a name

  #read(node: Identifier): void {
    if (!this.#isVariable(node.text)) return;
    this.edits.replace(this.#start(node), node.end, `${this.reference(node.text)}.v`);
  }

  #write(node: Identifier): void {
    if (!this.#isVariable(node.text)) return;
    this.edits.replace(this.#start(node), node.end, this.#writable(node.text));
  }

  #writable(name: string): string {
    const reference = this.reference(name);
    return this.#words.isConstant(name) ? `${this.runtime('constant')}(${reference}).v` : `${reference}.v`;
  }

  /** What stands left of `=`: a name, a property, or a pattern of these. */
  #target(node: Expression): void {
    if (ts.isIdentifier(node)) return this.#write(node);
    if (ts.isParenthesizedExpression(node)) return this.#target(node.expression);
    if (ts.isSpreadElement(node)) return this.#target(node.expression);
    if (ts.isArrayLiteralExpression(node)) return node.elements.forEach(element => this.#target(element));
    if (ts.isObjectLiteralExpression(node)) return this.#objectTarget(node);
    this.#visit(node); // a property, or `target = default`
  }

  #objectTarget(node: ObjectLiteralExpression): void {
    for (const property of node.properties) {
      if (ts.isShorthandPropertyAssignment(property)) this.#shorthand(property, true);
      else if (ts.isSpreadAssignment(property)) this.#target(property.expression);
      else if (ts.isPropertyAssignment(property)) {
        this.#propertyName(property.name);
        this.#target(property.initializer);
      }
    }
  }

  #shorthand(node: ShorthandPropertyAssignment, isTarget: boolean): void {
    const name = node.name.text;
    if (this.#isVariable(name)) {
      const value = isTarget ? this.#writable(name) : `${this.reference(name)}.v`;
      this.edits.insert(node.name.end, `: ${value}`);
    }
    this.#visit(node.objectAssignmentInitializer);
  }

  #unary(node: Node & { operator: number; operand: Expression }): void {
    const isUpdate =
      node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    if (isUpdate) this.#target(node.operand);
    else this.#visit(node.operand);
  }

  #call(node: CallExpression): void {
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      this.edits.replace(this.#start(node.expression), node.expression.end, this.runtime('import'));
    } else this.#callee(node.expression);
    for (const argument of node.arguments) this.#visit(argument);
  }

  /** `f()` must not hand the reference to `f` as `this`. */
  #callee(node: Expression): void {
    const inner = withoutParentheses(node);
    if (!ts.isIdentifier(inner) || !this.#isVariable(inner.text)) return this.#visit(node);
    this.edits.replace(this.#start(inner), inner.end, `(0, ${this.reference(inner.text)}.v)`);
  }

  #await(node: Node & { expression: Expression }): void {
    this.edits.insert(this.#start(node), `${this.runtime('check')}(`);
    this.#visit(node.expression);
    this.edits.insert(node.end, ')');
  }

  #typeof(operand: Expression): void {
    const inner = withoutParentheses(operand);
    const isUnknown =
      ts.isIdentifier(inner) && this.#isVariable(inner.text) && !this.#words.isKnown(inner.text);
    if (!isUnknown) return this.#visit(operand);
    this.edits.replace(this.#start(inner), inner.end, `${this.reference(inner.text)}.orUndefined`);
  }

  #metaProperty(node: Node & { keywordToken: number }): void {
    if (node.keywordToken !== ts.SyntaxKind.ImportKeyword) return;
    this.edits.replace(this.#start(node), node.end, this.runtime('meta'));
  }

  #isVariable(name: string): boolean {
    return !this.#scope.has(name) && this.#words.isVariable(name);
  }

  #error(message: string, node: Node): void {
    this.errors.push({ message, offset: this.#start(node) });
  }

  #start(node: Node): number {
    const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
    const exports = modifiers?.filter(modifier => modifier.kind !== ts.SyntaxKind.AsyncKeyword) ?? [];
    const last = exports.at(-1);
    return last ? skipSpace(this.#program.text, last.end) : node.getStart(this.#program);
  }
}

function namesOf(name: BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap(element => (ts.isOmittedExpression(element) ? [] : namesOf(element.name)));
}

function skipSpace(text: string, from: number): number {
  return from + (/^\s*/.exec(text.slice(from, from + 100))?.[0].length ?? 0);
}

function withoutParentheses(node: Expression): Expression {
  return ts.isParenthesizedExpression(node) ? withoutParentheses(node.expression) : node;
}

function isAssignment(operator: number): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}
