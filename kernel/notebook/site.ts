// The course as a static site: every lesson in both languages out of its executed notebook, the contents, and
// what the pages share. It needs no server and no network: opened from a disk it works as well.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIGURE_MIME, type Language } from '../protocol.ts';
import { pageParts } from './export.ts';
import { sharedMathStyle } from './export-math.ts';
import { renderOutputs } from './export-output.ts';
import { PAGE_STYLE } from './export-style.ts';
import { isCode, isObject, type Notebook, type Output } from './format.ts';
import { isSafeSvg, stripProlog } from './markup.ts';
import { readNotebook } from './read.ts';
import { contentsPage, lessonPage, otherLanguage, type SiteLesson } from './site-pages.ts';
import { SITE_STYLE } from './site-style.ts';

export interface SiteOptions {
  /** Folder of executed notebooks, `ko/` and `en/`, with the drawings they refer to. */
  readonly executed: string;
  /** Folder of the site; what was in it is replaced. */
  readonly output: string;
  /** Folder with `icon.svg` and the scripts `figures.js` and `plotly.js`. */
  readonly assets: string;
}

const LANGUAGES: readonly Language[] = ['en', 'ko'];

/** The lesson whose widest figure stands on the first page. */
const SHOWCASE = '2-forget-gate';

interface Read extends SiteLesson {
  readonly notebook: Notebook;
}

/** Writes the site. @returns the pages' paths below `output`. @throws NotebookError, and what writing throws */
export function buildSite({ executed, output, assets }: SiteOptions): readonly string[] {
  const lessons = LANGUAGES.flatMap(language => readLessons(executed, language));
  rmSync(output, { recursive: true, force: true });
  writeAssets(assets, join(output, 'assets'));
  const pages = new Map<string, string>();
  for (const language of LANGUAGES) {
    const own = lessons.filter(lesson => lesson.language === language);
    for (const lesson of own) {
      const parts = pageParts(lesson.notebook, { folder: join(executed, language), language });
      const other = otherAddress(lesson, lessons);
      pages.set(join(language, `${lesson.name}.html`), lessonPage(parts, lesson.name, own, other));
    }
    const figure = showcase(own, join(executed, language));
    const path = language === 'en' ? 'index.html' : join(language, 'index.html');
    pages.set(path, contentsPage({ language, lessons: own, figure }));
  }
  for (const language of LANGUAGES) mkdirSync(join(output, language), { recursive: true });
  for (const [path, html] of pages) writeFileSync(join(output, path), html);
  return [...pages.keys()];
}

function readLessons(executed: string, language: Language): readonly Read[] {
  const folder = join(executed, language);
  const files = readdirSync(folder).filter(file => file.endsWith('.ipynb'));
  return files.sort().map(file => {
    const notebook = readNotebook(join(folder, file));
    const prose = notebook.cells.filter(cell => cell.cell_type === 'markdown').map(({ source }) => source);
    const name = file.replace(/\.ipynb$/, '');
    const title = /^#\s+(.+)$/m.exec(prose.join('\n'))?.[1]?.trim() ?? name;
    return { language, name, title, notebook, drawing: firstDrawing(prose.join('\n'), folder) };
  });
}

function firstDrawing(prose: string, folder: string): string {
  const path = /!\[[^\]]*\]\(([^)]+\.svg)\)/.exec(prose)?.[1];
  if (path === undefined) return '';
  const svg = stripProlog(readFileSync(join(folder, path), 'utf8'));
  return isSafeSvg(svg) ? svg : '';
}

/** The same lesson in the other language, else its contents. */
function otherAddress({ language, name }: SiteLesson, lessons: readonly SiteLesson[]): string {
  const there = otherLanguage(language);
  const exists = lessons.some(lesson => lesson.language === there && lesson.name === name);
  if (exists) return `../${there}/${name}.html`;
  return there === 'en' ? '../index.html' : '../ko/index.html';
}

/** The panel with the most units of one lesson, as HTML. */
function showcase(lessons: readonly Read[], folder: string): string {
  const lesson = lessons.find(({ name }) => name === SHOWCASE);
  if (!lesson) return '';
  const outputs = lesson.notebook.cells.filter(isCode).flatMap(cell => cell.outputs);
  const panels = outputs.filter(output => unitsOf(output) > 0);
  const [widest] = panels.sort((a, b) => unitsOf(b) - unitsOf(a));
  return widest ? renderOutputs([widest], { folder, language: lesson.language }) : '';
}

/** Units of a gate panel; 0 for every other output. */
function unitsOf({ data }: Output): number {
  const figure = isObject(data) ? data[FIGURE_MIME] : undefined;
  if (!isObject(figure) || figure.kind !== 'panel' || !Array.isArray(figure.traces)) return 0;
  const [trace] = figure.traces as unknown[];
  return isObject(trace) ? Number(trace.units) : 0;
}

function writeAssets(from: string, to: string): void {
  const { css, fonts } = sharedMathStyle();
  mkdirSync(join(to, 'fonts'), { recursive: true });
  for (const font of readdirSync(fonts).filter(file => file.endsWith('.woff2')))
    cpSync(join(fonts, font), join(to, 'fonts', font));
  writeFileSync(join(to, 'site.css'), `${css}\n${PAGE_STYLE}\n${SITE_STYLE}`);
  for (const file of ['icon.svg', 'figures.js', 'plotly.js']) cpSync(join(from, file), join(to, file));
}
