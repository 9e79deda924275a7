// What a language client and its worker thread say to each other. Offsets are UTF-16 code units from 0.
import type { MimeBundle } from '../protocol.ts';

/** One finding of TypeScript in a cell, at the cell's own place. */
export interface CellDiagnostic {
  /** TypeScript's number, as in TS2322. */
  readonly code: number;
  readonly category: 'error' | 'warning' | 'suggestion';
  readonly message: string;
  /** Where it is wrong, if not in the cell: then the places say nothing. */
  readonly file?: string;
  readonly start: number;
  readonly length: number;
  /** Of `start`, counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** What Jupyter's `complete_reply` says: `start` and `end` bound the text that a match replaces. */
export interface Completions {
  readonly matches: string[];
  readonly start: number;
  readonly end: number;
  readonly metadata: { readonly _jupyter_types_experimental?: readonly DescribedMatch[] };
  /** What the types leave open, and the values of the session may know. */
  readonly runTime?: RunTimeAsk;
}

export interface RunTimeAsk {
  /** Names of the session, or members or keys of the value at `path`. */
  readonly kind: 'names' | 'members' | 'keys';
  /** `['a', 'b']` for `a.b`; of 'names' empty. */
  readonly path: readonly string[];
  /** Of the text that they replace. */
  readonly start: number;
}

/** What Jupyter's front ends read of a match beside its text; `start` and `end` as those of all. */
export interface DescribedMatch {
  readonly text: string;
  /** 'function', 'constant', 'property', 'class', …: front ends have pictures for some. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** `zeros(shape: number[]): Tensor`; for the first matches only. */
  readonly signature?: string;
}

/** What Jupyter's `is_complete_reply` says; `indent` stands with 'incomplete' only. */
export interface Completeness {
  readonly status: 'complete' | 'incomplete' | 'invalid';
  readonly indent?: string;
}

/** A cell that was executed, and belongs to the session from then on. */
export interface RanCell {
  readonly code: string;
  /** Its execution count, which messages name. */
  readonly count: number;
}

/** Questions by name: what each is asked with, and its answer. */
export interface Questions {
  readonly complete: { readonly ask: { code: string; offset: number }; readonly answer: Completions };
  readonly inspect: {
    readonly ask: { code: string; offset: number; detail: 0 | 1 };
    readonly answer: MimeBundle | null;
  };
  readonly isComplete: { readonly ask: { code: string }; readonly answer: Completeness };
  readonly diagnose: {
    readonly ask: { code: string; count: number };
    readonly answer: readonly CellDiagnostic[];
  };
}

export type QuestionName = keyof Questions;

export type ToLanguage =
  | {
      readonly [Name in QuestionName]: {
        readonly kind: Name;
        readonly id: number;
        readonly ask: Questions[Name]['ask'];
      };
    }[QuestionName]
  | { readonly kind: 'ran'; readonly serial: number; readonly cell: RanCell };

export type FromLanguage =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  /** The question could not be answered: a fault of ours or of TypeScript's, in words. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  /** Nothing that lives comes from these cells any more: a new worker need not be told of them. */
  | { readonly kind: 'forgotten'; readonly serials: readonly number[] };

/** What the worker is started with. */
export interface LanguageData {
  /** Folder in which the notebook lies. */
  readonly folder: string;
  /** Cells ran that nobody tells of any more: a name that no cell declares may be theirs. */
  readonly isPartial: boolean;
}
