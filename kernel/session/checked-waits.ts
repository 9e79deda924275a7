// In the user's files what the rewriter does in cells (checkpoint.ts): inside functions each awaited value
// passes the check, and each `catch` hears of its error first, so that an interrupt ends loops that wait there.
// What waits at a file's top is left alone: half a module is of no use.
import type {
  AwaitExpression,
  CatchClause,
  Expression,
  ForOfStatement,
  Node,
  SourceFile,
  Statement,
  TransformationContext,
  TransformerFactory,
  VisitResult,
} from 'typescript';
import { ts } from './typescript.ts';

/** Global under which the files find the checkpoint; in a worker thread that a cell started there is none. */
export const CHECKPOINT_SYMBOL = 'gatebook.checkpoint';

const NAME = '$gatebookCheckpoint';
const NONE = '{ now: value => value, each: values => values, caught() {} }';
/** A function, so that it is there from the file's first line on. */
const HELPER = `function ${NAME}() { return globalThis[Symbol.for('${CHECKPOINT_SYMBOL}')] ?? ${NONE}; }`;

/** For `ts.transpileModule`, after TypeScript's own transformers; {@link withCheckpoint} adds what it calls. */
export const checkWaits: TransformerFactory<SourceFile> = context => {
  const walk = new Walk(context);
  return file => ts.visitEachChild(file, node => walk.visit(node), context);
};

/** Behind the code, so that all places hold. */
export function withCheckpoint(code: string): string {
  return code.includes(NAME) ? `${code}\n${HELPER}\n` : code;
}

class Walk {
  readonly #context: TransformationContext;
  #depth = 0;

  constructor(context: TransformationContext) {
    this.#context = context;
  }

  visit(node: Node): VisitResult<Node> {
    const isFunction = ts.isFunctionLike(node);
    if (isFunction) this.#depth++;
    const visited = ts.visitEachChild(node, child => this.visit(child), this.#context);
    if (isFunction) this.#depth--;
    if (this.#depth === 0) return visited;
    if (ts.isAwaitExpression(visited)) return this.#await(visited);
    if (ts.isForOfStatement(visited) && visited.awaitModifier) return this.#forAwait(visited);
    return ts.isCatchClause(visited) ? this.#catch(visited) : visited;
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

  #call(method: 'now' | 'each' | 'caught', argument: Expression): Expression {
    const { factory } = this.#context;
    const checkpoint = factory.createCallExpression(factory.createIdentifier(NAME), undefined, []);
    const property = factory.createPropertyAccessExpression(checkpoint, method);
    return factory.createCallExpression(property, undefined, [argument]);
  }
}
