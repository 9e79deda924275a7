// Text in the static picture, where nothing can be measured: widths are estimated for a usual sans serif.

export const SANS =
  "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Apple SD Gothic Neo', 'Noto Sans KR', 'Malgun Gothic', sans-serif";
export const SERIF = "'STIX Two Text', 'Cambria Math', Cambria, Georgia, 'Noto Serif', serif";

/** Width in px of `text` at `size` px: Hangul and its like are square, Latin letters a little over half. */
export function estimateWidth(text: string, size: number): number {
  let ems = 0;
  for (const letter of text) ems += letterWidth(letter);
  return ems * size;
}

function letterWidth(letter: string): number {
  if (letter.codePointAt(0)! >= 0x1100) return 0.95;
  if (/[iljtf.,:;'|!()[\] ]/.test(letter)) return 0.32;
  if (/[mwMW@%]/.test(letter)) return 0.9;
  return /[A-Z]/.test(letter) ? 0.68 : 0.57;
}

export function escapeXml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(FORBIDDEN, '\uFFFD');
}

/** What XML 1.0 does not allow even escaped: control characters and lone surrogates. */
const FORBIDDEN = /[\p{Cs}\ufffe\uffff]|(?![\t\n\r])\p{Cc}/gu;

export interface TextStyle {
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
  readonly family?: string;
  readonly rotate?: number;
}

/** A `<text>` element; `content` is markup, so escape it first. */
export function textAt(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size, fill, anchor, weight, family, rotate } = style;
  const attributes = [
    `x="${round(x)}" y="${round(y)}"`,
    size === undefined ? '' : `font-size="${size}"`,
    fill === undefined ? '' : `fill="${fill}"`,
    anchor === undefined || anchor === 'start' ? '' : `text-anchor="${anchor}"`,
    weight === undefined ? '' : `font-weight="${weight}"`,
    family === undefined ? '' : `font-family="${family}"`,
    rotate === undefined || rotate === 0 ? '' : `transform="rotate(${rotate} ${round(x)} ${round(y)})"`,
  ];
  return `<text ${attributes.filter(Boolean).join(' ')}>${content}</text>`;
}

/** A symbol with its index: `c` and `t−1`, index lowered, and the line back up after it. */
export function symbol(letter: string, index: string): string {
  return `<tspan font-style="italic">${letter}</tspan><tspan font-style="italic" font-size="68%" dy="0.28em">${index}</tspan><tspan dy="-0.19em" font-size="100%">\u200a</tspan>`;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
