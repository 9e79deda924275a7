// What the walk does at statements, functions and classes: it opens their scopes.
import type {
  ArrowFunction,
  BindingName,
  Block,
  BreakStatement,
  CaseBlock,
  CatchClause,
  ClassDeclaration,
  ClassExpression,
  ClassLikeDeclaration,
  ClassStaticBlockDeclaration,
  ConstructorDeclaration,
  ContinueStatement,
  Expression,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  FunctionDeclaration,
  FunctionExpression,
  FunctionLikeDeclaration,
  GetAccessorDeclaration,
  LabeledStatement,
  MethodDeclaration,
  Node,
  PropertyDeclaration,
  ReturnStatement,
  SetAccessorDeclaration,
  Statement,
  TryStatement,
  VariableDeclarationList,
} from 'typescript';
import { ts } from '../typescript.ts';
import { refuseAwait } from './expressions.ts';
import { leavingStatements } from './leaving.ts';
import {
  assignDeclared,
  assignPattern,
  computedName,
  declaresVariables,
  localPattern,
  target,
} from './patterns.ts';
import { bindingNames, isVar, lexicalNames, loopNames, parameterNames, varNames } from './scope.ts';
import { on, type Walk } from './walk.ts';

const { SyntaxKind } = ts;

export const statementVisitors = [
  ...on<Block>([SyntaxKind.Block], (node, walk) => visitBlock(node.statements, walk)),
  ...on<CaseBlock>([SyntaxKind.CaseBlock], visitCaseBlock),
  ...on<TryStatement>([SyntaxKind.TryStatement], visitTry),
  ...on<CatchClause>([SyntaxKind.CatchClause], visitCatch),
  ...on<ForStatement>([SyntaxKind.ForStatement], (node, walk) =>
    walk.within(loopNames(node.initializer), () => walk.children(node)),
  ),
  ...on<ForInStatement>([SyntaxKind.ForInStatement], visitForEach),
  ...on<ForOfStatement>([SyntaxKind.ForOfStatement], visitForEach),
  ...on<LabeledStatement>([SyntaxKind.LabeledStatement], (node, walk) => walk.visit(node.statement)),
  ...on<BreakStatement>([SyntaxKind.BreakStatement], leaveLabel),
  ...on<ContinueStatement>([SyntaxKind.ContinueStatement], leaveLabel),
  ...on<ReturnStatement>([SyntaxKind.ReturnStatement], visitReturn),
  ...on<VariableDeclarationList>([SyntaxKind.VariableDeclarationList], visitVariables),
  ...on<FunctionDeclaration>([SyntaxKind.FunctionDeclaration], visitFunction),
  ...on<FunctionExpression>([SyntaxKind.FunctionExpression], visitFunction),
  ...on<ArrowFunction>([SyntaxKind.ArrowFunction], visitFunction),
  ...on<MethodDeclaration>([SyntaxKind.MethodDeclaration], visitFunction),
  ...on<ConstructorDeclaration>([SyntaxKind.Constructor], visitFunction),
  ...on<GetAccessorDeclaration>([SyntaxKind.GetAccessor], visitFunction),
  ...on<SetAccessorDeclaration>([SyntaxKind.SetAccessor], visitFunction),
  ...on<ClassDeclaration>([SyntaxKind.ClassDeclaration], visitClass),
  ...on<ClassExpression>([SyntaxKind.ClassExpression], visitClass),
  ...on<ClassStaticBlockDeclaration>([SyntaxKind.ClassStaticBlockDeclaration], (node, walk) =>
    walk.withinFunction([], false, () => visitFunctionBody(node.body, walk)),
  ),
  ...on<PropertyDeclaration>([SyntaxKind.PropertyDeclaration], visitProperty),
];

function leaveLabel(): void {}

function visitBlock(statements: readonly Statement[], walk: Walk): void {
  walk.within(lexicalNames(statements), () => walk.visitAll(statements));
}

function visitCaseBlock(node: CaseBlock, walk: Walk): void {
  const names = node.clauses.flatMap(clause => lexicalNames(clause.statements));
  walk.within(names, () => walk.children(node));
}

/** A `finally` that may be left before its end hears first whether it is an interrupt that it would forget. */
function visitTry(node: TryStatement, walk: Walk): void {
  walk.children(node);
  const { finallyBlock } = node;
  const leaving = finallyBlock ? leavingStatements(finallyBlock) : new Set<Node>();
  if (!finallyBlock || leaving.size === 0) return;
  const left = walk.runtime('left');
  walk.edits.insert(walk.start(finallyBlock) + 1, ` const ${left} = ${walk.runtime('check')}.left();`);
  for (const statement of leaving) {
    walk.edits.insert(walk.start(statement), `{ ${left}(); `);
    walk.edits.insert(statement.end, '; }');
    walk.ended.add(statement);
  }
}

/** `caught` hears of every error first: it mends the message, and throws an interrupt again. */
function visitCatch(node: CatchClause, walk: Walk): void {
  const name = node.variableDeclaration?.name;
  walk.within(name ? bindingNames(name) : [], () => {
    if (name) localPattern(name, walk);
    if (name && ts.isIdentifier(name)) {
      walk.edits.insert(walk.start(node.block) + 1, ` ${walk.runtime('caught')}(${name.text});`);
    } else nameCaught(node, name, walk);
    walk.visit(node.block);
  });
}

/** `catch {…}` gets a parameter; `catch (pattern) {…}` becomes `catch (error) { …; let pattern = error; {…}}`. */
function nameCaught(node: CatchClause, pattern: BindingName | undefined, walk: Walk): void {
  const [error, start] = [walk.runtime('error'), walk.start(node.block)];
  const hear = `${walk.runtime('caught')}(${error});`;
  if (!pattern) {
    walk.edits.insert(start, `(${error}) `);
    walk.edits.insert(start + 1, ` ${hear}`);
    return;
  }
  walk.edits.insert(walk.start(pattern), `${error}) { ${hear} let `);
  walk.edits.replace(pattern.end, start, ` = ${error}; `);
  walk.edits.insert(node.end, '}');
}

function visitForEach(node: ForInStatement | ForOfStatement, walk: Walk): void {
  walk.within(loopNames(node.initializer), () => {
    visitLoopTarget(node.initializer, walk);
    const isAwaited = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
    if (isAwaited) refuseAwait(node, walk);
    if (isAwaited) visitChecked(node.expression, walk);
    else walk.visit(node.expression);
    walk.visit(node.statement);
  });
}

function visitLoopTarget(initializer: ForOfStatement['initializer'], walk: Walk): void {
  if (!ts.isVariableDeclarationList(initializer)) {
    target(initializer, walk);
    return;
  }
  const { name } = initializer.declarations[0]!;
  if (isVar(initializer) && declaresVariables(initializer, walk)) {
    walk.edits.remove(walk.start(initializer), walk.start(name));
    assignPattern(name, walk);
  } else localPattern(name, walk);
}

/** What `for await` walks over: each value is checked, as an awaited one is. */
function visitChecked(values: Expression, walk: Walk): void {
  walk.edits.insert(walk.start(values), `${walk.runtime('check')}.each(`);
  walk.visit(values);
  walk.edits.insert(values.end, ')');
}

function visitReturn(node: ReturnStatement, walk: Walk): void {
  if (walk.isOutsideFunctions) walk.error('A cell cannot return: its last expression is its value', node);
  walk.visit(node.expression);
}

function visitVariables(list: VariableDeclarationList, walk: Walk): void {
  if (isVar(list) && declaresVariables(list, walk)) {
    assignDeclared(list, walk);
    return;
  }
  for (const { name, initializer } of list.declarations) {
    localPattern(name, walk);
    walk.visit(initializer);
  }
}

export function visitFunction(node: FunctionLikeDeclaration, walk: Walk): void {
  computedName(node.name, walk);
  const isAsync = ts.getModifiers(node)?.some(({ kind }) => kind === SyntaxKind.AsyncKeyword) ?? false;
  walk.withinFunction(parameterNames(node), isAsync, () => {
    for (const { name, initializer } of node.parameters) {
      localPattern(name, walk);
      walk.visit(initializer);
    }
    visitFunctionBody(node.body, walk);
  });
}

function visitFunctionBody(body: Node | undefined, walk: Walk): void {
  if (body && ts.isBlock(body)) walk.within(varNames(body), () => visitBlock(body.statements, walk));
  else walk.visit(body);
}

export function visitClass(node: ClassLikeDeclaration, walk: Walk): void {
  walk.within(node.name ? [node.name.text] : [], () => {
    for (const clause of node.heritageClauses ?? []) walk.children(clause);
    walk.visitAll(node.members);
  });
}

function visitProperty(node: PropertyDeclaration, walk: Walk): void {
  computedName(node.name, walk);
  walk.withinFunction(['arguments'], false, () => walk.visit(node.initializer));
}
