// How many columns of a terminal a text takes: Hangul, Kana, Han and emoji take two, marks none.

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const NONE = /\p{M}|\p{Cf}/u;
const ASCII = /^[\x20-\x7e]*$/;

export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

function columnsOf(character: string): number {
  if (NONE.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The text, or as much of it as leaves room for …. */
export function cutToWidth(text: string, most: number): string {
  if (widthOf(text) <= most) return text;
  let cut = '';
  let width = 1;
  for (const character of text) {
    width += columnsOf(character);
    if (width > most) break;
    cut += character;
  }
  return `${cut}…`;
}

/** Filled with spaces, before the text where it is to stand at the right. */
export function padTo(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}
