// From a place in a cell's compiled code back to the cell as it was written.
import { SourceMap } from 'node:module';
import type { JavaScript } from '../transpile.ts';
import type { EditedText } from './edits.ts';

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Undoes the edits, then follows TypeScript's map, which is read when first asked: most cells never fail. */
export class Positions {
  readonly #javaScript: JavaScript;
  readonly #edited: EditedText;
  #map: SourceMap | null = null;

  readonly #lines: readonly string[];

  constructor(source: string, javaScript: JavaScript, edited: EditedText) {
    this.#lines = source.split('\n');
    this.#javaScript = javaScript;
    this.#edited = edited;
  }

  /** Null for what the compiler added. */
  find(line: number, column: number): Position | null {
    const offset = this.#edited.originalOffset(offsetAt(this.#edited.text, line, column));
    return offset === null ? null : this.findOriginal(offset);
  }

  /** @param offset in TypeScript's JavaScript, before the edits */
  findOriginal(offset: number): Position | null {
    const { code, map } = this.#javaScript;
    const lineStart = offset === 0 ? 0 : code.lastIndexOf('\n', offset - 1) + 1;
    const line = code.slice(0, lineStart).split('\n').length - 1;
    if (map === null) return { line: line + 1, column: offset - lineStart + 1 };
    this.#map ??= new SourceMap(JSON.parse(map));
    const entry = this.#map.findEntry(line, offset - lineStart);
    if (!('originalLine' in entry) || entry.generatedLine !== line) return null;
    return this.#skipSpace(entry.originalLine, entry.originalColumn);
  }

  /** An operator's stretch in TypeScript's map begins with the space before it. */
  #skipSpace(line: number, column: number): Position {
    const spaces = /^\s*/.exec((this.#lines[line] ?? '').slice(column))?.[0].length ?? 0;
    return { line: line + 1, column: column + spaces + 1 };
  }
}

function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let skipped = 1; skipped < line; skipped++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}
