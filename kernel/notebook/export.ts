// A notebook as one HTML page that lives without kernel and network: its text, code and saved outputs,
// with our figures alive. Everything it needs is inside; its CSP allows nothing else.
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { pageScript } from '../package-root.ts';
import { KERNEL_NAME, type Language } from '../protocol.ts';
import { highlight } from './export-code.ts';
import { renderMarkdown } from './export-markdown.ts';
import { mathStyle } from './export-math.ts';
import { renderOutputs } from './export-output.ts';
import { PAGE_STYLE } from './export-style.ts';
import { type Cell, type CodeCell, isObject, type Notebook, NotebookError } from './format.ts';
import { escapeHtml } from './markup.ts';
import { pageShell } from './page-shell.ts';
import { readNotebook } from './read.ts';
import { writeText } from './write.ts';

export interface ExportOptions {
  /** Folder from which the notebook's pictures are found. */
  readonly folder: string;
  /** Else the notebook's `metadata.title`, else its first heading. */
  readonly title?: string;
  /** Else the notebook's `metadata.gatebook.language`, else English. */
  readonly language?: Language;
}

/** Letters of code that fit the reading column. */
const COLUMN = 82;

const WORDS = {
  en: {
    code: 'Code',
    made: (engine: string | null) => `Made with Gatebook${engine === null ? '' : `, run on ${engine}`}.`,
    alive: 'The figures are alive: point at them, or use the arrow keys.',
  },
  ko: {
    code: '코드',
    made: (engine: string | null) =>
      `Gatebook으로 만들었습니다${engine === null ? '' : `(${engine}에서 실행)`}.`,
    alive: '그림 위에 포인터를 올리거나 방향키를 눌러 보세요.',
  },
} as const;

/** Reads the notebook at `path` and writes its page to `output`. Throws NotebookError and NotWritten. */
export function exportNotebook(path: string, output: string, options: Partial<ExportOptions> = {}): void {
  const notebook = readNotebook(path);
  writeText(output, exportPage(notebook, { folder: dirname(resolve(path)), ...options }), 'page');
}

/** What a page of a notebook is made of, for whoever puts it into a page of its own kind. */
export interface PageParts {
  readonly title: string;
  readonly language: Language;
  /** HTML of all cells. */
  readonly body: string;
  /** HTML: what made it. */
  readonly footer: string;
  /** Whether there are figures for the page's script to draw. */
  readonly isAlive: boolean;
}

export function pageParts(notebook: Notebook, options: ExportOptions): PageParts {
  const language = options.language ?? languageOf(notebook);
  const context = { folder: options.folder, language, code: codeLanguage(notebook) };
  const body = notebook.cells.map(cell => renderCell(cell, context)).join('\n');
  const isAlive = body.includes('class="gatebook-figure"');
  const title = options.title ?? titleOf(notebook);
  return { title, language, body, isAlive, footer: footer(notebook, language, isAlive) };
}

/** The page of `notebook`, a whole HTML document. */
export function exportPage(notebook: Notebook, options: ExportOptions): string {
  const { title, language, body, footer, isAlive } = pageParts(notebook, options);
  const script = isAlive ? requirePageScript() : '';
  return pageShell({
    language,
    title,
    policy: policy(script),
    head: `<meta name="generator" content="${KERNEL_NAME}">\n<style>${mathStyle(body)}${PAGE_STYLE}</style>`,
    body: `<main>\n${body}\n</main>\n<footer>${footer}</footer>\n${script === '' ? '' : `<script>${script}</script>`}`,
  });
}

/** What made the page, and that it is more than pictures where it is. */
function footer(notebook: Notebook, language: Language, alive: boolean): string {
  const { made, alive: hint } = WORDS[language];
  return escapeHtml(alive ? `${made(engineOf(notebook))} ${hint}` : made(engineOf(notebook)));
}

/** What computed the outputs, as `gatebook run` notes it in the notebook; null where nothing is noted. */
function engineOf({ metadata: { gatebook } }: Notebook): string | null {
  const status = isObject(gatebook) ? gatebook.backend : null;
  if (!isObject(status)) return null;
  if (typeof status.tensorflow === 'string') return `TensorFlow ${status.tensorflow}`;
  return typeof status.backend === 'string' ? `tfjs ${status.backend}` : null;
}

type CellContext = { readonly folder: string; readonly language: Language; readonly code: string };

function renderCell(cell: Cell, context: CellContext): string {
  switch (cell.cell_type) {
    case 'markdown': {
      const attachments = cell.attachments === undefined ? {} : { attachments: cell.attachments };
      return `<section class="prose">${renderMarkdown(cell.source, { ...context, ...attachments })}</section>`;
    }
    case 'code':
      return renderCode(cell, context);
    case 'raw':
      return ''; // meant for other exporters
  }
}

function renderCode(cell: CodeCell, context: CellContext): string {
  const outputs = renderOutputs(cell.outputs, context);
  const shown = outputs === '' ? '' : `<div class="outputs">${outputs}</div>`;
  if (cell.source.trim() === '') return shown === '' ? '' : `<section class="cell">${shown}</section>`;
  return `<section class="cell">${sourceOf(cell, context)}${shown}</section>`;
}

/** The code with its number; folded where the author hid it (Jupyter's `source_hidden`). */
function sourceOf(cell: CodeCell, { language, code: kind }: CellContext): string {
  const count = cell.execution_count === null ? '' : `<span class="count">${cell.execution_count}</span>`;
  const code = `<pre class="code"><code>${highlight(cell.source, kind)}</code></pre>`;
  const source = `<div class="source${isLong(cell.source) ? ' long' : ''}">${count}${code}</div>`;
  const hidden = isObject(cell.metadata.jupyter) && cell.metadata.jupyter.source_hidden === true;
  return hidden
    ? `<details class="folded"><summary>${WORDS[language].code}</summary>${source}</details>`
    : source;
}

/** Whether a line is wider than the reading column; Hangul takes two places. */
function isLong(code: string): boolean {
  const places = (line: string) => [...line].reduce((sum, letter) => sum + (letter > '\u1100' ? 2 : 1), 0);
  return code.split('\n').some(line => places(line) > COLUMN);
}

/** Only our script, known by its hash, may run; nothing may be loaded. */
function policy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  const scripts = script === '' ? "'none'" : `'sha256-${hash}'`;
  return `default-src 'none'; script-src ${scripts}; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'`;
}

/** The built renderer for pages. */
function requirePageScript(): string {
  const script = pageScript();
  if (script !== null) return script;
  throw new NotebookError('Cannot export the page: dist/page.js is missing. Build it with: npm run build');
}

function languageOf({ metadata: { gatebook } }: Notebook): Language {
  return isObject(gatebook) && gatebook.language === 'ko' ? 'ko' : 'en';
}

/** Of code cells, in which a notebook may be another kernel's. */
function codeLanguage({ metadata }: Notebook): string {
  const [kernel, info] = [metadata.kernelspec, metadata.language_info].map(one => (isObject(one) ? one : {}));
  const language = kernel?.language ?? info?.name;
  return typeof language === 'string' ? language : 'typescript';
}

function titleOf({ metadata, cells }: Notebook): string {
  if (typeof metadata.title === 'string') return metadata.title;
  const text = cells.filter(({ cell_type }) => cell_type === 'markdown').map(({ source }) => source);
  return /^#+\s+(.+?)\s*#*$/m.exec(text.join('\n'))?.[1]?.replace(/[*_`$]/g, '') ?? 'Gatebook';
}
