// Printed text as HTML: with a terminal's colours, and what it shows in the end.
import { AnsiUp } from 'ansi_up';
import type { Language } from '../protocol.ts';

export interface OutputContext {
  /** From which pictures are found. */
  readonly folder: string;
  readonly language: Language;
}

/** Lines that fit without scrolling: more can be scrolled by the keyboard too. */
const LINES_SHOWN = 18;

export function printed(kind: 'stdout' | 'stderr' | 'error' | 'result', text: string): string {
  const focus = text.split('\n', LINES_SHOWN + 1).length > LINES_SHOWN ? ' tabindex="0"' : '';
  return `<pre class="printed ${kind}"${focus}>${terminal(text)}</pre>`;
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
  if (!text.includes('\b')) return text;
  const kept: string[] = [];
  for (const character of text) {
    if (character === '\b') kept.pop();
    else kept.push(character);
  }
  return kept.join('');
}
