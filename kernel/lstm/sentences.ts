// Generated sentences for the lessons: an unbroken stream in which one is always spoken of, seeded so that
// everybody sees the same words. At each full stop the network is asked which pronoun comes next.
import type { Language } from '../protocol.ts';
import { GRAMMARS, type Grammar, ROLES, type Role, STOP, vocabulary } from './grammar.ts';
import { currentLanguage } from './language.ts';

/** Where a word stands, told apart as finely as the lessons ask. */
export type Place = 'new subject' | 'pronoun' | 'object' | 'verb' | 'adverb' | 'stop';

export interface Token {
  /** As shown: with its particle in Korean, with its tag in English. */
  readonly text: string;
  readonly word: string;
  readonly role: Role;
  readonly place: Place;
  /** Index of the kind (she, he, it) spoken of from here on. */
  readonly kind: number;
}

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

/** Chance that a sentence has a new subject instead of the pronoun of the current one. */
const NEW_SUBJECT = 0.4;

/** One stream of `steps` words; its first sentence always has a new subject, its last may be cut off. */
export function stream(grammar: Grammar, steps: number, random: () => number): Token[] {
  const tokens: Token[] = [];
  let current: { readonly kind: number; readonly noun: string } | null = null;
  while (tokens.length < steps) {
    const isNew: boolean = current === null || random() < NEW_SUBJECT;
    if (isNew || current === null) current = pickNoun(grammar, random, current?.noun);
    const { kind, noun } = current;
    const subject = isNew ? noun : grammar.kinds[kind]!.pronoun;
    const token = (word: string, role: Role, place: Place): Token => ({
      text: grammar.show(word, role),
      word,
      role,
      place,
      kind,
    });
    const object = random() < 0.5 ? [token(pickNoun(grammar, random, noun).noun, 'object', 'object')] : [];
    const verb = token(pick(grammar.verbs, random), 'verb', 'verb');
    tokens.push(
      token(subject, 'subject', isNew ? 'new subject' : 'pronoun'),
      ...pickAdverbs(grammar, random).map(word => token(word, 'adverb', 'adverb')),
      ...(grammar.objectLast ? [verb, ...object] : [...object, verb]),
      token(STOP, 'stop', 'stop'),
    );
  }
  return tokens.slice(0, steps);
}

function pickNoun(grammar: Grammar, random: () => number, except?: string) {
  const all = grammar.kinds.flatMap(({ nouns }, kind) => nouns.map(noun => ({ kind, noun })));
  return pick(
    all.filter(({ noun }) => noun !== except),
    random,
  );
}

/** None, one or two different adverbs, equally likely. */
function pickAdverbs(grammar: Grammar, random: () => number): string[] {
  const first = Math.floor(random() * grammar.adverbs.length);
  const rotated = [...grammar.adverbs.slice(first), ...grammar.adverbs.slice(0, first)];
  return rotated.slice(0, Math.floor(random() * 3));
}

function pick<T>(choices: readonly T[], random: () => number): T {
  return choices[Math.floor(random() * choices.length)]!;
}
