// The grammar of lesson 5: sentences whose verb takes its form from the subject, with other nouns in between.
// English asks for number (the keys to the cabinet fall), Korean for the honorific -시- of the subject
// (할머니는 오늘 동생을 기다리신다). That one is etiquette and no grammar, but the problem is the same.
import type { Language } from '../protocol.ts';
import { endsInConsonant } from './grammar.ts';

/** What a word does in its sentence; one input of the network each, in this order. */
export const AGREEMENT_ROLES = ['subject', 'other noun', 'modifier', 'link', 'verb', 'stop'] as const;
export type AgreementRole = (typeof AGREEMENT_ROLES)[number];

/** 0: singular, or a subject without -시-. 1: plural, or one with it. */
export type Form = 0 | 1;
type ByForm<Value> = readonly [Value, Value];

export interface AgreementGrammar {
  readonly forms: ByForm<string>;
  readonly nouns: ByForm<readonly string[]>;
  readonly verbs: ByForm<readonly string[]>;
  /** Words before a noun, none to two of them, in this order. */
  readonly modifiers: readonly string[];
  /** Stands before them all, where a language has one. */
  readonly article: string | null;
  /** Words that lead on to another noun: prepositions, in Korean adverbs. In this order. */
  readonly links: readonly string[];
  readonly showSubject: (noun: string) => string;
  /** Ways to show a noun in between; any where it stands before the verb, else the last. */
  readonly showOther: readonly ((noun: string) => string)[];
}

const particle = (noun: string, afterConsonant: string, afterVowel: string): string =>
  noun + (endsInConsonant(noun) ? afterConsonant : afterVowel);

/** The verbs keep their form for an object one respects; 보다 or 주다 would not (뵙다, 드리다). */
const KOREAN: AgreementGrammar = {
  forms: ['보통', '높임'],
  nouns: [
    ['동생', '친구', '아이'],
    ['할머니', '할아버지', '선생님'],
  ],
  verbs: [
    ['기다린다', '찾는다', '따라간다'],
    ['기다리신다', '찾으신다', '따라가신다'],
  ],
  modifiers: ['그', '다정한', '옆집'],
  article: null,
  links: ['오늘', '다시', '조용히'],
  showSubject: noun => particle(noun, '은', '는'),
  showOther: [noun => particle(noun, '을', '를'), noun => particle(noun, '과', '와')],
};

const ENGLISH: AgreementGrammar = {
  forms: ['singular', 'plural'],
  nouns: [
    ['key', 'cabinet', 'picture'],
    ['keys', 'cabinets', 'pictures'],
  ],
  verbs: [
    ['falls', 'breaks', 'stays'],
    ['fall', 'break', 'stay'],
  ],
  modifiers: ['old', 'red'],
  article: 'the',
  links: ['to', 'near', 'behind'],
  showSubject: noun => `${noun}/S`,
  showOther: [noun => `${noun}/O`],
};

export const AGREEMENT_GRAMMARS: Readonly<Record<Language, AgreementGrammar>> = { ko: KOREAN, en: ENGLISH };

/** All words in the order of the network's inputs: nouns, verbs, modifiers, links, full stop. */
export function agreementWords(grammar: AgreementGrammar): readonly string[] {
  const { nouns, verbs, article, modifiers, links } = grammar;
  const before = article === null ? modifiers : [article, ...modifiers];
  return [...nouns.flat(), ...verbs.flat(), ...before, ...links, '.'];
}

/** The form that a noun asks of its verb, or that a verb has; null for other words. */
export function formOf({ nouns, verbs }: AgreementGrammar, word: string): Form | null {
  if (nouns[0].includes(word) || verbs[0].includes(word)) return 0;
  return nouns[1].includes(word) || verbs[1].includes(word) ? 1 : null;
}
