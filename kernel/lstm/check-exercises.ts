// The lessons' exercises: what counts as solved, what a wrong value means, hints in stages, a solution.
// Each judges numbers alone, so that any way of computing them is as good as ours.
import type { Language } from '../protocol.ts';
import { BASIC_EXERCISES, BASIC_PREDICTIONS } from './exercises/basic-structure.ts';
import { CELL_STATE_EXERCISES, CELL_STATE_PREDICTIONS } from './exercises/cell-state.ts';
import { UPDATE_EXERCISES, UPDATE_PREDICTIONS } from './exercises/cell-state-update.ts';
import { INPUT_EXERCISES, INPUT_PREDICTIONS } from './exercises/input-gate.ts';
import { OUTPUT_EXERCISES, OUTPUT_PREDICTIONS } from './exercises/output-gate.ts';

export type Words = Readonly<Record<Language, string>>;

export interface Exercise {
  /** Said while nothing was tried. */
  readonly task: Words;
  /** The value that the untouched cell gives, where it gives one. */
  readonly untouched?: readonly number[];
  /** What is wrong with the value, or null when it is right. The values are finite. */
  readonly wrong: (values: readonly number[], shape: readonly number[]) => Words | null;
  /** What NaN among the values comes from, where that can be told. */
  readonly nan?: Words;
  /** What the right values show, said before the praise. */
  readonly seen?: (values: readonly number[]) => Words;
  /** From a nudge to nearly the answer; as many in both languages. */
  readonly hints: Readonly<Record<Language, readonly string[]>>;
  readonly solution: Words;
  readonly praise: Words;
}

const number = (value: number): string => value.toFixed(3).replace('-', '−');

/** Lesson 2: weights of a forget gate written by hand. Values: f at a verb, at a pronoun, at a new subject. */
const forgetByHand: Exercise = {
  task: {
    ko: 'weights의 세 수 [b, 주어, 대명사]를 바꾸고 셀을 다시 실행해 보세요.',
    en: 'Change the three numbers in weights, [b, subject, pronoun], and run the cell again.',
  },
  untouched: [0.5, 0.5, 0.5],
  nan: {
    ko: 'weights에는 수가 세 개 있어야 합니다: [b, 주어, 대명사].',
    en: 'weights needs three numbers: [b, subject, pronoun].',
  },
  wrong: (values, shape) => {
    const [verb, pronoun, newSubject] = values;
    if (values.length !== 3 || verb === undefined || pronoun === undefined || newSubject === undefined)
      return {
        ko: `f 값 세 개가 필요한데 모양이 [${shape}]입니다.`,
        en: `Three values of f are needed; the shape is [${shape}].`,
      };
    if (values.some(value => value < 0 || value > 1))
      return {
        ko: `f는 0과 1 사이여야 하는데 ${values.map(number).join(', ')}입니다. σ를 통과시켰나요?`,
        en: `f lies between 0 and 1, but these are ${values.map(number).join(', ')}. Did they go through σ?`,
      };
    if (verb < 0.95)
      return {
        ko: `동사에서 f = ${number(verb)}입니다. 주어가 아닌 단어에서는 0.95보다 커야 합니다.`,
        en: `At a verb f = ${number(verb)}. At words that are no subject it should be above 0.95.`,
      };
    if (newSubject > 0.05)
      return {
        ko: `새 주어에서 f = ${number(newSubject)}입니다. 0.05보다 작아야 옛 주어를 버립니다.`,
        en: `At a new subject f = ${number(newSubject)}. Below 0.05 the old subject is dropped.`,
      };
    if (pronoun < 0.95)
      return {
        ko: `대명사에서 f = ${number(pronoun)}입니다. 대명사는 새 주어가 아니므로 0.95보다 커야 합니다.`,
        en: `At a pronoun f = ${number(pronoun)}. It is no new subject: above 0.95 is wanted.`,
      };
    return null;
  },
  hints: {
    ko: [
      '동사에는 주어도 대명사도 없으므로 f = σ(b)입니다. σ(3)은 약 0.95입니다.',
      '새 주어에서는 f = σ(b + 주어)입니다. 이 합이 −3보다 작아지게 해 보세요.',
      '대명사에서는 f = σ(b + 주어 + 대명사)입니다. 대명사의 가중치가 주어의 가중치를 되돌려 놓아야 합니다.',
    ],
    en: [
      'A verb is neither subject nor pronoun, so f = σ(b) there. σ(3) is about 0.95.',
      'At a new subject f = σ(b + subject). Bring this sum below −3.',
      'At a pronoun f = σ(b + subject + pronoun). The weight of the pronoun has to undo that of the subject.',
    ],
  },
  solution: {
    ko: '예를 들어 [5, −10, 10]: 동사 σ(5) ≈ 0.993, 대명사 σ(5) ≈ 0.993, 새 주어 σ(−5) ≈ 0.007.',
    en: 'For example [5, −10, 10]: verb σ(5) ≈ 0.993, pronoun σ(5) ≈ 0.993, new subject σ(−5) ≈ 0.007.',
  },
  praise: {
    ko: '이 게이트는 새 주어에서만 닫힙니다. 이런 가중치를 학습이 스스로 찾는지 이제 보겠습니다.',
    en: 'This gate closes at a new subject only. Now see whether training finds such weights by itself.',
  },
};

/** Lesson 2: a stream of the learner's own. Values: f of the one-unit network at each of its words. */
const forgetThreeTimes: Exercise = {
  task: {
    ko: 'mine에 문장을 적고 셀을 다시 실행해 보세요. 단어 사이와 마침표 앞을 띄어 씁니다.',
    en: 'Write sentences into mine and run the cell again, with a space between words and before each full stop.',
  },
  wrong: (values, shape) => {
    if (shape.length > 1 && shape.slice(1).some(size => size !== 1))
      return {
        ko: `유닛 한 개, 문장 흐름 한 개의 f가 필요한데 모양이 [${shape}]입니다.`,
        en: `f of one unit on one stream is needed; the shape is [${shape}].`,
      };
    const closed = closings(values);
    if (closed.length === 3) return null;
    const which = closed.length === 0 ? '' : ` (${closed.join(', ')})`;
    return {
      ko: `f가 0.2 아래로 내려간 단어는 ${values.length}개 중 ${closed.length}개${which}입니다. 정확히 세 개여야 합니다.`,
      en: `f fell below 0.2 at ${closed.length} of ${values.length} words${which}. Exactly three are wanted.`,
    };
  },
  seen: values => ({
    ko: `게이트는 ${closings(values).join(', ')}번째 단어에서 닫혔습니다.`,
    en: `The gate closed at words ${closings(values).join(', ')}.`,
  }),
  hints: {
    ko: [
      '이름이 주어로 올 때마다 한 번 닫힙니다. 앞에 나온 이름이나 앞과 같은 종류라도 그렇습니다. 목적어로 나온 이름은 아무리 많아도 닫지 못합니다.',
      '문장마다 주어가 하나이고, 첫 단어도 셉니다. 이름이 주어인 문장 셋이면 됩니다.',
      '대명사도 셀 수 있습니다. 신경망이 c ≈ 0으로 적은 종류라면 그 대명사에서도 닫힙니다. 대명사 없이 이름만 써 보세요.',
    ],
    en: [
      'It closes each time a name comes as a subject, even one of the same kind or one that came before. Names as objects, however many, do not close it.',
      'Each sentence has one subject, and the first word counts too. Three sentences with a name as the subject will do.',
      'A pronoun may count as well: the gate also closes at the pronoun of the kind that is written as c ≈ 0. Use names only.',
    ],
  },
  solution: {
    ko: '영희가 민수를 본다 . 민수가 자주 찾는다 . 개가 새를 따라간다 .',
    en: 'Emma/S watches Tom/O . Tom/S often calls . dog/S follows bird/O .',
  },
  praise: {
    ko: '세 번 잊었습니다. 그 단어들의 역할을 보세요. 주어로 온 이름인지, 0 가까이로 적는 종류의 대명사인지요.',
    en: 'Forgotten three times. Look at the roles of these words: is each a name as the subject, or the pronoun of the kind written as almost 0?',
  },
};

/** Words at which the gate closed, numbered from 1. */
function closings(values: readonly number[]): number[] {
  return values.flatMap((f, at) => (f < 0.2 ? [at + 1] : []));
}

export const EXERCISES = {
  ...BASIC_EXERCISES,
  ...CELL_STATE_EXERCISES,
  'forget-by-hand': forgetByHand,
  'forget-three-times': forgetThreeTimes,
  ...INPUT_EXERCISES,
  ...UPDATE_EXERCISES,
  ...OUTPUT_EXERCISES,
} as const satisfies Record<string, Exercise>;

export type ExerciseName = keyof typeof EXERCISES;

export interface Prediction {
  readonly asked: Words;
  /** The range a guess must lie in. */
  readonly range: readonly [number, number];
  /** How far a guess may be off to count as near. */
  readonly near: number;
  /** What to think of when the guess was further off than that: above what was measured, or below it. */
  readonly off?: { readonly above: Words; readonly below: Words };
}

/** What lessons ask to be predicted before a run. */
export const PREDICTIONS = {
  ...BASIC_PREDICTIONS,
  ...CELL_STATE_PREDICTIONS,
  'f-at-new-subject': {
    asked: { ko: '새 주어에서의 f', en: 'f at a new subject' },
    range: [0, 1],
    near: 0.1,
    off: {
      above: {
        ko: '새 주어가 오면 옛 주어는 답에 쓸모가 없고, 남겨 두면 새 값에 섞입니다. 그래서 거의 다 버립니다.',
        en: 'Once a new subject comes, the old one is of no use to the answer, and what is kept of it would blur the new value. So nearly all of it is dropped.',
      },
      below: {
        ko: '시그모이드의 값은 0에 닿지 않습니다. 남은 옛 값이 답을 바꾸지 않을 만큼 작아지면 더 닫힐 까닭이 없습니다.',
        en: 'A sigmoid never reaches 0, and once too little is kept to change the answer, there is nothing to gain by closing further.',
      },
    },
  },
  ...INPUT_PREDICTIONS,
  ...UPDATE_PREDICTIONS,
  ...OUTPUT_PREDICTIONS,
} as const satisfies Record<string, Prediction>;

export type PredictionName = keyof typeof PREDICTIONS;
