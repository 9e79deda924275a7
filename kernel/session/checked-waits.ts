// In the user's files what the rewriter does in cells (checkpoint.ts): each awaited value passes the check, each
// `catch` hears of its error first, and so on, so that an interrupt ends loops that wait there. One that ends the
// file itself at its top fails the import, which begins anew the next time (module-retry.ts).
import type {
  AwaitExpression,
  Block,
  CallChain,
  CallExpression,
  CatchClause,
  Expression,
  ForOfStatement,
  Identifier,
  Node,
  PropertyAccessExpression,
  SourceFile,
  Statement,
  TransformationContext,
  TransformerFactory,
  TryStatement,
  VisitResult,
} from 'typescript';
import { followedBy, wordsOf } from './rewriting/following.ts';
import { leavingStatements } from './rewriting/leaving.ts';
import { ts } from './typescript.ts';

/** Global under which the files find the checkpoint; in a worker thread that a cell started there is none. */
export const CHECKPOINT_SYMBOL = 'gatebook.checkpoint';

const NAME = '$gatebookCheckpoint';
const NONE =
  '{ now: value => value, each: values => values, caught() {}, left: () => () => {}, of: value => value }';
/** A function, so that it is there from the file's first line on. */
const HELPER = `function ${NAME}() { return globalThis[Symbol.for('${CHECKPOINT_SYMBOL}')] ?? ${NONE}; }`;

/** For `ts.transpileModule`, after TypeScript's own transformers; {@link withCheckpoint} adds what it calls. */
export const checkWaits: TransformerFactory<SourceFile> = context => {
  return file => {
    const walk = new Walk(context, file.text);
    return ts.visitEachChild(file, node => walk.visit(node), context);
  };
};

/** Behind the code, so that all places hold. */
export function withCheckpoint(code: string): string {
  return code.includes(NAME) ? `${code}\n${HELPER}\n` : code;
}

class Walk {
  readonly #context: TransformationContext;
  /** The file as it was written. */
  readonly #text: string;
  /** Statements that leave a `finally`, and the variable that holds what is called there. */
  readonly #leaving = new Map<Node, Identifier>();

  constructor(context: TransformationContext, text: string) {
    this.#context = context;
    this.#text = text;
  }

  visit(node: Node): VisitResult<Node> {
    const left = ts.isTryStatement(node) ? this.#noteLeaving(node) : undefined;
    const followed = ts.isCallExpression(node) ? this.#follow(node) : undefined;
    const visited = followed ?? ts.visitEachChild(node, child => this.visit(child), this.#context);
    if (ts.isAwaitExpression(visited)) return this.#await(visited);
    if (ts.isForOfStatement(visited) && visited.awaitModifier) return this.#forAwait(visited);
    if (left && ts.isTryStatement(visited)) return this.#hearLeft(visited, left);
    const leaves = this.#leaving.get(node);
    if (leaves) return this.#leave(visited as Statement, leaves);
    return ts.isCatchClause(visited) ? this.#catch(visited) : visited;
  }

  /** `checkpoint().of(e, 'then', 'e').then(…)`. */
  #follow(node: CallExpression): CallExpression | undefined {
    const followed = followedBy(node);
    if (!followed) return undefined;
    const { factory } = this.#context;
    const { promise, method } = followed;
    const { pos, end } = ts.getOriginalNode(promise);
    const words = pos < 0 ? '(intermediate value)' : this.#text.slice(pos, end).trim();
    const of = this.#call(
      'of',
      this.visit(promise) as Expression,
      factory.createStringLiteral(method),
      factory.createStringLiteral(wordsOf(words)),
    );
    const { name, questionDotToken } = node.expression as PropertyAccessExpression;
    const list = node.arguments.map(argument => this.visit(argument) as Expression);
    if (!questionDotToken)
      return factory.updateCallExpression(
        node,
        factory.createPropertyAccessExpression(of, name),
        undefined,
        list,
      );
    const access = factory.createPropertyAccessChain(of, questionDotToken, name);
    return factory.updateCallChain(node as CallChain, access, undefined, undefined, list);
  }

  #noteLeaving({ finallyBlock }: TryStatement): Identifier | undefined {
    const leaving = finallyBlock ? leavingStatements(finallyBlock) : new Set<Node>();
    if (leaving.size === 0) return undefined;
    const left = this.#context.factory.createUniqueName('left');
    for (const statement of leaving) this.#leaving.set(statement, left);
    return left;
  }

  /** `finally { const left = checkpoint().left(); … }`. */
  #hearLeft(node: TryStatement, left: Identifier): TryStatement {
    const { factory } = this.#context;
    const block = node.finallyBlock!;
    const statements = [this.#declare(left, this.#call('left')), ...block.statements];
    return factory.updateTryStatement(
      node,
      node.tryBlock,
      node.catchClause,
      factory.updateBlock(block, statements),
    );
  }

  /** `{ left(); continue; }`. */
  #leave(statement: Statement, left: Identifier): Block {
    const { factory } = this.#context;
    const call = factory.createExpressionStatement(factory.createCallExpression(left, undefined, []));
    return factory.createBlock([call, statement]);
  }

  /** `checkpoint().now(await e)`: the property is read before the wait. */
  #await(node: AwaitExpression): Expression {
    return this.#call('now', node);
  }

  #forAwait(node: ForOfStatement): ForOfStatement {
    const { awaitModifier, initializer, expression, statement } = node;
    const values = this.#call('each', expression);
    return this.#context.factory.updateForOfStatement(node, awaitModifier, initializer, values, statement);
  }

  /** `catch (error) { checkpoint().caught(error); … }`, where a pattern is taken apart behind that. */
  #catch(node: CatchClause): CatchClause {
    const { factory } = this.#context;
    const pattern = node.variableDeclaration?.name;
    const error = pattern && ts.isIdentifier(pattern) ? pattern : factory.createUniqueName('error');
    const hear = factory.createExpressionStatement(this.#call('caught', error));
    const taken = pattern && pattern !== error ? [this.#declare(pattern, error), node.block] : undefined;
    const statements: readonly Statement[] = [hear, ...(taken ?? node.block.statements)];
    const block = factory.updateBlock(node.block, statements);
    return factory.updateCatchClause(node, factory.createVariableDeclaration(error), block);
  }

  #declare(
    pattern: Parameters<typeof ts.factory.createVariableDeclaration>[0],
    value: Expression,
  ): Statement {
    const { factory } = this.#context;
    const declaration = factory.createVariableDeclaration(pattern, undefined, undefined, value);
    return factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList([declaration], ts.NodeFlags.Let),
    );
  }

  #call(method: 'now' | 'each' | 'caught' | 'of' | 'left', ...list: readonly Expression[]): Expression {
    const { factory } = this.#context;
    const checkpoint = factory.createCallExpression(factory.createIdentifier(NAME), undefined, []);
    const property = factory.createPropertyAccessExpression(checkpoint, method);
    return factory.createCallExpression(property, undefined, list);
  }
}
