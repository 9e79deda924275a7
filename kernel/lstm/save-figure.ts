// `saveFigure(figure, path)`: what a cell draws by itself, for a plain Node program: a picture, or a page whose figures
// are alive.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { figureBundle } from '../figures/bundle.ts';
import { pageScript } from '../package-root.ts';
import {
  FIGURE_MIME,
  type Figure,
  JUPYTER_DISPLAY_SYMBOL,
  type Language,
  type MimeBundle,
} from '../protocol.ts';
import { writeWhole } from '../write-whole.ts';
import { kindOf } from './instrument.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { currentLanguage } from './language.ts';

/** Whatever a cell draws: a figure, or a `Trace`, `TraceDifference` or `LearningFlow`, which draw themselves. */
export type Drawable = Figure | object;

/** What a page says beside its figures. */
export interface SaveFigureOptions {
  /** Of the page, in its tab; 'Gatebook' unless given. */
  readonly title?: string;
  /** 'ko' or 'en', of the page; the notebook's unless given. Figures have a language of their own. */
  readonly language?: Language;
}

const OPTIONS: Every<SaveFigureOptions> = { title: true, language: true };

/**
 * Writes what a cell would draw into a file: `.svg` a picture, `.html` a page that needs nothing else (1.4 MB), in which
 * the pointer and the arrow keys read the values. Folders are made where they are not there.
 * @param what a figure, or a trace or other value that draws itself; for `.html` several of them, one below the other
 * @param path ends in .svg or .html
 * @returns the path, absolute
 * @throws RangeError for another ending, no figure, several in one `.svg`, a figure that has no picture, or an unknown option;
 *   TypeError for what draws nothing; Error where the package has no script for pages
 * @example
 * ```ts
 * import { lstm, saveFigure, tf, trace } from 'gatebook';
 * const seen = trace(lstm({ units: 3, returnSequences: true, seed: 1 }), tf.ones([1, 4, 2]));
 * saveFigure(seen, 'out/gates.html').endsWith('gates.html'); // true
 * saveFigure(seen.unitFigure({ unit: 2 }), 'out/unit.svg').endsWith('unit.svg'); // true
 * ```
 */
export function saveFigure(
  what: Drawable | readonly Drawable[],
  path: string,
  options: SaveFigureOptions = {},
): string {
  rejectUnknown('save a figure', options, OPTIONS);
  const ending = extname(path).toLowerCase();
  if (ending !== '.svg' && ending !== '.html')
    throw new RangeError(`Cannot save a figure as '${path}': expected a path that ends in .svg or .html.`);
  if (Array.isArray(what) && what.length === 0)
    throw new RangeError(`Cannot save '${path}': the list holds no figure.`);
  const bundles = (Array.isArray(what) ? (what as readonly Drawable[]) : [what]).map(bundleOf);
  const text = ending === '.svg' ? pictureOf(bundles) : pageOf(bundles, options);
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, text);
  return file;
}

function bundleOf(what: Drawable): MimeBundle {
  const draw: unknown = Reflect.get(Object(what), Symbol.for(JUPYTER_DISPLAY_SYMBOL));
  if (typeof draw === 'function') return draw.call(what) as MimeBundle;
  if (typeof what === 'object' && what !== null && 'kind' in what && 'version' in what)
    return figureBundle(what as Figure);
  throw new TypeError(
    `Cannot save ${kindOf(what)} as a figure: expected a Trace, or a figure such as trace.figure() gives.`,
  );
}

function pictureOf(bundles: readonly MimeBundle[]): string {
  if (bundles.length !== 1)
    throw new RangeError(
      `Cannot save ${bundles.length} figures as one .svg: give one, or a path that ends in .html.`,
    );
  const picture = bundles[0]!['image/svg+xml'];
  if (typeof picture === 'string') return picture;
  throw new RangeError(
    'Cannot save this figure as .svg: it has no static picture. Give a path that ends in .html.',
  );
}

/** The figures' data beside placeholders that the page's script draws into; until then, and on paper, their pictures. */
function pageOf(
  bundles: readonly MimeBundle[],
  { title = 'Gatebook', language = currentLanguage() }: SaveFigureOptions,
) {
  const script = requirePageScript();
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:`;
  const figures = bundles.map(bundle => {
    const data = JSON.stringify(bundle[FIGURE_MIME]).replace(/</g, '\\u003c');
    const picture = typeof bundle['image/svg+xml'] === 'string' ? bundle['image/svg+xml'] : '';
    return `<script type="${FIGURE_MIME}">${data}</script><div class="gatebook-figure">${picture}</div>`;
  });
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${figures.join('\n')}
<script>${script}</script>
</body>
</html>
`;
}

const STYLE = `body { max-width: 980px; margin: 24px auto; padding: 0 12px; background: Canvas; color: CanvasText; }
.gatebook-figure { margin-block: 16px; }
.gatebook-figure svg { max-width: 100%; }
.gatebook-still { display: none; }
@media print { .gatebook-still { display: block; } .gatebook-alive:has(+ .gatebook-still) { display: none; } }`;

/** The built renderer for pages. */
function requirePageScript(): string {
  const script = pageScript();
  if (script !== null) return script;
  throw new Error(
    'Cannot save a page: dist/page.js is missing. Install gatebook anew, or in a clone: npm run build.',
  );
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
