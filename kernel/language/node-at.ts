// The smallest part of a tree around a place.
import type { Node } from 'typescript';
import { ts } from '../session/typescript.ts';

export function nodeAt(file: Node, place: number): Node {
  const inner = ts.forEachChild(file, child => (child.pos <= place && place < child.end ? child : undefined));
  return inner ? nodeAt(inner, place) : file;
}
