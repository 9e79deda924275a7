// A small framed message of the library in a cell's output: a mark, a title and some lines. It is honoured
// by every JavaScript kernel through `Jupyter.display`, and prints as plain lines without one.
import { JUPYTER_DISPLAY_SYMBOL, type MimeBundle } from '../protocol.ts';

export class Note {
  readonly mark: string;
  readonly title: string;
  readonly lines: readonly string[];

  constructor(mark: string, title: string, lines: readonly string[]) {
    this.mark = mark;
    this.title = title;
    this.lines = lines;
  }

  toString(): string {
    return [`${this.mark} ${this.title}`, ...this.lines.map(line => `  ${line}`)].join('\n');
  }

  [Symbol.for(JUPYTER_DISPLAY_SYMBOL)](): MimeBundle {
    return { 'text/plain': this.toString(), 'text/html': this.#html() };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Plain structure without styles, so that the exported page may show it as it is. */
  #html(): string {
    const lines = this.lines.map(line => `<br>${escapeHtml(line)}`).join('');
    return `<blockquote><strong>${escapeHtml(`${this.mark} ${this.title}`)}</strong>${lines}</blockquote>`;
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
}
