// Which known names somebody may have meant who wrote one that is not known: for options, words of the lessons,
// and the exports of a module. Imports nothing: every part of the kernel may use it.

/** `; did you mean Emma/S or Emma/O?`, or nothing where no known name is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
}

const MOST = 3;

/**
 * The known names that one may have meant, at most three: of those that begin with it or with which it begins
 * (unit and units, forget and f, 영희 and 영희가) the nearest, else the nearest within two letters of five.
 */
export function nearest(name: string, known: readonly string[]): readonly string[] {
  const typed = name.toLowerCase();
  const isPart = (other: string) => other.startsWith(typed) || typed.startsWith(other);
  const parts = known.filter(other => isPart(other.toLowerCase()));
  const far = (parts.length > 0 ? parts : known).map(
    other => [other, distance(typed, other.toLowerCase())] as const,
  );
  const least = Math.min(...far.map(([, steps]) => steps));
  if (parts.length === 0 && least > Math.max(1, Math.floor(0.4 * typed.length))) return [];
  return far.flatMap(([other, steps]) => (steps === least ? [other] : [])).slice(0, MOST);
}

/** Letters to put in, take out or replace, from one text to the other (Levenshtein 1966). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (let at = 1; at <= to.length; at++)
      next.push(Math.min(row[at]! + 1, next[at - 1]! + 1, row[at - 1]! + (to[at - 1] === letter ? 0 : 1)));
    row = next;
  }
  return row[to.length]!;
}
