// A cell's outputs as HTML. Of each bundle the richest type that is safe in a page without a kernel.
import { AnsiUp } from 'ansi_up';
import { FIGURE_MIME, type Language } from '../protocol.ts';
import { renderMarkdown } from './export-markdown.ts';
import { dataUri, drawing, image } from './export-pictures.ts';
import { isObject, type JsonObject, type Output } from './format.ts';
import { escapeHtml, isSafeHtml, isSafeSvg, stripProlog } from './markup.ts';

export interface OutputContext {
  readonly folder: string;
  readonly language: Language;
}

/** HTML of all outputs of a cell; neighbouring pieces of one stream are one text. */
export function renderOutputs(outputs: readonly Output[], context: OutputContext): string {
  return joinStreams(outputs)
    .map(output => renderOutput(output, context))
    .join('\n');
}

function renderOutput(output: Output, context: OutputContext): string {
  switch (output.output_type) {
    case 'stream':
      return `<pre class="printed ${output.name === 'stderr' ? 'stderr' : 'stdout'}">${terminal(output.text)}</pre>`;
    case 'error':
      return `<pre class="printed error">${terminal(tracebackOf(output.traceback, output.ename, output.evalue))}</pre>`;
    default:
      return renderBundle(output.data, context);
  }
}

type Render = (value: string, context: OutputContext, bundle: JsonObject) => string | null;

/** Best first; a renderer that returns null leaves it to the next. */
const RENDERERS: readonly (readonly [string, Render])[] = [
  ['text/html', value => (isSafeHtml(value) ? `<div class="html table">${value}</div>` : null)],
  ['image/svg+xml', value => `<div class="picture">${drawing(value, 'SVG')}</div>`],
  ['image/png', base64Image('image/png')],
  ['image/jpeg', base64Image('image/jpeg')],
  ['image/gif', base64Image('image/gif')],
  ['image/webp', base64Image('image/webp')],
  ['text/markdown', (value, context) => `<div class="prose">${renderMarkdown(value, context)}</div>`],
  ['text/latex', (value, context) => `<div class="prose">${renderMarkdown(value, context)}</div>`],
  ['text/plain', value => `<pre class="printed result">${terminal(value)}</pre>`],
];

function renderBundle(data: JsonObject, context: OutputContext): string {
  if (isObject(data[FIGURE_MIME])) return figure(data[FIGURE_MIME], data);
  for (const [type, render] of RENDERERS) {
    const value = data[type];
    const html = typeof value === 'string' ? render(value, context, data) : null;
    if (html !== null) return html;
  }
  return '';
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

function base64Image(type: string): Render {
  return (value, _context, bundle) => {
    const alt = typeof bundle['text/plain'] === 'string' ? bundle['text/plain'] : '';
    return `<div class="picture">${image(`data:${type};base64,${value.replace(/\s/g, '')}`, alt)}</div>`;
  };
}

/** Text with ANSI colours as HTML; \r and \b do what they do on a terminal. */
function terminal(text: string): string {
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  ansi.url_allowlist = {}; // no links out of escape sequences
  return ansi.ansi_to_html(overwrite(text).replace(/\n$/, ''));
}

/** Applies carriage returns and backspaces line by line: progress bars show their last state. */
export function overwrite(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  return text.replace(/\r+\n/g, '\n').split('\n').map(overwriteLine).join('\n');
}

function overwriteLine(line: string): string {
  // Later text covers the beginning of what stood there.
  return line
    .split('\r')
    .map(eraseBack)
    .reduce((under, over) => over + under.slice(over.length));
}

function eraseBack(text: string): string {
  let kept = '';
  for (const character of text) kept = character === '\b' ? kept.slice(0, -1) : kept + character;
  return kept;
}

function tracebackOf(traceback: string | readonly string[], name: string, value: string): string {
  const lines = typeof traceback === 'string' ? traceback : traceback.join('\n');
  return lines.trim() === '' ? `${name}: ${value}` : lines;
}

function joinStreams(outputs: readonly Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name)
      joined[joined.length - 1] = { ...last, text: last.text + output.text };
    else joined.push(output);
  }
  return joined;
}
