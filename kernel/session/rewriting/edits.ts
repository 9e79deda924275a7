// Text edits over a parsed program, applied in one go, and the way back from a place in the new text.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** V8 gives the place of a call as that of its parenthesis where the callee is no plain name. */
  readonly isCallee: boolean;
}

/** Edits at one place keep the order in which they were asked for. They may touch, never overlap. */
export class Edits {
  readonly #edits: Edit[] = [];

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  replace(start: number, end: number, text: string, isCallee = false): void {
    this.#edits.push({ start, end, text, isCallee });
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

/** A stretch of the new text. All of an inserted one comes from where it was inserted. */
interface Piece {
  readonly newStart: number;
  /** What maps to it; for a callee also the parenthesis that follows. */
  readonly newEnd: number;
  readonly oldStart: number;
  readonly isInserted: boolean;
}

/** The edited text, and for an offset in it the offset that it came from. */
export class EditedText {
  readonly text: string;
  readonly #pieces: readonly Piece[];

  constructor(source: string, edits: readonly Edit[], head: string, tail: string) {
    const pieces: Piece[] = [];
    let text = head;
    let from = 0;
    const add = (added: string, oldStart: number, isInserted: boolean, further = 0) => {
      const newStart = text.length;
      text += added;
      if (added) pieces.push({ newStart, newEnd: text.length + further, oldStart, isInserted });
    };
    for (const edit of edits) {
      add(source.slice(from, edit.start), from, false);
      add(edit.text, edit.start, true, edit.isCallee ? 1 : 0);
      from = Math.max(from, edit.end);
    }
    add(source.slice(from), from, false);
    this.text = text + tail;
    this.#pieces = pieces;
  }

  /** Null for the head and the tail. */
  originalOffset(offset: number): number | null {
    const piece = this.#pieces.find(piece => offset < piece.newEnd);
    if (!piece || offset < piece.newStart) return null;
    return piece.isInserted ? piece.oldStart : piece.oldStart + offset - piece.newStart;
  }
}
