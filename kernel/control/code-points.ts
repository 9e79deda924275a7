// Positions in Jupyter's messages count Unicode code points, those in JavaScript UTF-16 units: they differ
// behind every character beyond the basic plane, such as 😀 or 𝑥.

/** UTF-16 offset of a code point, kept within the text. */
export function toOffset(text: string, codePoints: number): number {
  let offset = 0;
  for (let left = codePoints; left > 0 && offset < text.length; left--) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return offset;
}

/** Code points before a UTF-16 offset. */
export function toCodePoints(text: string, offset: number): number {
  let count = 0;
  for (const character of text.slice(0, offset)) count += character === '' ? 0 : 1;
  return count;
}
