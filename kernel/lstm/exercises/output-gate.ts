// Lesson 5's exercises and its prediction: the output's formula, an answer shown at one word only, and a
// sentence of one's own with two attractors.
import type { Exercise, Prediction, Words } from '../check-exercises.ts';

const number = (value: number): string => value.toFixed(3).replace('-', '−');
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** What the lesson's cell gives: W_o · [h, x] + b_o and c at four steps. */
const INSIDE = [5, 5, -5, 5] as const;
const CELL = [3, -3, 3, 0.5] as const;

type Formula = (inside: number, cell: number) => number;

/** Formulas that one comes to by leaving out a part, and what to say of them. */
const SLIPS: readonly (readonly [Formula, Words])[] = [
  [
    (inside, cell) => sigmoid(inside) * cell,
    {
      ko: 'o에 c를 그대로 곱했습니다. h는 −1과 1 사이여야 하므로 c는 먼저 tanh를 지나야 합니다.',
      en: 'o was multiplied by c itself. h lies between −1 and 1: c goes through tanh first.',
    },
  ],
  [
    (_, cell) => Math.tanh(cell),
    {
      ko: 'tanh(c)까지는 맞습니다. 셋째 시점은 게이트가 닫혀 있는데 0.995가 보입니다. o를 곱해야 합니다.',
      en: 'tanh(c) is right so far. At the third step the gate is shut, yet 0.995 shows. It is to be multiplied by o.',
    },
  ],
  [
    inside => sigmoid(inside),
    {
      ko: '이것은 게이트 o뿐입니다. o는 얼마나 보일지이고, 보일 것은 tanh(c)입니다.',
      en: 'This is the gate o alone. It says how much is shown; what is shown is tanh(c).',
    },
  ],
  [
    (inside, cell) => inside * Math.tanh(cell),
    {
      ko: 'inside를 그대로 곱했습니다. σ를 지나야 0과 1 사이의 게이트가 됩니다.',
      en: 'inside was multiplied as it is. Only through σ does it become a gate between 0 and 1.',
    },
  ],
  [
    (inside, cell) => Math.tanh(sigmoid(inside) * cell),
    {
      ko: '곱한 다음에 tanh를 지났습니다. 순서가 반대입니다. c가 tanh를 지난 다음에 o를 곱합니다.',
      en: 'tanh came after the product. It is the other way round: c goes through tanh, then o multiplies it.',
    },
  ],
];

const close = (values: readonly number[], formula: Formula): boolean =>
  values.every((value, at) => Math.abs(value - formula(INSIDE[at]!, CELL[at]!)) < 0.005);

/** Values: h at the four steps. */
const outputByHand: Exercise = {
  task: {
    ko: 'shown에 inside와 cell로 h를 계산하는 식을 적고 셀을 다시 실행해 보세요.',
    en: 'Write into shown how h comes out of inside and cell, and run the cell again.',
  },
  wrong: (values, shape) => {
    if (values.length !== INSIDE.length)
      return {
        ko: `시점 네 개의 h가 필요한데 모양이 [${shape}]입니다.`,
        en: `h at four steps is needed; the shape is [${shape}].`,
      };
    if (close(values, (inside, cell) => sigmoid(inside) * Math.tanh(cell))) return null;
    const slip = SLIPS.find(([formula]) => close(values, formula));
    if (slip) return slip[1];
    const right = INSIDE.map((inside, at) => sigmoid(inside) * Math.tanh(CELL[at]!));
    const at = values.findIndex((value, index) => Math.abs(value - right[index]!) >= 0.005);
    return {
      ko: `시점 ${at}의 h가 ${number(values[at]!)}입니다. o는 ${number(sigmoid(INSIDE[at]!))}, tanh(c)는 ${number(Math.tanh(CELL[at]!))}입니다.`,
      en: `At step ${at} h is ${number(values[at]!)}. There o is ${number(sigmoid(INSIDE[at]!))} and tanh(c) is ${number(Math.tanh(CELL[at]!))}.`,
    };
  },
  hints: {
    ko: [
      '두 걸음입니다. 게이트 o = σ(inside)를 만들고, tanh(c)에 곱합니다.',
      '텐서에는 sigmoid(), tanh(), mul()이 있습니다. 예: cell.tanh()',
      'inside.sigmoid().mul( … )의 괄호 안에 tanh를 지난 셀 상태를 넣어 보세요.',
    ],
    en: [
      'Two steps: make the gate o = σ(inside), and multiply tanh(c) by it.',
      'A tensor has sigmoid(), tanh() and mul(): cell.tanh(), for example.',
      'Into the brackets of inside.sigmoid().mul( … ) goes the cell state after tanh.',
    ],
  },
  solution: {
    ko: 'const shown = inside.sigmoid().mul(cell.tanh());',
    en: 'const shown = inside.sigmoid().mul(cell.tanh());',
  },
  praise: {
    ko: '셋째 시점에서 c는 3이지만 h는 거의 0입니다. 들고 있으면서 보이지 않는 것입니다.',
    en: 'At the third step c is 3 and h is almost 0: held, and not shown.',
  },
};

/** Values: how many words are left open, and the chance given to the right form. */
const showOnce: Exercise = {
  task: {
    ko: 'shut에 o를 0으로 막을 시점의 번호를 적고 셀을 다시 실행해 보세요. 첫 단어가 0번입니다.',
    en: 'Put into shut the numbers of the steps at which o is held at 0, and run the cell again. The first word is 0.',
  },
  wrong: (values, shape) => {
    const [open, chance] = values;
    if (values.length !== 2 || open === undefined || chance === undefined)
      return {
        ko: `열린 단어의 수와 정답에 준 확률, 두 수가 필요한데 모양이 [${shape}]입니다.`,
        en: `Two numbers are needed, the words left open and the chance of the right form; the shape is [${shape}].`,
      };
    if (chance < 0.9)
      return {
        ko: `정답에 준 확률이 ${number(chance)}입니다. 꼭 보여야 할 단어까지 막았습니다.`,
        en: `The right form gets a chance of ${number(chance)}. A word that has to show is shut too.`,
      };
    if (open > 1)
      return {
        ko: `정답은 그대로입니다(${number(chance)}). 그런데 아직 ${open}개가 열려 있습니다. 하나만 남겨 보세요.`,
        en: `The answer is still right (${number(chance)}), but ${open} words are open. Leave only one.`,
      };
    return null;
  },
  hints: {
    ko: [
      '동사의 꼴은 어느 단어에서 물어봅니까? 위에서 대괄호가 붙은 단어를 보세요.',
      '동사가 아니라 동사 바로 앞 단어입니다. 그때 h를 보고 다음에 올 동사를 정하기 때문입니다.',
      '동사 바로 앞 단어의 번호만 빼고 0부터 마침표까지의 번호를 모두 적으면 됩니다.',
    ],
    en: [
      'At which word is the form of the verb asked for? Look for the brackets above.',
      'It is not the verb but the word before it: h is read there to choose the verb that comes next.',
      'Write all numbers from 0 to that of the full stop, and leave out the word right before the verb.',
    ],
  },
  solution: {
    ko: '"할머니는 다시 동생을 찾으신다 ."에서 동사 앞 단어는 2번이므로 shut = [0, 1, 3, 4].',
    en: 'In "the keys/S to the cabinet/O stay ." the word before the verb is number 4, so shut = [0, 1, 2, 3, 5, 6].',
  },
  praise: {
    ko: '주어에서조차 보이지 않아도 됩니다. 셀 상태가 들고 있으므로 물을 때 한 번 보이면 충분합니다.',
    en: 'It need not show even at the subject. The cell state holds it, and showing once, when asked, is enough.',
  },
};

/** Values: for each question its attractors and the chance given to the right form. */
const acrossTwo: Exercise = {
  task: {
    ko: 'mine에 동사까지 갖춘 문장을 적고 셀을 다시 실행해 보세요.',
    en: 'Write a sentence with its verb into mine and run the cell again.',
  },
  wrong: (values, shape) => {
    if (shape.length !== 2 || shape[1] !== 2)
      return {
        ko: `질문마다 두 수가 필요한데 모양이 [${shape}]입니다. sentence.answers(…)의 값을 넘겨 주세요.`,
        en: `Two numbers a question are needed; the shape is [${shape}]. Hand over what answers(…) gives.`,
      };
    if (values.length === 0)
      return {
        ko: '동사를 묻는 자리가 없습니다. 주어가 먼저 오고 나중에 동사가 와야 합니다.',
        en: 'Nothing is asked here: a subject has to come first and its verb later.',
      };
    const asked = Array.from({ length: values.length / 2 }, (_, at) => values.slice(2 * at, 2 * at + 2));
    const most = Math.max(...asked.map(([attractors]) => attractors!));
    if (most < 2)
      return {
        ko: `사이에 낀 다른 쪽 명사가 ${most}개입니다. 두 개가 필요합니다.`,
        en: `Nouns in between that ask for the other form: ${most}. Two are wanted.`,
      };
    if (asked.some(([attractors, chance]) => attractors! >= 2 && chance! > 0.5)) return null;
    return {
      ko: '유인 명사는 둘인데 신경망이 틀렸습니다. 다른 시드일 수 있습니다. 다른 단어로도 해 보세요.',
      en: 'There are two attractors, but the network is wrong. It may be the seed; try other words.',
    };
  },
  hints: {
    ko: [
      '높임 주어(할머니는)라면 사이의 명사는 동생, 친구, 아이여야 하고, 보통 주어라면 반대입니다.',
      '다른 명사 앞에는 부사(오늘, 다시, 조용히)를 하나씩 두고, 명사에는 을/를이나 와/과를 붙입니다.',
      '"할머니는 오늘 동생과 조용히 …" 다음에 다른 명사 하나와 동사, 마침표를 이어 보세요.',
    ],
    en: [
      'After a plural subject (keys/S) the nouns in between are to be singular, and the other way round.',
      'Each other noun needs a preposition (to, near, behind) and an article before it, and the tag /O.',
      'Go on from "the keys/S to the cabinet/O near …" with one more noun, a verb and the full stop.',
    ],
  },
  solution: {
    ko: '할머니는 오늘 동생과 조용히 친구를 기다리신다 .',
    en: 'the keys/S to the cabinet/O near the picture/O fall .',
  },
  praise: {
    ko: '다른 쪽 명사 두 개를 지나도 셀은 주어를 들고 있습니다.',
    en: 'The cell holds the subject past two nouns of the other form.',
  },
};

export const OUTPUT_EXERCISES = {
  'output-by-hand': outputByHand,
  'show-once': showOnce,
  'across-two': acrossTwo,
} as const;

export const OUTPUT_PREDICTIONS = {
  'o-at-verb': {
    asked: { ko: '동사에서의 o', en: 'o at the verb' },
    range: [0, 1],
    near: 0.1,
    off: {
      above: {
        ko: '동사가 들어왔을 때는 그 꼴이 이미 한 단어 앞에서 정해졌습니다. 이제 물을 것이 없고, 보이는 데는 값이 듭니다.',
        en: 'When the verb comes in, its form has been chosen already, one word before. Nothing is asked now, and showing costs something.',
      },
      below: {
        ko: '시그모이드의 값은 0에 닿지 않습니다. 보이는 것이 적으면 벌점도 적으므로 더 닫힐 까닭이 없습니다.',
        en: 'A sigmoid never reaches 0. What shows little costs little, so there is not much to gain by closing further.',
      },
    },
  },
} as const satisfies Record<string, Prediction>;
