// KaTeX's style for the exported page, with the fonts that the page's equations really use as data: URIs.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FACE = /@font-face\{[^}]*\}/g;

/**
 * Which markup makes the browser want which font file, read off katex.css: the classes on the left set
 * the font. Main-Regular and Math-Italic are wanted by almost any equation.
 */
const WANTED: readonly (readonly [RegExp, string])[] = [
  [/class="katex"/, 'Main-Regular'],
  [/\bmathnormal\b/, 'Math-Italic'],
  [/\b(mathit|textit)\b/, 'Main-Italic'],
  [/\b(mathbf|textbf)\b/, 'Main-Bold'],
  [/\btextbf\b[^>]*\btextit\b|\btextit\b[^>]*\btextbf\b/, 'Main-BoldItalic'],
  [/\bboldsymbol\b/, 'Math-BoldItalic'],
  [/\b(amsrm|mathbb|textbb)\b/, 'AMS-Regular'],
  [/\bmathcal\b/, 'Caligraphic-Regular'],
  [/\b(mathfrak|textfrak)\b/, 'Fraktur-Regular'],
  [/\b(mathboldfrak|textboldfrak)\b/, 'Fraktur-Bold'],
  [/\b(mathscr|textscr)\b/, 'Script-Regular'],
  [/\b(mathtt|texttt)\b/, 'Typewriter-Regular'],
  [/\b(mathsf|textsf)\b/, 'SansSerif-Regular'],
  [/\b(mathboldsf|textboldsf)\b/, 'SansSerif-Bold'],
  [/\b(mathitsf|mathsfit|textitsf)\b/, 'SansSerif-Italic'],
  [/\bdelimsizing size1\b|\bdelim-size1\b|\bsmall-op\b/, 'Size1-Regular'],
  [/\bdelimsizing size2\b|\blarge-op\b/, 'Size2-Regular'],
  [/\bdelimsizing size3\b/, 'Size3-Regular'],
  [/\bdelimsizing size4\b|\bdelim-size4\b/, 'Size4-Regular'],
];

/** KaTeX's own style for pages that have its fonts beside it, in `fonts/`: its text, and the folder of the fonts. */
export function sharedMathStyle(): { readonly css: string; readonly fonts: string } {
  const folder = katexFolder();
  const css = readFileSync(join(folder, 'katex.min.css'), 'utf8');
  // One format is enough for every browser that draws our figures.
  return {
    css: css.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)/g, ''),
    fonts: join(folder, 'fonts'),
  };
}

/** CSS for the equations in `html`, which KaTeX rendered; empty when there are none. */
export function mathStyle(html: string): string {
  if (!html.includes('class="katex"')) return '';
  const folder = katexFolder();
  const css = readFileSync(join(folder, 'katex.min.css'), 'utf8');
  const faces = new Map(
    (css.match(FACE) ?? []).map(face => [/fonts\/KaTeX_([\w-]+)\.woff2/.exec(face)?.[1], face]),
  );
  const used = WANTED.filter(([classes]) => classes.test(html)).map(([, font]) =>
    inlineFace(faces.get(font), font, folder),
  );
  return used.join('') + css.replace(FACE, '');
}

function katexFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('katex/package.json')), 'dist');
}

function inlineFace(face: string | undefined, font: string, folder: string): string {
  if (face === undefined)
    throw new Error(`Cannot inline the font KaTeX_${font}: katex.min.css does not name it`);
  const base64 = readFileSync(join(folder, 'fonts', `KaTeX_${font}.woff2`)).toString('base64');
  return face.replace(/src:[^}]*/, `src:url(data:font/woff2;base64,${base64}) format("woff2")`);
}
