// Streams of words from lesson 5's grammar, drawn at random from a seed or read from what a learner typed,
// and the questions in them: which form does the verb take that comes next?
import {
  type AgreementGrammar,
  type AgreementRole,
  agreementWords,
  type Form,
  formOf,
} from './agreement-grammar.ts';
import { unknownWord } from './sentence-stream.ts';

export interface AgreementToken {
  /** As shown: with its particle in Korean, with its tag in English. */
  readonly text: string;
  readonly word: string;
  readonly role: AgreementRole;
}

/** A verb comes next, and its form is asked for. */
export interface Question {
  readonly row: number;
  /** The step before the verb. */
  readonly step: number;
  /** The right form: that of the subject. */
  readonly form: Form;
  /** Nouns between subject and verb that ask for the other form. */
  readonly attractors: number;
  /** Whether the noun right before the verb is one of them. */
  readonly incongruent: boolean;
}

/** One stream of `steps` words; its last sentence may be cut off. */
export function agreementStream(
  grammar: AgreementGrammar,
  steps: number,
  random: () => number,
): AgreementToken[] {
  const tokens: AgreementToken[] = [];
  while (tokens.length < steps) tokens.push(...sentence(grammar, random));
  return tokens.slice(0, steps);
}

function sentence(grammar: AgreementGrammar, random: () => number): AgreementToken[] {
  const form: Form = random() < 0.5 ? 0 : 1;
  const subject = pick(grammar.nouns[form], random);
  const tokens = [...modifiers(grammar, random), token(grammar.showSubject(subject), subject, 'subject')];
  const used = [stem(subject)];
  const links = some(grammar.links, Math.floor(random() * 3), random);
  for (const [at, link] of links.entries()) {
    const nouns = grammar.nouns[random() < 0.5 ? 0 : 1].filter(noun => !used.includes(stem(noun)));
    const noun = pick(nouns, random);
    used.push(stem(noun));
    const { showOther } = grammar;
    const show = at === links.length - 1 ? pick(showOther, random) : showOther.at(-1)!;
    tokens.push(
      token(link, link, 'link'),
      ...modifiers(grammar, random),
      token(show(noun), noun, 'other noun'),
    );
  }
  const verb = pick(grammar.verbs[form], random);
  return [...tokens, token(verb, verb, 'verb'), token('.', '.', 'stop')];
}

function modifiers({ article, modifiers }: AgreementGrammar, random: () => number): AgreementToken[] {
  const words = some(modifiers, Math.floor(random() * 3), random);
  return (article === null ? words : [article, ...words]).map(word => token(word, word, 'modifier'));
}

function token(text: string, word: string, role: AgreementRole): AgreementToken {
  return { text, word, role };
}

/** Key and keys are one thing: no sentence speaks of the keys to the key. */
function stem(noun: string): string {
  return noun.replace(/s$/, '');
}

function pick<T>(choices: readonly T[], random: () => number): T {
  return choices[Math.floor(random() * choices.length)]!;
}

/** `count` different ones, in their order. */
function some<T>(choices: readonly T[], count: number, random: () => number): T[] {
  const chosen = [...choices];
  while (chosen.length > count) chosen.splice(Math.floor(random() * chosen.length), 1);
  return chosen;
}

/** The questions of one stream, in order. A verb before which no subject was seen asks nothing. */
export function questionsOf(
  grammar: AgreementGrammar,
  tokens: readonly AgreementToken[],
  row: number,
): Question[] {
  const questions: Question[] = [];
  let nouns: (Form | null)[] = [];
  for (const [at, { word, role }] of tokens.entries()) {
    if (role === 'subject') nouns = [formOf(grammar, word)];
    else if (role === 'other noun' && nouns.length > 0) nouns.push(formOf(grammar, word));
    else if (role === 'stop') nouns = [];
    const form = nouns[0];
    if (tokens[at + 1]?.role !== 'verb' || form === undefined || form === null) continue;
    const attractors = nouns.filter(other => other !== form).length;
    questions.push({ row, step: at, form, attractors, incongruent: nouns.at(-1) !== form });
  }
  return questions;
}

/** Reads words as the sentences show them. @throws RangeError naming the first word that is not one of them */
export function readAgreement(grammar: AgreementGrammar, text: string): AgreementToken[] {
  const known = shownWords(grammar);
  return text
    .trim()
    .split(/\s+/)
    .map(shown => {
      const found = known.find(({ text }) => text === shown);
      if (found) return found;
      throw unknownWord(shown, known);
    });
}

/** Every word in every role it can have. */
function shownWords(grammar: AgreementGrammar): AgreementToken[] {
  const nouns = grammar.nouns.flat();
  const roleOf = (word: string): AgreementRole => {
    if (word === '.') return 'stop';
    if (grammar.verbs.flat().includes(word)) return 'verb';
    return grammar.links.includes(word) ? 'link' : 'modifier';
  };
  return [
    ...nouns.flatMap(noun => [
      token(grammar.showSubject(noun), noun, 'subject'),
      ...grammar.showOther.map(show => token(show(noun), noun, 'other noun')),
    ]),
    ...agreementWords(grammar)
      .filter(word => !nouns.includes(word))
      .map(word => token(word, word, roleOf(word))),
  ];
}
