// `agreement({...})`: lesson 5's data as tensors, with the words kept beside them. Before each verb the
// network is asked which form it takes; everywhere else nothing is asked.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Language } from '../protocol.ts';
import {
  AGREEMENT_GRAMMARS,
  AGREEMENT_ROLES,
  type AgreementGrammar,
  type AgreementRole,
  agreementWords,
} from './agreement-grammar.ts';
import {
  type AgreementToken,
  agreementStream,
  type Question,
  questionsOf,
  readAgreement,
} from './agreement-stream.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { currentLanguage } from './language.ts';
import { seededRandom } from './random.ts';
import { tf } from './tf.ts';

/** What streams `agreement` makes. */
export interface AgreementOptions {
  /** Words in each stream, 1 or more. */
  readonly steps: number;
  /** How many streams stand side by side, 1 unless given. */
  readonly streams?: number;
  /** Same seed, same words. */
  readonly seed: number;
  /** 'ko' or 'en'; the notebook's unless given. */
  readonly language?: Language;
}

const OPTIONS: Every<AgreementOptions> = { steps: true, streams: true, seed: true, language: true };

/** B streams of T words, as words and as tensors. Dispose it, or let the cell's end do so. */
export class Agreement {
  /** Words as shown, [B][T]. */
  readonly tokens: readonly (readonly string[])[];
  /** What each word does, [B][T]. */
  readonly roles: readonly (readonly AgreementRole[])[];
  /** Two-hot input, [B, T, 25]: one of 19 words and one of 6 roles. */
  readonly x: Tensor3D;
  /** Form of the verb that comes next (0 or 1) where one does, else -1. int32 [B, T]. */
  readonly y: Tensor2D;
  /** What the forms are called: singular and plural, in Korean without and with -시-. */
  readonly forms: readonly [string, string];
  readonly questions: readonly Question[];

  constructor(grammar: AgreementGrammar, streams: readonly (readonly AgreementToken[])[]) {
    const steps = streams[0]?.length ?? 0;
    this.tokens = streams.map(tokens => tokens.map(({ text }) => text));
    this.roles = streams.map(tokens => tokens.map(({ role }) => role));
    this.forms = grammar.forms;
    this.questions = streams.flatMap((tokens, row) => questionsOf(grammar, tokens, row));
    this.x = twoHot(grammar, streams);
    const answers = new Int32Array(streams.length * steps).fill(-1);
    for (const { row, step, form } of this.questions) answers[row * steps + step] = form;
    this.y = tf.tensor2d(answers, [streams.length, steps], 'int32');
  }

  /** The words of one stream; before a verb the form that is asked for, in brackets. */
  text(row = 0): string {
    const forms = new Map(this.questions.filter(one => one.row === row).map(one => [one.step, one.form]));
    const shown = (this.tokens[row] ?? []).map((token, step) => {
      const form = forms.get(step);
      return form === undefined ? token : `${token} [${this.forms[form]}?]`;
    });
    return shown.join(' ');
  }

  /** Whether the word at a step of a stream has one of these roles: for `meanWhere` of a trace. */
  at(...roles: readonly AgreementRole[]): (step: number, row: number) => boolean {
    return (step, row) => {
      const role = this.roles[row]?.[step];
      return role !== undefined && roles.includes(role);
    };
  }

  /** Whether a word stands between a subject and its verb. */
  isBetween(step: number, row: number): boolean {
    const roles = this.roles[row] ?? [];
    const from = roles.lastIndexOf('subject', step - 1);
    return step > 0 && from >= 0 && !roles.slice(from, step + 1).includes('verb');
  }

  /** Share of the questions, or of those that pass `where`, that the output [B, T, 2] gets right; NaN of none. */
  accuracy(output: Tensor | Tensor[], where: (question: Question) => boolean = () => true): number {
    const chances = this.#chances(output);
    const asked = this.questions.flatMap((question, at) => (where(question) ? [chances[at]!] : []));
    return asked.filter(chance => chance > 0.5).length / asked.length;
  }

  /** A row for each question: its attractors, and the chance given to the right form, 0 to 1. [Q, 2] */
  answers(output: Tensor | Tensor[]): Tensor2D {
    const chances = this.#chances(output);
    const rows = this.questions.map(({ attractors }, at) => [attractors, chances[at]!]);
    return tf.tensor2d(rows.flat(), [rows.length, 2]);
  }

  dispose(): void {
    this.x.dispose();
    this.y.dispose();
  }

  #chances(output: Tensor | Tensor[]): number[] {
    const given = Array.isArray(output) ? output[0] : output;
    const [rows, steps] = this.y.shape;
    if (given?.shape.join() !== [rows, steps, 2].join())
      throw new RangeError(
        `Cannot judge an output of shape [${given?.shape}]: expected [${rows}, ${steps}, 2]`,
      );
    const values = given.dataSync();
    return this.questions.map(({ row, step, form }) => values[(row * steps + step) * 2 + form]!);
  }
}

/**
 * Streams of lesson 5's sentences.
 * @throws RangeError for an unknown option, or when steps or streams is not a whole number of at least 1
 * @example
 * ```ts
 * import { agreement } from 'gatebook';
 * const data = agreement({ steps: 40, streams: 2, seed: 1, language: 'en' });
 * data.x.shape; // [2, 40, 25]
 * data.forms.length; // 2
 * ```
 */
export function agreement(options: AgreementOptions): Agreement {
  rejectUnknown('make sentences', options, OPTIONS);
  const { steps, streams = 1, seed, language } = options;
  for (const [name, value] of Object.entries({ steps, streams }))
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`Cannot make sentences: ${name} is ${value}, expected a whole number from 1`);
  const grammar = AGREEMENT_GRAMMARS[language ?? currentLanguage()];
  const random = seededRandom(seed);
  return new Agreement(
    grammar,
    Array.from({ length: streams }, () => agreementStream(grammar, steps, random)),
  );
}

/** One stream of words that the learner typed, as they are shown. @throws RangeError for an unknown word */
agreement.from = (text: string, language?: Language): Agreement => {
  const grammar = AGREEMENT_GRAMMARS[language ?? currentLanguage()];
  return new Agreement(grammar, [readAgreement(grammar, text)]);
};

function twoHot(grammar: AgreementGrammar, streams: readonly (readonly AgreementToken[])[]): Tensor3D {
  const words = agreementWords(grammar);
  const width = words.length + AGREEMENT_ROLES.length;
  const tokens = streams.flat();
  const values = new Float32Array(tokens.length * width);
  for (const [index, { word, role }] of tokens.entries()) {
    values[index * width + words.indexOf(word)] = 1;
    values[index * width + words.length + AGREEMENT_ROLES.indexOf(role)] = 1;
  }
  return tf.tensor3d(values, [streams.length, streams[0]?.length ?? 0, width]);
}
