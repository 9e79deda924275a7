// A MIME bundle as HTML: the richest of its types that is safe in a page without a kernel. What such a page cannot
// show is said, with the bundle's own words in its place.
import { FIGURE_MIME, FIGURE_VERSION, type PlotlyFigure } from '../protocol.ts';
import { jsonTree } from './export-json.ts';
import { renderLatex, renderMarkdown } from './export-markdown.ts';
import { dataUri, drawing, image } from './export-pictures.ts';
import { type OutputContext, printed } from './export-text.ts';
import { isObject, type JsonObject } from './format.ts';
import { escapeHtml, isSafeHtml, isSafeSvg, stripProlog } from './markup.ts';

const WORDS = {
  en: {
    more: (count: number) => `… ${count} more`,
    unsafe: 'Its HTML needs scripts or a style sheet, which this page leaves out. In words:',
    notShown: (type: string) => `An output of the type ${type}, which this page cannot show`,
    spec: (name: string) => `A ${name} chart, which this page does not draw. In words, and its data:`,
  },
  ko: {
    more: (count: number) => `… ${count}개 더`,
    unsafe: '이 출력의 HTML에는 스크립트나 스타일시트가 필요하므로 넣지 않았습니다. 글로 쓰면:',
    notShown: (type: string) => `이 페이지에서 보여 줄 수 없는 출력입니다(${type}).`,
    spec: (name: string) => `이 페이지에서 그리지 않는 ${name} 차트입니다. 글과 데이터:`,
  },
} as const;

interface Around extends OutputContext {
  readonly bundle: JsonObject;
  /** Of the output: options by type. */
  readonly metadata: JsonObject;
  /** The type that is rendered. */
  readonly type: string;
}

type Render = (value: unknown, around: Around) => string | null;

/** Best first; a renderer that returns null leaves it to the next. */
const RENDERERS: readonly (readonly [RegExp, Render])[] = [
  [exactly(FIGURE_MIME), (value, { bundle }) => (isObject(value) ? figure(value, bundle) : null)],
  [exactly('text/html'), ofText(html)],
  [
    exactly('image/svg+xml'),
    ofText((svg, around) => `<div class="picture">${drawing(svg, altOf(around) || 'SVG')}</div>`),
  ],
  [/^image\/(?:png|jpeg|gif|webp)$/, ofText(bitmap)],
  [
    exactly('text/markdown'),
    ofText((value, around) => `<div class="prose">${renderMarkdown(value, around)}</div>`),
  ],
  [
    exactly('text/latex'),
    ofText((value, around) => `<div class="prose">${renderLatex(value, around)}</div>`),
  ],
  [exactly('application/vnd.plotly.v1+json'), plotly],
  [/^application\/vnd\.vega(?:lite)?\.v\d+\+json$/, vega],
  [exactly('application/json'), tree],
  [exactly('text/plain'), ofText(value => printed('result', value))],
];

/** @param options the context, and the metadata of the output */
export function renderBundle(
  bundle: JsonObject,
  options: OutputContext & { readonly metadata: unknown },
): string {
  const metadata = isObject(options.metadata) ? options.metadata : {};
  const types = Object.keys(bundle);
  for (const [pattern, render] of RENDERERS) {
    const type = types.find(one => pattern.test(one));
    const html = type === undefined ? null : render(bundle[type], { ...options, metadata, bundle, type });
    if (html !== null) return html;
  }
  return types.length === 0 ? '' : note(WORDS[options.language].notShown(types[0]!));
}

function exactly(type: string): RegExp {
  return new RegExp(`^${type.replace(/[.+]/g, '\\$&')}$`);
}

function ofText(render: (value: string, around: Around) => string | null): Render {
  return (value, around) => (typeof value === 'string' ? render(value, around) : null);
}

function note(text: string): string {
  return `<p class="note">${escapeHtml(text)}</p>`;
}

/** A picture or Markdown beside it says more than its text; where there is nothing but text, it is said. */
function html(value: string, { bundle, language }: Around): string | null {
  if (isSafeHtml(value)) return `<div class="html table">${value}</div>`;
  const words = bundle['text/plain'];
  const hasBetter = Object.keys(bundle).some(type =>
    /^(?:image\/|text\/(?:markdown|latex)|application\/vnd)/.test(type),
  );
  if (hasBetter) return null;
  return (
    note(WORDS[language].unsafe) + printed('result', typeof words === 'string' ? words : withoutTags(value))
  );
}

/** Letters of foreign HTML that are looked at for its words: finding scripts takes the square of it. */
const MOST_HTML = 20_000;

function withoutTags(value: string): string {
  return value
    .slice(0, MOST_HTML)
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * One of our figures: its data, which the page's script draws, and until then (or without scripts) the
 * static picture. `<` is escaped, so that nothing in the data can end the element.
 */
function figure(payload: JsonObject, data: JsonObject): string {
  const json = JSON.stringify(payload).replace(/</g, '\\u003c');
  return `<script type="${FIGURE_MIME}">${json}</script><div class="gatebook-figure">${still(data)}</div>`;
}

function still(data: JsonObject): string {
  const svg = data['image/svg+xml'];
  const words = typeof data['text/plain'] === 'string' ? data['text/plain'] : '';
  if (typeof svg !== 'string') return `<pre class="printed result">${escapeHtml(words)}</pre>`;
  const text = stripProlog(svg);
  // Ours has no style sheet; another's would reach the whole page.
  return isSafeSvg(text) && !text.includes('<style')
    ? text
    : image(dataUri('image/svg+xml', Buffer.from(svg)), words);
}

/** Another kernel's Plotly figure is drawn as ours are. */
function plotly(value: unknown, { bundle, language }: Around): string | null {
  if (!isObject(value) || !Array.isArray(value.data) || !value.data.every(isObject)) return null;
  const layout = isObject(value.layout) ? value.layout : {};
  const own: PlotlyFigure = { version: FIGURE_VERSION, kind: 'plotly', language, data: value.data, layout };
  return figure({ ...own }, bundle);
}

function vega(value: unknown, around: Around): string {
  const words = around.bundle['text/plain'];
  const name = around.type.includes('vegalite') ? 'Vega-Lite' : 'Vega';
  const text = typeof words === 'string' ? printed('result', words) : '';
  return note(WORDS[around.language].spec(name)) + text + tree(value, around);
}

function tree(value: unknown, { language, metadata, type }: Around): string {
  const { expanded } = optionsOf(metadata, type);
  return jsonTree(value, { open: expanded === true, more: WORDS[language].more });
}

function bitmap(base64: string, around: Around): string {
  const { width, height } = optionsOf(around.metadata, around.type);
  const [wide, high] = [width, height].map(size =>
    Number.isFinite(size) && Number(size) > 0 ? Number(size) : null,
  );
  const style = [wide ? `width:${wide}px` : '', high && !wide ? `height:${high}px;width:auto` : ''].join('');
  const picture = image(`data:${around.type};base64,${base64.replace(/\s/g, '')}`, altOf(around));
  return `<div class="picture">${style === '' ? picture : picture.replace('<img ', `<img style="${style}" `)}</div>`;
}

function optionsOf(metadata: JsonObject, type: string): JsonObject {
  const own = metadata[type];
  return isObject(own) ? own : {};
}

function altOf({ bundle }: Around): string {
  return typeof bundle['text/plain'] === 'string' ? bundle['text/plain'] : '';
}
