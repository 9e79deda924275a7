// Declarations and the left sides of assignments: names, properties and patterns of these.
import type {
  BindingName,
  Expression,
  Node,
  ObjectLiteralExpression,
  ShorthandPropertyAssignment,
  VariableDeclaration,
  VariableDeclarationList,
} from 'typescript';
import { ts } from '../typescript.ts';
import { isVar } from './scope.ts';
import type { Walk } from './walk.ts';

/** Whether this declares variables of the cell, and not locals that TypeScript added. */
export function declaresVariables(list: VariableDeclarationList, walk: Walk): boolean {
  const isVariable = ({ name }: VariableDeclaration) => !ts.isIdentifier(name) || walk.isVariable(name.text);
  return walk.isOutsideFunctions && list.declarations.some(isVariable);
}

/** `let a = 1, {b} = c` becomes `$$a.v = 1, ({b: $$b.v} = $$c.v)`. */
export function assignDeclared(list: VariableDeclarationList, walk: Walk): void {
  walk.edits.remove(walk.start(list), walk.start(list.declarations[0]!));
  for (const declaration of list.declarations) assignOne(declaration, isVar(list), walk);
}

function assignOne({ name, initializer, end }: VariableDeclaration, isVarList: boolean, walk: Walk): void {
  if (!ts.isIdentifier(name)) {
    walk.edits.insert(walk.start(name), '(');
    assignPattern(name, walk);
    walk.visit(initializer);
    walk.edits.insert(end, ')');
  } else if (initializer) {
    walk.replace(name, `${walk.reference(name.text)}.v`);
    namedValue(name.text, initializer, walk);
  } else {
    walk.replace(name, isVarList ? 'void 0' : `${walk.reference(name.text)}.v = void 0`);
  }
}

/** Assigning to a property gives a function no name; being written as a property does. */
function namedValue(name: string, value: Expression, walk: Walk): void {
  const isAnonymous = isAnonymousFunction(withoutParentheses(value));
  if (isAnonymous) walk.edits.insert(walk.start(value), `{ ['${name}']: `);
  walk.visit(value);
  if (isAnonymous) walk.edits.insert(value.end, ` }['${name}']`);
}

function isAnonymousFunction(node: Expression): boolean {
  return (
    ts.isArrowFunction(node) || ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && !node.name)
  );
}

/** A declaring pattern, turned into one that assigns to references. */
export function assignPattern(name: BindingName, walk: Walk): void {
  if (ts.isIdentifier(name)) {
    walk.replace(name, `${walk.reference(name.text)}.v`);
    return;
  }
  for (const element of name.elements) {
    if (ts.isOmittedExpression(element)) continue;
    const isShorthand = ts.isObjectBindingPattern(name) && !element.propertyName && !element.dotDotDotToken;
    computedName(element.propertyName, walk);
    if (isShorthand && ts.isIdentifier(element.name)) {
      const name = element.name.text;
      walk.replace(element.name, `${propertyKey(name)}: ${walk.reference(name)}.v`);
    } else assignPattern(element.name, walk);
    walk.visit(element.initializer);
  }
}

/** A pattern that declares locals: only its defaults and computed names hold expressions. */
export function localPattern(name: BindingName, walk: Walk): void {
  if (ts.isIdentifier(name)) return;
  for (const element of name.elements) {
    if (ts.isOmittedExpression(element)) continue;
    computedName(element.propertyName, walk);
    localPattern(element.name, walk);
    walk.visit(element.initializer);
  }
}

export function computedName(name: Node | undefined, walk: Walk): void {
  if (name && ts.isComputedPropertyName(name)) walk.visit(name.expression);
}

/** What stands left of `=`. */
export function target(node: Expression, walk: Walk): void {
  if (ts.isIdentifier(node)) {
    if (walk.isVariable(node.text)) walk.replace(node, walk.writable(node.text));
  } else if (ts.isParenthesizedExpression(node) || ts.isSpreadElement(node)) target(node.expression, walk);
  else if (ts.isArrayLiteralExpression(node)) {
    for (const element of node.elements) target(element, walk);
  } else if (ts.isObjectLiteralExpression(node)) objectTarget(node, walk);
  else walk.visit(node); // a property, or `target = default`
}

function objectTarget(node: ObjectLiteralExpression, walk: Walk): void {
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      shorthand(property, walk, name => walk.writable(name));
    } else if (ts.isSpreadAssignment(property)) target(property.expression, walk);
    else if (ts.isPropertyAssignment(property)) {
      computedName(property.name, walk);
      target(property.initializer, walk);
    }
  }
}

/** `{ a }` becomes `{ a: $$a.v }`. */
export function shorthand(
  node: ShorthandPropertyAssignment,
  walk: Walk,
  place = (name: string) => `${walk.reference(name)}.v`,
): void {
  const name = node.name.text;
  if (walk.isVariable(name)) walk.replace(node.name, `${propertyKey(name)}: ${place(name)}`);
  walk.visit(node.objectAssignmentInitializer);
}

/** Written out, `__proto__: x` would set the prototype, which as a shorthand it does not. */
function propertyKey(name: string): string {
  return name === '__proto__' ? "['__proto__']" : name;
}

export function withoutParentheses(node: Expression): Expression {
  return ts.isParenthesizedExpression(node) ? withoutParentheses(node.expression) : node;
}
