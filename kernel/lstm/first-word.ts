// `firstWord({...})`: the data of lesson 0. The first word is one of two colours, then comes weather of no
// importance, and at the end "?" asks for the colour: the first word must be remembered over `lag` steps.
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import type { Language } from '../protocol.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { currentLanguage } from './language.ts';
import { seededRandom } from './random.ts';
import { tf } from './tf.ts';

/** Seven inputs, one a word, in this order: two colours, four kinds of weather, the question. */
const WORDS: Readonly<Record<Language, readonly string[]>> = {
  ko: ['빨강', '파랑', '비', '눈', '바람', '구름', '?'],
  en: ['red', 'blue', 'rain', 'snow', 'wind', 'cloud', '?'],
};
const COLOURS = 2;
const WEATHER = 4;
const ASK = COLOURS + WEATHER;

/** What sequences `firstWord` makes. */
export interface FirstWordOptions {
  /** Steps from the first word to the question, 1 or more. */
  readonly lag: number;
  /** How many sequences stand side by side, 1 unless given. */
  readonly streams?: number;
  /** Same seed, same words. */
  readonly seed: number;
  /** 'ko' or 'en'; the notebook's unless given. */
  readonly language?: Language;
}

const OPTIONS: Every<FirstWordOptions> = { lag: true, streams: true, seed: true, language: true };

/** B sequences of T = lag + 1 words, as words and as tensors. */
export class FirstWord {
  /** Words as shown, [B][T]. */
  readonly tokens: readonly (readonly string[])[];
  /** One-hot input, [B, T, 7]. */
  readonly x: Tensor3D;
  /** Which colour came first, [B]: 0 red, 1 blue. Asked at the last step alone. */
  readonly y: readonly number[];

  /** @param words numbers of words, [B][T] */
  constructor(words: readonly (readonly number[])[], language: Language) {
    this.tokens = words.map(row => row.map(word => WORDS[language][word]!));
    this.y = words.map(row => row[0]!);
    this.x = tf.tidy(() =>
      tf.oneHot(tf.tensor2d(words as number[][], undefined, 'int32'), ASK + 1).cast('float32'),
    );
  }

  /** The words of one sequence. */
  text(stream = 0): string {
    return (this.tokens[stream] ?? []).join(' ');
  }

  /** Share of the sequences whose colour the network's output [B, 2] gets right, 0 to 1. */
  accuracy(output: Tensor | Tensor[]): number {
    const scores = Array.isArray(output) ? output[0] : output;
    if (scores?.shape.join() !== `${this.y.length},${COLOURS}`)
      throw new RangeError(
        `Cannot tell the accuracy of an output of shape [${scores?.shape}]: expected [${this.y.length},${COLOURS}]`,
      );
    const best = tf.tidy(() => scores.argMax(-1).dataSync());
    return this.y.filter((colour, row) => best[row] === colour).length / this.y.length;
  }

  dispose(): void {
    this.x.dispose();
  }
}

/**
 * Sequences that begin with red or blue, evenly by chance.
 * @throws RangeError for an unknown option, or when lag or streams is not a whole number of at least 1
 */
export function firstWord(options: FirstWordOptions): FirstWord {
  rejectUnknown('make sequences', options, OPTIONS);
  const { lag, streams = 1, seed, language } = options;
  for (const [name, value] of Object.entries({ lag, streams }))
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`Cannot make sequences: ${name} is ${value}, expected a whole number from 1`);
  const random = seededRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const sequence = () => [
    below(COLOURS),
    ...Array.from({ length: lag - 1 }, () => COLOURS + below(WEATHER)),
    ASK,
  ];
  return new FirstWord(Array.from({ length: streams }, sequence), language ?? currentLanguage());
}
