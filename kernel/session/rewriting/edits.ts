// Text edits over a parsed program, applied in one go, and the way back from a place in the new text.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits at one place keep the order in which they were asked for. They may touch, never overlap. */
export class Edits {
  readonly #edits: Edit[] = [];

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  remove(start: number, end: number): void {
    this.replace(start, end, '');
  }

  apply(source: string, head: string, tail: string): EditedText {
    return new EditedText(
      source,
      this.#edits.toSorted((a, b) => a.start - b.start),
      head,
      tail,
    );
  }
}

interface Kept {
  readonly newStart: number;
  readonly newEnd: number;
  readonly oldStart: number;
}

/** The edited text, and for an offset in it the offset that it came from. */
export class EditedText {
  readonly text: string;
  readonly #kept: readonly Kept[];

  constructor(source: string, edits: readonly Edit[], head: string, tail: string) {
    const kept: Kept[] = [];
    let text = head;
    let from = 0;
    const keep = (to: number) => {
      if (to > from) kept.push({ newStart: text.length, newEnd: text.length + to - from, oldStart: from });
      text += source.slice(from, to);
    };
    for (const edit of edits) {
      keep(edit.start);
      text += edit.text;
      from = Math.max(from, edit.end);
    }
    keep(source.length);
    this.text = text + tail;
    this.#kept = kept;
  }

  /** Inserted text belongs to what follows it; null for the tail. */
  originalOffset(offset: number): number | null {
    const piece = this.#kept.find(piece => offset < piece.newEnd);
    return piece ? piece.oldStart + Math.max(0, offset - piece.newStart) : null;
  }
}
