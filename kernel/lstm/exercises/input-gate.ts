// Lesson 3's exercises and its prediction: a gate and a candidate by hand, and sentences of which one writes.
import type { Exercise, Prediction, Words } from '../check-exercises.ts';

const number = (value: number): string => value.toFixed(3).replace('-', '−');

/** Words of the cell, in its order, and what is to be added at each. */
const WANTED = [
  { place: { ko: '동사', en: 'a verb' }, added: 0 },
  { place: { ko: '주어로 온 여성 이름', en: 'a woman as the subject' }, added: 1 },
  { place: { ko: '주어로 온 남성 이름', en: 'a man as the subject' }, added: -1 },
  { place: { ko: '목적어로 온 여성 이름', en: 'a woman as the object' }, added: 0 },
  { place: { ko: '목적어로 온 남성 이름', en: 'a man as the object' }, added: 0 },
] as const;

/** Values: i · g at the five words. */
const addByHand: Exercise = {
  task: {
    ko: 'toGate와 toCandidate의 수를 바꾸고 셀을 다시 실행해 보세요.',
    en: 'Change the numbers in toGate and toCandidate and run the cell again.',
  },
  untouched: [0, 0, 0, 0, 0],
  nan: {
    ko: 'toGate와 toCandidate에는 수가 네 개씩 있어야 합니다: [편향, 주어, 그녀, 그].',
    en: 'toGate and toCandidate need four numbers each: [bias, subject, she, he].',
  },
  wrong: (values, shape) => {
    if (values.length !== WANTED.length)
      return {
        ko: `단어 다섯 개의 i · g가 필요한데 모양이 [${shape}]입니다.`,
        en: `i · g at five words is needed; the shape is [${shape}].`,
      };
    const off = WANTED.findIndex(({ added }, at) => !fits(values[at]!, added));
    return off < 0 ? null : sayOff(off, values[off]!);
  },
  hints: {
    ko: [
      '게이트와 후보값은 같은 입력을 보지만 가중치가 다릅니다. 누구인지는 후보값이, 적을지 말지는 게이트가 맡게 해 보세요.',
      '게이트: 주어가 아니면 σ(b), 주어이면 σ(b + 주어)입니다. σ(−5)는 약 0.007, σ(5)는 약 0.993입니다.',
      '후보값: tanh(3)은 약 0.995, tanh(−3)은 약 −0.995입니다. 그녀의 가중치는 양수, 그의 가중치는 음수로 두고 나머지는 0이면 됩니다.',
    ],
    en: [
      'Gate and candidate see the same inputs with other weights. Let the candidate say who it is, and the gate whether that is written.',
      'The gate is σ(b) where there is no subject and σ(b + subject) where there is one. σ(−5) is about 0.007, σ(5) about 0.993.',
      'The candidate: tanh(3) is about 0.995, tanh(−3) about −0.995. A positive weight for she, a negative one for he, and 0 for the rest will do.',
    ],
  },
  solution: {
    ko: '예를 들어 toGate = [−5, 10, 0, 0], toCandidate = [0, 0, 3, −3].',
    en: 'For example toGate = [−5, 10, 0, 0], toCandidate = [0, 0, 3, −3].',
  },
  praise: {
    ko: '후보값은 목적어에서도 ±1에 가깝지만, 게이트가 닫혀 있어 적히지 않습니다. 학습된 신경망에서도 같은 일이 일어나는지 보겠습니다.',
    en: 'At objects the candidate is near ±1 too, but the gate is shut and nothing is written. Now see whether a trained network does the same.',
  },
};

function fits(value: number, wanted: number): boolean {
  return wanted === 0 ? Math.abs(value) < 0.05 : value * wanted > 0.9;
}

function sayOff(at: number, value: number): Words {
  const { place, added } = WANTED[at]!;
  const [ko, en] = [place.ko, place.en];
  if (added === 0)
    return {
      ko: `${ko}에서 i · g = ${number(value)}입니다. 여기서는 적지 않아야 하므로 −0.05와 0.05 사이여야 합니다.`,
      en: `At ${en} i · g = ${number(value)}. Nothing is to be written here: between −0.05 and 0.05 is wanted.`,
    };
  return {
    ko: `${ko}에서 i · g = ${number(value)}입니다. ${added > 0 ? '0.9보다 커야' : '−0.9보다 작아야'} 합니다.`,
    en: `At ${en} i · g = ${number(value)}. It should be ${added > 0 ? 'above 0.9' : 'below −0.9'}.`,
  };
}

/** Values: i at each word, then g at each word, of the one-unit network. */
const writeTwice: Exercise = {
  task: {
    ko: 'mine에 문장을 적고 셀을 다시 실행해 보세요. 단어 사이와 마침표 앞을 띄어 씁니다.',
    en: 'Write sentences into mine and run the cell again, with a space between words and before each full stop.',
  },
  wrong: (values, shape) => {
    if (shape.length < 2 || shape[0] !== 2)
      return {
        ko: `i와 g를 [i, g]로 함께 넘겨야 하는데 모양이 [${shape}]입니다.`,
        en: `i and g are needed together, as [i, g]; the shape is [${shape}].`,
      };
    const length = values.length / 2;
    const words = Array.from({ length }, (_, at) => ({ i: values[at]!, g: values[length + at]! }));
    const written = words.filter(({ i, g }) => Math.abs(i * g) > 0.5).length;
    const refused = words.filter(({ i, g }) => i < 0.2 && Math.abs(g) > 0.5).length;
    if (written !== 2)
      return {
        ko: `|i · g|가 0.5를 넘은 단어는 ${length}개 중 ${written}개입니다. 정확히 두 개여야 합니다.`,
        en: `|i · g| went above 0.5 at ${written} of ${length} words. Exactly two are wanted.`,
      };
    if (refused === 0)
      return {
        ko: '두 번 적혔습니다. 그런데 거절된 단어(|g| > 0.5인데 i < 0.2)가 하나도 없습니다.',
        en: 'It was written twice. But no word was refused (|g| > 0.5 while i < 0.2).',
      };
    return null;
  },
  hints: {
    ko: [
      '적히는 것은 주어이고, 거절되는 것은 목적어로 온 이름입니다.',
      '대명사도 주어이므로 적힐 수 있습니다. 세기 쉽게 이름만 써 보세요.',
      '한 종류는 c ≈ 0으로 적으므로 적혀도 세어지지 않습니다. 세 종류를 주어로 한 번씩 쓰면 어느 종류가 그것이든 두 번이 됩니다.',
    ],
    en: [
      'What is written are subjects; what is refused are names that come as objects.',
      'A pronoun is a subject and may be written too. It is easier to count with names only.',
      'One kind is written as c ≈ 0 and does not count. With each of the three kinds once as a subject it is two, whichever kind that is.',
    ],
  },
  solution: {
    ko: '영희가 민수를 본다 . 준호가 새를 찾는다 . 개가 수진을 따라간다 .',
    en: 'Emma/S watches Tom/O . Jack/S calls bird/O . dog/S follows Alice/O .',
  },
  praise: {
    ko: '주어는 적히고 목적어는 거절됩니다. 이름이 무엇인지가 아니라 무슨 역할인지가 게이트를 정합니다.',
    en: 'Subjects are written, objects refused. Not which name it is but which role it has decides the gate.',
  },
};

export const INPUT_EXERCISES = { 'add-by-hand': addByHand, 'write-twice': writeTwice } as const;

export const INPUT_PREDICTIONS = {
  'i-at-object': {
    asked: { ko: '목적어에서의 i', en: 'i at an object' },
    range: [0, 1],
    near: 0.1,
    off: {
      above: {
        ko: '목적어는 이야기의 주인을 바꾸지 않습니다. 적으면 주어가 흐려지므로, 후보값이 무엇이든 게이트가 닫힙니다.',
        en: 'An object does not change who is spoken of. Written, it would blur the subject, so the gate is shut whatever the candidate says.',
      },
      below: {
        ko: '시그모이드의 값은 0에 닿지 않습니다. 새어 드는 양이 답을 바꾸지 않을 만큼 작으면 더 닫힐 까닭이 없습니다.',
        en: 'A sigmoid never reaches 0, and once what leaks in is too little to change the answer, there is nothing to gain by closing further.',
      },
    },
  },
} as const satisfies Record<string, Prediction>;
