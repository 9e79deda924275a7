// `continue`, `break` and `return` in a `finally` forget the error with which it was entered: an interrupt too, so
// that a loop would go on. The rewriters put a call before each (checkpoint.ts, `left`).
import type { Block, Node } from 'typescript';
import { ts } from '../typescript.ts';

interface Within {
  readonly loop: boolean;
  readonly breakable: boolean;
  readonly labels: readonly string[];
}

/** The statements by which the block of a `finally` is left before its end; throwing is none. */
export function leavingStatements(block: Block): ReadonlySet<Node> {
  const leaving = new Set<Node>();
  const visit = (node: Node, within: Within): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (isLeaving(node, within)) leaving.add(node);
    ts.forEachChild(node, child => visit(child, below(node, within)));
  };
  visit(block, { loop: false, breakable: false, labels: [] });
  return leaving;
}

function isLeaving(node: Node, { loop, breakable, labels }: Within): boolean {
  if (ts.isReturnStatement(node)) return true;
  if (!ts.isBreakOrContinueStatement(node)) return false;
  if (node.label) return !labels.includes(node.label.text);
  return ts.isBreakStatement(node) ? !breakable : !loop;
}

function below(node: Node, within: Within): Within {
  if (ts.isIterationStatement(node, false)) return { ...within, loop: true, breakable: true };
  if (ts.isSwitchStatement(node)) return { ...within, breakable: true };
  return ts.isLabeledStatement(node) ? { ...within, labels: [...within.labels, node.label.text] } : within;
}
