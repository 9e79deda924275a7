// A small English of 25 words, in which the form of a verb is settled by a noun some words before it and the pronoun
// after "because" by the same noun's gender and number: the N [PREP the N]{0,2} V (often) [because PRONOUN V] "."
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { seededRandom, tf } from '../kernel/lstm/index.ts';

type Gender = 'he' | 'she';
/** [singular, plural]. */
type Forms = readonly [string, string];

const NOUNS: Readonly<Record<Gender, readonly Forms[]>> = {
  he: [
    ['king', 'kings'],
    ['boy', 'boys'],
    ['uncle', 'uncles'],
  ],
  she: [
    ['queen', 'queens'],
    ['girl', 'girls'],
    ['aunt', 'aunts'],
  ],
};
const VERBS: readonly Forms[] = [
  ['sings', 'sing'],
  ['waits', 'wait'],
];
const PREPOSITIONS = ['near', 'behind'] as const;

export const WORDS: readonly string[] = [
  ...['the', 'often', 'because', 'he', 'she', 'they', '.'],
  ...PREPOSITIONS,
  ...Object.values(NOUNS).flat(2),
  ...VERBS.flat(),
];

/** A place where the subject settles the next word. */
export interface Question {
  readonly about: 'number' | 'gender';
  readonly row: number;
  /** Of the word before the one asked for. */
  readonly step: number;
  readonly right: string;
  readonly wrong: string;
  /** What settles it: the subject's number or gender. */
  readonly answer: 'singular' | 'plural' | Gender;
  /** Nouns between the subject and its verb. */
  readonly attractors: number;
  /** Whether they all share what is asked about with the subject (true), none does (false), or some do (null). */
  readonly congruent: boolean | null;
}

const OTHER = { he: 'she', she: 'he' } as const;

interface Noun {
  readonly gender: Gender;
  readonly isPlural: boolean;
  readonly word: string;
}

interface Sentence {
  readonly words: readonly string[];
  /** `step` within the sentence. */
  readonly questions: readonly Omit<Question, 'row'>[];
}

function sentence(random: () => number): Sentence {
  const pick = <One>(all: readonly One[]): One => all[Math.floor(random() * all.length)]!;
  const noun = (): Noun => {
    const [gender, isPlural] = [pick<Gender>(['he', 'she']), random() < 0.5];
    return { gender, isPlural, word: pick(NOUNS[gender])[+isPlural]! };
  };
  const subject = noun();
  const others = Array.from({ length: Math.floor(3 * random()) }, noun);
  const words = ['the', subject.word, ...others.flatMap(({ word }) => [pick(PREPOSITIONS), 'the', word])];
  const { gender, isPlural } = subject;
  const ask = (
    asked: Pick<Question, 'about' | 'answer' | 'right' | 'wrong'>,
    same: (other: Noun) => boolean,
  ): Omit<Question, 'row'> => {
    const congruent = others.every(same) ? true : others.some(same) ? null : false;
    return { ...asked, step: words.length - 1, attractors: others.length, congruent };
  };
  const verb = pick(VERBS);
  const [right, wrong] = [verb[+isPlural]!, verb[+!isPlural]!];
  const number = { about: 'number', answer: isPlural ? 'plural' : 'singular', right, wrong } as const;
  const questions = [ask(number, other => other.isPlural === isPlural)];
  words.push(right);
  if (random() < 0.3) words.push('often');
  if (random() < 0.9) {
    words.push('because');
    const pronoun = { about: 'gender', answer: gender, right: gender, wrong: OTHER[gender] } as const;
    if (!isPlural) questions.push(ask(pronoun, other => other.gender === gender));
    words.push(isPlural ? 'they' : gender, pick(VERBS)[+isPlural]!);
  }
  return { words: [...words, '.'], questions };
}

const INDEX = new Map(WORDS.map((word, at) => [word, at]));

/** Streams of sentences as a batch to learn from: one-hot [B, T, 25], and each step's next word, [B, T]. */
export function language(steps: number, streams: number, seed: number) {
  const random = seededRandom(seed);
  const questions: Question[] = [];
  const rows = Array.from({ length: streams }, (_, row) => {
    const words: string[] = [];
    while (words.length <= steps) {
      const one = sentence(random);
      const from = words.length;
      for (const asked of one.questions)
        if (from + asked.step < steps) questions.push({ ...asked, row, step: from + asked.step });
      words.push(...one.words);
    }
    return words.map(word => INDEX.get(word)!);
  });
  const inputs = rows.map(row => row.slice(0, steps));
  const next = rows.map(row => row.slice(1, steps + 1));
  const x = tf.tidy(() => tf.oneHot(tf.tensor2d(inputs, [streams, steps], 'int32'), WORDS.length).toFloat());
  return { x: x as Tensor3D, y: tf.tensor2d(next, [streams, steps], 'int32'), questions };
}

/** Share of `questions` in which the right word is likelier than the wrong one; NaN of none. */
export function accuracy(output: Tensor, questions: readonly Question[]): number {
  const [, steps, words] = output.shape as [number, number, number];
  const chances = output.dataSync();
  const of = ({ row, step }: Question, word: string) =>
    chances[(row * steps + step) * words + INDEX.get(word)!]!;
  return questions.filter(one => of(one, one.right) > of(one, one.wrong)).length / questions.length;
}
