// The grammar of the lessons' sentences, in Korean and in English: which words there are, in which order,
// and how one role of a word is shown. Korean says the role aloud by a particle (수진이, 수진을); English
// says it by order alone, so its tokens carry a tag (Emma/S, Emma/O), as corpora do.
import type { Language } from '../protocol.ts';

/** What a word does in its sentence; one input of the network each, in this order. */
export const ROLES = ['subject', 'object', 'verb', 'adverb', 'stop'] as const;
export type Role = (typeof ROLES)[number];

/** Nouns spoken of by one pronoun. */
export interface Kind {
  readonly pronoun: string;
  readonly nouns: readonly string[];
}

export interface Grammar {
  readonly kinds: readonly Kind[];
  readonly verbs: readonly string[];
  readonly adverbs: readonly string[];
  /** Whether the object stands after the verb (English) or before it (Korean). */
  readonly objectLast: boolean;
  /** The word as the sentence shows it in that role. */
  readonly show: (word: string, role: Role) => string;
}

export const STOP = '.';

const KOREAN: Grammar = {
  kinds: [
    { pronoun: '그녀', nouns: ['영희', '수진', '미나'] },
    { pronoun: '그', nouns: ['민수', '준호', '철수'] },
    { pronoun: '그것', nouns: ['고양이', '새', '개'] },
  ],
  verbs: ['본다', '찾는다', '부른다', '따라간다'],
  adverbs: ['여전히', '자주', '조용히'],
  objectLast: false,
  show: (word, role) => {
    if (role === 'subject') return word + (endsInConsonant(word) ? '이' : '가');
    if (role === 'object') return word + (endsInConsonant(word) ? '을' : '를');
    return word;
  },
};

const ENGLISH: Grammar = {
  kinds: [
    { pronoun: 'she', nouns: ['Emma', 'Alice', 'Mary'] },
    { pronoun: 'he', nouns: ['Tom', 'Jack', 'Paul'] },
    { pronoun: 'it', nouns: ['cat', 'bird', 'dog'] },
  ],
  verbs: ['watches', 'follows', 'calls', 'visits'],
  adverbs: ['still', 'often', 'quietly'],
  objectLast: true,
  show: (word, role) => {
    if (role === 'subject') return `${word}/S`;
    return role === 'object' ? `${word}/O` : word;
  },
};

export const GRAMMARS: Readonly<Record<Language, Grammar>> = { ko: KOREAN, en: ENGLISH };

/** All words in the order of the network's inputs: nouns by kind, pronouns, verbs, adverbs, full stop. */
export function vocabulary(grammar: Grammar): readonly string[] {
  const nouns = grammar.kinds.flatMap(kind => kind.nouns);
  const pronouns = grammar.kinds.map(kind => kind.pronoun);
  return [...nouns, ...pronouns, ...grammar.verbs, ...grammar.adverbs, STOP];
}

/** A Hangul syllable is 0xAC00 + (initial · 21 + vowel) · 28 + final consonant; 0 means none (Unicode 3.12). */
export function endsInConsonant(word: string): boolean {
  return (word.charCodeAt(word.length - 1) - 0xac00) % 28 !== 0;
}
