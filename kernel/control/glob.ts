// Patterns of a history search, as SQLite's GLOB has them: `*` any text, `?` one character, `[abc]`, `[a-z]`
// and `[^a]` one of a set. Matched without going back further than the last star, so that no pattern takes
// longer than its length times the text's.

/** Gives how many UTF-16 units at a place it takes; 0 where it does not match. */
type Token = (text: string, at: number) => number;

const STAR = 'star';

/** A function that says whether the whole of a text matches. */
export function globMatcher(glob: string): (text: string) => boolean {
  const tokens = [...glob.matchAll(/\*+|\?|\[\^?\]?[^\]]*\]|./gsu)].map(([part]) => toToken(part));
  return text => matches(tokens, text);
}

function matches(tokens: readonly (Token | typeof STAR)[], text: string): boolean {
  let [at, next] = [0, 0];
  let star: { readonly next: number; at: number } | undefined;
  while (at < text.length) {
    const token = tokens[next];
    const width = typeof token === 'function' ? token(text, at) : 0;
    if (token === STAR) star = { next: ++next, at };
    else if (width > 0) [at, next] = [at + width, next + 1];
    else if (star) {
      star.at += widthAt(text, star.at);
      [at, next] = [star.at, star.next];
    } else return false;
  }
  return tokens.slice(next).every(token => token === STAR);
}

function toToken(part: string): Token | typeof STAR {
  if (part.startsWith('*')) return STAR;
  if (part === '?') return widthAt;
  if (part.length > 2 && part.startsWith('[')) return setToken(part);
  return (text, at) => (text.startsWith(part, at) ? part.length : 0);
}

function setToken(part: string): Token {
  const isNegated = part.startsWith('[^');
  const ranges = [...part.slice(isNegated ? 2 : 1, -1).matchAll(/(.)-(.)|./gsu)].map(
    ([one, from = one, to = one]) => [from.codePointAt(0)!, to.codePointAt(0)!] as const,
  );
  return (text, at) => {
    const code = text.codePointAt(at)!;
    const isIn = ranges.some(([from, to]) => code >= from && code <= to);
    return isIn === isNegated ? 0 : widthAt(text, at);
  };
}

function widthAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}
