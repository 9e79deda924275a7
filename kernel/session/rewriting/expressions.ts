// What the walk does at expressions: variables become their references' `v`, awaited values are checked.
import type {
  AwaitExpression,
  BinaryExpression,
  CallExpression,
  DeleteExpression,
  Expression,
  Identifier,
  MetaProperty,
  Node,
  PostfixUnaryExpression,
  PrefixUnaryExpression,
  PropertyAccessExpression,
  PropertyAssignment,
  ShorthandPropertyAssignment,
  TaggedTemplateExpression,
  TypeOfExpression,
} from 'typescript';
import { ts } from '../typescript.ts';
import { followedBy, wordsOf } from './following.ts';
import { computedName, shorthand, target, withoutParentheses } from './patterns.ts';
import { on, type Walk } from './walk.ts';

const { SyntaxKind } = ts;

export const expressionVisitors = [
  ...on<Identifier>([SyntaxKind.Identifier], visitIdentifier),
  ...on<PropertyAccessExpression>([SyntaxKind.PropertyAccessExpression], (node, walk) =>
    walk.visit(node.expression),
  ),
  ...on<PropertyAssignment>([SyntaxKind.PropertyAssignment], (node, walk) => {
    computedName(node.name, walk);
    walk.visit(node.initializer);
  }),
  ...on<ShorthandPropertyAssignment>([SyntaxKind.ShorthandPropertyAssignment], (node, walk) =>
    shorthand(node, walk),
  ),
  ...on<BinaryExpression>([SyntaxKind.BinaryExpression], visitBinary),
  ...on<PrefixUnaryExpression>([SyntaxKind.PrefixUnaryExpression], visitUnary),
  ...on<PostfixUnaryExpression>([SyntaxKind.PostfixUnaryExpression], visitUnary),
  ...on<CallExpression>([SyntaxKind.CallExpression], visitCall),
  ...on<TaggedTemplateExpression>([SyntaxKind.TaggedTemplateExpression], (node, walk) => {
    visitCallee(node.tag, walk);
    walk.visit(node.template);
  }),
  ...on<AwaitExpression>([SyntaxKind.AwaitExpression], visitAwait),
  ...on<TypeOfExpression>([SyntaxKind.TypeOfExpression], visitTypeOf),
  ...on<DeleteExpression>([SyntaxKind.DeleteExpression], visitDelete),
  ...on<MetaProperty>([SyntaxKind.MetaProperty], visitMetaProperty),
];

function visitIdentifier(node: Identifier, walk: Walk): void {
  if (walk.isVariable(node.text)) walk.replace(node, `${walk.reference(node.text)}.v`);
}

function visitBinary(node: BinaryExpression, walk: Walk): void {
  const operator = node.operatorToken.kind;
  const isAssignment = operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
  if (isAssignment) target(node.left, walk);
  else walk.visit(node.left);
  walk.visit(node.right);
}

function visitUnary(node: PrefixUnaryExpression | PostfixUnaryExpression, walk: Walk): void {
  const isUpdate = node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken;
  if (isUpdate) target(node.operand, walk);
  else walk.visit(node.operand);
}

function visitCall(node: CallExpression, walk: Walk): void {
  if (node.expression.kind === SyntaxKind.ImportKeyword)
    walk.replace(node.expression, walk.runtime('import'));
  else if (!visitFollowed(node, walk)) visitCallee(node.expression, walk);
  walk.visitAll(node.arguments);
}

/** `e.then(…)` becomes `check.of(e, 'then', "e").then(…)`. */
function visitFollowed(node: CallExpression, walk: Walk): boolean {
  const followed = followedBy(node);
  if (!followed) return false;
  const { promise, method } = followed;
  const words = JSON.stringify(wordsOf(promise.getText(walk.program)));
  walk.edits.insert(walk.start(promise), `${walk.runtime('check')}.of(`);
  walk.visit(promise);
  walk.edits.insert(promise.end, `, '${method}', ${words})`);
  return true;
}

/** `f()` must not hand the reference to `f` as `this`. */
function visitCallee(node: Expression, walk: Walk): void {
  const inner = withoutParentheses(node);
  if (ts.isIdentifier(inner) && walk.isVariable(inner.text)) {
    const called = `(0, ${walk.reference(inner.text)}.v)`;
    walk.edits.replace(walk.start(inner), inner.end, called, true);
  } else walk.visit(node);
}

/** `check.now` is read before the wait and called after it; it throws when an interrupt came in between. */
function visitAwait(node: AwaitExpression, walk: Walk): void {
  refuseAwait(node, walk);
  walk.edits.insert(walk.start(node), `${walk.runtime('check')}.now(`);
  walk.visit(node.expression);
  walk.edits.insert(node.end, ')');
}

/** Said here, as V8 would meet the check first and complain of that. */
export function refuseAwait(node: Node, walk: Walk): void {
  if (!walk.mayAwait) walk.error('await is only allowed in async functions and at the top of a cell', node);
}

function visitTypeOf(node: TypeOfExpression, walk: Walk): void {
  const inner = withoutParentheses(node.expression);
  const isUnknown = ts.isIdentifier(inner) && walk.isVariable(inner.text) && !walk.words.isKnown(inner.text);
  if (isUnknown) walk.replace(inner, `${walk.reference(inner.text)}.orUndefined`);
  else walk.visit(node.expression);
}

function visitDelete(node: DeleteExpression, walk: Walk): void {
  const inner = withoutParentheses(node.expression);
  if (ts.isIdentifier(inner)) walk.error(`A variable cannot be deleted: '${inner.text}'`, node);
  walk.visit(node.expression);
}

/** `import.meta` is the notebook's; `new.target` stays. */
function visitMetaProperty(node: MetaProperty, walk: Walk): void {
  if (node.keywordToken === SyntaxKind.ImportKeyword) walk.replace(node, walk.runtime('meta'));
}
