// The walk over a cell's JavaScript: where it stands (scopes), what it knows (names), what it changes (edits).
// What it does at each kind of node comes in as a table, from expressions.ts and statements.ts.
import type { Node, SourceFile, SyntaxKind } from 'typescript';
import { ts } from '../typescript.ts';
import { Edits } from './edits.ts';
import { Scope } from './scope.ts';

export interface Vocabulary {
  /** Stands before a variable's name to give its reference: occurs nowhere in the cell. */
  readonly prefix: string;
  isVariable(name: string): boolean;
  isConstant(name: string): boolean;
  /** False for a name that nothing has declared yet: `typeof` of it is 'undefined'. */
  isKnown(name: string): boolean;
  /** Whether the cell, as it was written, has the name somewhere besides in its imports. */
  isMentioned(name: string): boolean;
}

/** Something JavaScript forbids that the rewriting would let pass. Offset in the JavaScript. */
export interface EarlyError {
  readonly message: string;
  readonly offset: number;
}

/** What the evaluator hands to a compiled cell after its references, in this order. */
export const RUNTIME = ['check', 'constant', 'import', 'bind', 'meta', 'caught'] as const;

export type RuntimeName = (typeof RUNTIME)[number];

export type Visitor = (node: never, walk: Walk) => void;
export type Visitors = ReadonlyMap<SyntaxKind, Visitor>;

/** An entry of the table: the kinds, and what to do there. */
export function on<Kind extends Node>(
  kinds: readonly Kind['kind'][],
  visitor: (node: Kind, walk: Walk) => void,
): [SyntaxKind, Visitor][] {
  return kinds.map(kind => [kind, visitor]);
}

export class Walk {
  readonly edits = new Edits();
  readonly errors: EarlyError[] = [];
  /** Statements that an edit has given their semicolon. */
  readonly ended = new Set<Node>();
  /** Every variable that the cell touches. */
  readonly used = new Set<string>();
  readonly program: SourceFile;
  readonly words: Vocabulary;
  readonly #visitors: Visitors;
  #scope = new Scope([], null);
  #functionDepth = 0;
  #mayAwait = true;

  constructor(program: SourceFile, words: Vocabulary, visitors: Visitors) {
    this.program = program;
    this.words = words;
    this.#visitors = visitors;
  }

  visit(node: Node | undefined): void {
    if (!node) return;
    const visitor = this.#visitors.get(node.kind);
    if (visitor) visitor(node as never, this);
    else this.children(node);
  }

  visitAll(nodes: readonly Node[]): void {
    for (const node of nodes) this.visit(node);
  }

  children(node: Node): void {
    ts.forEachChild(node, child => this.visit(child));
  }

  /** Where variables of the cell may be declared: not inside a function. */
  get isOutsideFunctions(): boolean {
    return this.#functionDepth === 0;
  }

  within(names: Iterable<string>, action: () => void): void {
    const outer = this.#scope;
    this.#scope = new Scope(names, outer);
    action();
    this.#scope = outer;
  }

  get mayAwait(): boolean {
    return this.#mayAwait;
  }

  withinFunction(names: Iterable<string>, isAsync: boolean, action: () => void): void {
    const couldAwait = this.#mayAwait;
    this.#mayAwait = isAsync;
    this.#functionDepth++;
    this.within(names, action);
    this.#functionDepth--;
    this.#mayAwait = couldAwait;
  }

  /** Whether the name, here, is a variable that cells share. */
  isVariable(name: string): boolean {
    return !this.#scope.has(name) && this.words.isVariable(name);
  }

  reference(name: string): string {
    this.used.add(name);
    return `${this.words.prefix}${name}`;
  }

  /** What stands where a cell assigns: a constant's stand-in throws. */
  writable(name: string): string {
    const reference = this.reference(name);
    return this.words.isConstant(name) ? `${this.runtime('constant')}(${reference}).v` : `${reference}.v`;
  }

  /** A name that no variable can have: none starts with a digit. */
  runtime(name: RuntimeName | 'error' | 'left'): string {
    return `${this.words.prefix}0${name}`;
  }

  replace(node: Node, text: string): void {
    this.edits.replace(this.start(node), node.end, text);
  }

  start(node: Node): number {
    return node.getStart(this.program);
  }

  error(message: string, node: Node): void {
    this.errors.push({ message, offset: this.start(node) });
  }
}
