// `sentences({...})`: the lessons' data as tensors, with the words kept beside them. At a full stop after which
// a pronoun comes the network is asked which; everywhere else nothing is asked.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Language } from '../protocol.ts';
import { GRAMMARS, type Grammar, ROLES, vocabulary } from './grammar.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { currentLanguage } from './language.ts';
import { seededRandom } from './random.ts';
import { answerAt, inputsOf, type Place, readTokens, stream, type Token } from './sentence-stream.ts';
import { tf } from './tf.ts';

/** What streams `sentences` makes. */
export interface SentenceOptions {
  /** Words in each stream, 1 or more. */
  readonly steps: number;
  /** How many streams stand side by side, 1 unless given. */
  readonly streams?: number;
  /** Same seed, same words. */
  readonly seed: number;
  /** 'ko' or 'en'; the notebook's unless given. */
  readonly language?: Language;
}

const OPTIONS: Every<SentenceOptions> = { steps: true, streams: true, seed: true, language: true };

/** B streams of T words, as words and as tensors. Dispose it, or let the cell's end do so. */
export class Sentences {
  /** Words as shown, [B][T]. */
  readonly tokens: readonly (readonly string[])[];
  /** Where each word stands, [B][T]. */
  readonly places: readonly (readonly Place[])[];
  /** Index of the kind spoken of from each word on (0 she, 1 he, 2 it), [B][T]. */
  readonly kinds: readonly (readonly number[])[];
  /** Two-hot input, [B, T, 25]: one of 20 words and one of 5 roles. */
  readonly x: Tensor3D;
  /** Which pronoun follows (0 she, 1 he, 2 it) where one is asked for, else -1. int32 [B, T]. */
  readonly y: Tensor2D;
  readonly pronouns: readonly string[];
  readonly #answers: Int32Array;

  constructor(grammar: Grammar, streams: readonly (readonly Token[])[]) {
    const steps = streams[0]?.length ?? 0;
    this.tokens = streams.map(tokens => tokens.map(({ text }) => text));
    this.places = streams.map(tokens => tokens.map(({ place }) => place));
    this.kinds = streams.map(tokens => tokens.map(({ kind }) => kind));
    this.pronouns = grammar.kinds.map(({ pronoun }) => grammar.show(pronoun, 'subject'));
    this.x = tf.tensor3d(twoHot(grammar, streams.flat()), [streams.length, steps, inputWidth(grammar)]);
    this.#answers = Int32Array.from(streams.flatMap(tokens => tokens.map((_, t) => answerAt(tokens, t))));
    this.y = tf.tensor2d(this.#answers, [streams.length, steps], 'int32');
  }

  /** The words of one stream; after a full stop the pronoun that is asked for, in brackets. */
  text(streamIndex = 0): string {
    const tokens = this.tokens[streamIndex] ?? [];
    const asked = (t: number) => this.pronouns[this.#answers[streamIndex * tokens.length + t] ?? -1];
    return tokens.map((token, t) => (asked(t) ? `${token} [${asked(t)}?]` : token)).join(' ');
  }

  /** Whether the word at a step of a stream stands at one of these places: for `meanWhere` of a trace. */
  at(...places: readonly Place[]): (step: number, row: number) => boolean {
    return (step, row) => {
      const place = this.places[row]?.[step];
      return place !== undefined && places.includes(place);
    };
  }

  /** Share of the asked pronouns that the network's output [B, T, 3] gets right, 0 to 1. */
  accuracy(output: Tensor | Tensor[]): number {
    const probabilities = Array.isArray(output) ? output[0] : output;
    const shape = [...this.y.shape, this.pronouns.length];
    if (probabilities?.shape.join() !== shape.join())
      throw new RangeError(
        `Cannot tell the accuracy of an output of shape [${probabilities?.shape}]: expected [${shape}]`,
      );
    const best = tf.tidy(() => probabilities.argMax(-1).dataSync());
    let right = 0;
    let asked = 0;
    for (const [index, answer] of this.#answers.entries()) {
      if (answer < 0) continue;
      asked++;
      if (best[index] === answer) right++;
    }
    return right / asked;
  }

  dispose(): void {
    this.x.dispose();
    this.y.dispose();
  }
}

/**
 * Streams of the lessons' sentences.
 * @throws RangeError for an unknown option, or when steps or streams is not a whole number of at least 1
 * @example
 * ```ts
 * import { sentences } from 'gatebook';
 * const data = sentences({ steps: 40, streams: 2, seed: 1, language: 'en' });
 * data.x.shape; // [2, 40, 25]
 * data.pronouns.length; // 3
 * console.log(data.text(0));
 * ```
 */
export function sentences(options: SentenceOptions): Sentences {
  rejectUnknown('make sentences', options, OPTIONS);
  const { steps, streams = 1, seed, language } = options;
  for (const [name, value] of Object.entries({ steps, streams }))
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`Cannot make sentences: ${name} is ${value}, expected a whole number from 1`);
  const grammar = GRAMMARS[language ?? currentLanguage()];
  const random = seededRandom(seed);
  return new Sentences(
    grammar,
    Array.from({ length: streams }, () => stream(grammar, steps, random)),
  );
}

/** One stream of words that the learner typed, as they are shown. @throws RangeError for an unknown word */
sentences.from = (text: string, language?: Language): Sentences => {
  const grammar = GRAMMARS[language ?? currentLanguage()];
  return new Sentences(grammar, [readTokens(grammar, text)]);
};

function inputWidth(grammar: Grammar): number {
  return vocabulary(grammar).length + ROLES.length;
}

function twoHot(grammar: Grammar, tokens: readonly Token[]): Float32Array {
  const width = inputWidth(grammar);
  const words = vocabulary(grammar);
  const values = new Float32Array(tokens.length * width);
  for (const [index, token] of tokens.entries())
    for (const input of inputsOf(words, token)) values[index * width + input] = 1;
  return values;
}
