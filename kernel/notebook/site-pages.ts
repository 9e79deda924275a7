// The pages of the site as HTML: a lesson with its way to the others, and the contents. Pages share their
// style, script and fonts, which lie beside them in files; their CSP allows only those.
import type { Language } from '../protocol.ts';
import type { PageParts } from './export.ts';
import { escapeHtml } from './markup.ts';
import { pageShell } from './page-shell.ts';
import { LINES, SITE_WORDS } from './site-words.ts';

export interface SiteLesson {
  readonly language: Language;
  /** Such as `2-forget-gate`: the page's name too. */
  readonly name: string;
  readonly title: string;
  /** Its first drawing, safe SVG; empty where there is none. */
  readonly drawing: string;
}

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

interface Shell {
  readonly language: Language;
  readonly title: string;
  readonly description: string;
  /** From the page to the site's folder: '' or '../'. */
  readonly root: string;
  /** Address of the same page in the other language. */
  readonly other: string;
  readonly bar: string;
  readonly main: string;
  readonly isAlive: boolean;
  readonly kind: 'lesson' | 'contents';
}

export function otherLanguage(language: Language): Language {
  return language === 'ko' ? 'en' : 'ko';
}

function shell({ language, title, description, root, other, bar, main, isAlive, kind }: Shell): string {
  const words = SITE_WORDS[language];
  const there = otherLanguage(language);
  return pageShell({
    language,
    title,
    policy: POLICY,
    kind,
    head: `<meta name="description" content="${escapeHtml(description)}">
<link rel="icon" href="${root}assets/icon.svg">
<link rel="alternate" hreflang="${there}" href="${other}">
<link rel="stylesheet" href="${root}assets/site.css">
${isAlive ? `<script defer src="${root}assets/figures.js"></script>` : ''}`,
    body: `<a class="skip" href="#text">${words.skip}</a>
<header class="bar">
<a class="home" href="${contentsAddress(language, root)}"><img src="${root}assets/icon.svg" alt="" width="28" height="28"><span>Gatebook</span></a>
${bar}
<a class="language" lang="${there}" hreflang="${there}" href="${other}">${SITE_WORDS[there].name}</a>
</header>
<main id="text">
${main}
</main>`,
  });
}

/** English contents are the site's first page. */
function contentsAddress(language: Language, root: string): string {
  return language === 'en' ? `${root}index.html` : `${root}ko/index.html`;
}

/** A lesson's page, to lie at `LANGUAGE/NAME.html`. @param lessons all of its language, in order */
export function lessonPage(
  parts: PageParts,
  name: string,
  lessons: readonly SiteLesson[],
  other: string,
): string {
  const { language } = parts;
  const at = lessons.findIndex(lesson => lesson.name === name);
  const body = parts.body.replace(/href="([\w./-]+)\.ipynb(#[^"]*)?"/g, 'href="$1.html$2"');
  return shell({
    language,
    title: `${parts.title} · Gatebook`,
    description: LINES[name]?.[language] ?? parts.title,
    root: '../',
    other,
    bar: lessonNumbers(lessons, at),
    main: `${body}\n${neighbours(lessons, at)}\n<footer>${parts.footer}</footer>`,
    isAlive: parts.isAlive,
    kind: 'lesson',
  });
}

/** Small numbers that lead to every lesson, the present one marked. */
function lessonNumbers(lessons: readonly SiteLesson[], at: number): string {
  const items = lessons.map(({ name, title }, index) => {
    const current = index === at ? ' aria-current="page"' : '';
    const number = /^\d+/.exec(name)?.[0] ?? String(index);
    return `<li><a href="${name}.html" title="${escapeHtml(title)}" aria-label="${escapeHtml(title)}"${current}>${number}</a></li>`;
  });
  const { lessons: label } = SITE_WORDS[lessons[0]?.language ?? 'en'];
  return `<nav class="numbers" aria-label="${label}"><ol>${items.join('')}</ol></nav>`;
}

function neighbours(lessons: readonly SiteLesson[], at: number): string {
  const link = (lesson: SiteLesson | undefined, relation: 'prev' | 'next') => {
    if (!lesson) return '';
    const words = SITE_WORDS[lesson.language];
    const label = relation === 'prev' ? words.previous : words.next;
    return `<a rel="${relation}" class="${relation}" href="${lesson.name}.html"><small>${label}</small>${escapeHtml(lesson.title)}</a>`;
  };
  const { contents } = SITE_WORDS[lessons[0]?.language ?? 'en'];
  return `<nav class="neighbours" aria-label="${contents}">${link(lessons[at - 1], 'prev')}${link(lessons[at + 1], 'next')}</nav>`;
}

export interface Contents {
  readonly language: Language;
  readonly lessons: readonly SiteLesson[];
  /** A figure of the course that is alive, as HTML; empty where none was drawn. */
  readonly figure: string;
}

/** The first page: what this is, the course, a figure. English lies at `index.html`, Korean at `ko/index.html`. */
export function contentsPage({ language, lessons, figure }: Contents): string {
  const words = SITE_WORDS[language];
  const isRoot = language === 'en';
  const showcase = figure
    ? `<section class="showcase"><h2>${words.figure}</h2><p>${words.figureLead}</p><div class="outputs">${figure}</div></section>`
    : '';
  return shell({
    language,
    title: words.title,
    description: words.lead,
    root: isRoot ? '' : '../',
    other: isRoot ? 'ko/index.html' : '../index.html',
    bar: '',
    main: `<section class="hero"><h1>${words.headline}</h1><p>${words.lead}</p></section>
<section class="course"><h2>${words.course}</h2><p>${words.courseLead}</p>
<ol>${lessons.map(lesson => courseEntry(lesson, isRoot ? 'en/' : '')).join('\n')}</ol></section>
${showcase}
<section class="yourself"><h2>${words.yourself}</h2><p>${words.inEditor}</p><p>${words.inTerminal}</p>
<pre class="code"><code>npx gatebook tutorial --language ${language}</code></pre></section>`,
    isAlive: figure !== '',
    kind: 'contents',
  });
}

function courseEntry({ language, name, title, drawing }: SiteLesson, folder: string): string {
  const [, number = '', heading = title] = /^(\d+)\.\s*(.+)$/.exec(title) ?? [];
  const line = LINES[name]?.[language] ?? '';
  return `<li><a href="${folder}${name}.html">${thumbnail(drawing)}<span class="words"><b><i>${number}</i>${escapeHtml(heading)}</b><span>${line}</span></span></a></li>`;
}

/** The lesson's drawing without its letters, which would be too small to read; the part it is about stays lit. */
function thumbnail(svg: string): string {
  if (svg === '') return '<span class="thumbnail"></span>';
  const style =
    '<style>svg{display:block;width:100%;height:auto}text,.card{display:none}svg.gb .part.dim{stroke-width:2.5}svg.gb .part.lit{stroke-width:5}</style>';
  return `<span class="thumbnail" aria-hidden="true"><template shadowrootmode="open">${style}${svg}</template></span>`;
}
