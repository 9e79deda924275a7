// Chains of names in code, `a.b[0]['c']`: what can be looked up in the values of a session without running
// anything. From the text alone, as the control thread reads them too.

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const STEP = String.raw`\s*\??\.\s*${NAME}|(?:\?\.)?\[(?:\d+|'[^'\\\n]*'|"[^"\\\n]*")\]`;
const CHAIN = String.raw`(?<![\p{ID_Continue}$.#)\]'"\x60])(?<!\.\s*)(${NAME}(?:${STEP})*)`;
const BEFORE_MEMBER = new RegExp(String.raw`${CHAIN}\s*\??\.\s*$`, 'u');
const BEFORE_KEY = new RegExp(String.raw`${CHAIN}(?:\?\.)?\[\s*['"\x60]([^'"\x60\\\n]*)$`, 'u');
const AT_END = new RegExp(`${CHAIN}$`, 'u');

/** A longer one is not looked for. */
const LONGEST = 500;

export interface Chain {
  /** Steps to its value: `['a', 'b', '0']`. */
  readonly path: readonly string[];
  /** Where it begins. */
  readonly at: number;
  /** Where the name or key begins that is being typed behind it. */
  readonly start: number;
}

/** Whose member's name begins at `start`. */
export function chainBeforeMember(code: string, start: number): Chain | undefined {
  const found = findBefore(BEFORE_MEMBER, code, start);
  return found ? { path: pathOf(found[1]!), at: start - found[0].length, start } : undefined;
}

/** Whose key is being typed, as in `a['b`. */
export function chainBeforeKey(code: string, offset: number): Chain | undefined {
  const found = findBefore(BEFORE_KEY, code, offset);
  if (!found) return undefined;
  return { path: pathOf(found[1]!), at: offset - found[0].length, start: offset - found[2]!.length };
}

/** The steps of the chain whose last name is around the offset. */
export function pathAt(code: string, offset: number): readonly string[] | undefined {
  const end = offset + (/^[\p{ID_Continue}$]*/u.exec(code.slice(offset))?.[0].length ?? 0);
  const found = findBefore(AT_END, code, end);
  return found ? pathOf(found[1]!) : undefined;
}

/** What begins where the piece begins that is looked at is half a chain. */
function findBefore(pattern: RegExp, code: string, end: number): RegExpExecArray | undefined {
  const from = Math.max(0, end - LONGEST);
  const found = pattern.exec(code.slice(from, end));
  return found && (found.index > 0 || from === 0) ? found : undefined;
}

function pathOf(chain: string): string[] {
  const steps = chain.matchAll(new RegExp(String.raw`\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]|(${NAME})`, 'gu'));
  return [...steps].map(([, index, single, double, name]) => index ?? single ?? double ?? name ?? '');
}
