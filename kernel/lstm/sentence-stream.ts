// Streams of words from the lessons' grammar: drawn at random from a seed, or read from what a learner typed.
// One is always spoken of; a sentence may bring a new subject or speak on of the current one by its pronoun.

import { suggestion } from '../near-names.ts';
import { type Grammar, ROLES, type Role, STOP } from './grammar.ts';

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

/** None, one or two different adverbs, equally likely, in the order in which the grammar names them. */
function pickAdverbs(grammar: Grammar, random: () => number): string[] {
  const count = Math.floor(random() * 3);
  const chosen = [...grammar.adverbs];
  while (chosen.length > count) chosen.splice(Math.floor(random() * chosen.length), 1);
  return chosen;
}

function pick<T>(choices: readonly T[], random: () => number): T {
  return choices[Math.floor(random() * choices.length)]!;
}

/** The two inputs that are 1 at this token: its word and, after all words, its role. */
export function inputsOf(words: readonly string[], { word, role }: Token): readonly [number, number] {
  return [words.indexOf(word), words.length + ROLES.indexOf(role)];
}

/** What is asked at step t: the kind whose pronoun comes next after a full stop, else -1. */
export function answerAt(tokens: readonly Token[], t: number): number {
  const next = tokens[t + 1];
  return tokens[t]?.place === 'stop' && next?.place === 'pronoun' ? next.kind : -1;
}

/** Reads words as the sentences show them. @throws RangeError naming the first word that is not one of them */
export function readTokens(grammar: Grammar, text: string): Token[] {
  const words = shownWords(grammar);
  const shown = words.toSorted((a, b) => b.text.length - a.text.length); // so that none hides a longer one
  const tokens: Token[] = [];
  let rest = text.trim();
  let kind = 0;
  while (rest !== '') {
    const known = shown.find(({ text: word }) => rest === word || rest.startsWith(`${word} `));
    if (!known) throw unknownWord(rest.split(/\s/)[0]!, words);
    if (known.role === 'subject') kind = known.kind;
    tokens.push({ ...known, kind });
    rest = rest.slice(known.text.length).trimStart();
  }
  return tokens;
}

/** Says which words one may have meant, else all there are. */
export function unknownWord(word: string, known: readonly { readonly text: string }[]): RangeError {
  if (word.length > 1 && word.endsWith(STOP))
    return new RangeError(`Cannot read '${word}': put a space before the full stop`);
  const words = known.map(({ text }) => text);
  const meant = suggestion(word, words);
  return new RangeError(
    meant
      ? `Cannot read '${word}': it is none of the words${meant}`
      : `Cannot read '${word}': it is none of the words ${words.join(', ')}`,
  );
}

/** Every word in every role it can have. */
function shownWords(grammar: Grammar): Token[] {
  const token = (word: string, role: Role, place: Place, kind = 0): Token => ({
    text: grammar.show(word, role),
    word,
    role,
    place,
    kind,
  });
  const named = grammar.kinds.flatMap(({ pronoun, nouns }, kind) => [
    token(pronoun, 'subject', 'pronoun', kind),
    ...nouns.flatMap(noun => [
      token(noun, 'subject', 'new subject', kind),
      token(noun, 'object', 'object', kind),
    ]),
  ]);
  return [
    ...named,
    ...grammar.verbs.map(verb => token(verb, 'verb', 'verb')),
    ...grammar.adverbs.map(adverb => token(adverb, 'adverb', 'adverb')),
    token(STOP, 'stop', 'stop'),
  ];
}
