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

  #html(): string {
    const lines = this.lines.map(line => `<div style="margin-top:.3em">${escapeHtml(line)}</div>`).join('');
    const frame = 'border-left:4px solid currentColor;padding:.2em .9em;margin:.3em 0';
    return `<div style="${frame}"><strong>${escapeHtml(`${this.mark} ${this.title}`)}</strong>${lines}</div>`;
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
}
