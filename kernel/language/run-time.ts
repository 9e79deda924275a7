// What the types leave open at a place, and the values of the session may answer: members of `any`, keys of a
// `Record`.
import type { Declaration } from 'typescript';
import { ts } from '../session/typescript.ts';
import { type Chain, chainBeforeKey, chainBeforeMember } from './chain.ts';
import type { Draft } from './draft.ts';
import type { RunTimeAsk } from './messages.ts';
import { nodeAt } from './node-at.ts';

/** @param start of the name that ends at the offset */
export function unknownMembers(
  draft: Draft,
  code: string,
  start: number,
  offset: number,
): RunTimeAsk | undefined {
  const member = chainBeforeMember(code, start);
  if (member) return ask(draft, 'members', member);
  const key = chainBeforeKey(code, offset);
  return key && ask(draft, 'keys', key);
}

function ask(draft: Draft, kind: 'members' | 'keys', { path, at, start }: Chain): RunTimeAsk | undefined {
  return isLocal(draft, at) ? undefined : { kind, path, start };
}

/** A parameter, or a variable of a block: the session knows at best another of its name. */
function isLocal(draft: Draft, at: number): boolean {
  const node = nodeAt(draft.source(), draft.place(at));
  const symbol = ts.isIdentifier(node) ? draft.checker().getSymbolAtLocation(node) : undefined;
  return symbol?.declarations?.some(isWithinBlock) ?? false;
}

function isWithinBlock(declaration: Declaration): boolean {
  for (let node = declaration.parent; node; node = node.parent)
    if (ts.isBlock(node) || ts.isFunctionLike(node) || ts.isClassLike(node)) return true;
  return false;
}
