// Lesson 4's exercises and its prediction: one update by hand, the same rule over a whole stream, and the
// word that wrote most of what the cell holds.
import type { Exercise, Prediction, Words } from '../check-exercises.ts';

function number(value: number): string {
  return value.toFixed(3).replace('-', '−');
}

// The gates and the old cell state of three units, as the lesson's cell gives them.
const F = [0.9, 0.5, 0.1];
const BEFORE = [1, -2, 2];
const I = [0.1, 0.5, 1];
const G = [-0.5, 1, 0.8];
const at = (rule: (f: number, before: number, i: number, g: number) => number): readonly number[] =>
  F.map((f, unit) => rule(f, BEFORE[unit]!, I[unit]!, G[unit]!));
const AFTER = at((f, before, i, g) => f * before + i * g);

/** What a slip of the rule gives, and what it is called. */
const SLIPS: readonly { readonly gives: readonly number[]; readonly said: Words }[] = [
  {
    gives: at((f, before) => f * before),
    said: {
      ko: '유지되는 값뿐입니다. 추가되는 값이 빠졌습니다.',
      en: 'This is what is kept alone. What is added is missing.',
    },
  },
  {
    gives: at((_, __, i, g) => i * g),
    said: {
      ko: '추가되는 값뿐입니다. 유지되는 값이 빠졌습니다.',
      en: 'This is what is added alone. What is kept is missing.',
    },
  },
  {
    gives: at((f, before, _, g) => f * before + g),
    said: {
      ko: '후보값을 통째로 더했습니다. 입력 게이트를 곱한 만큼만 더합니다.',
      en: 'The whole candidate was added. Only the share that the input gate lets in is.',
    },
  },
  {
    gives: at((f, before, i) => f * before + i),
    said: {
      ko: '입력 게이트를 더했습니다. 더하는 것은 i와 g의 곱입니다.',
      en: 'The input gate itself was added. What is added is i times g.',
    },
  },
  {
    gives: at((_, before, i, g) => before + i * g),
    said: {
      ko: '옛 값을 줄이지 않았습니다. 먼저 f를 곱합니다.',
      en: 'The old value was not reduced. Multiply by f first.',
    },
  },
];

const same = (values: readonly number[], others: readonly number[]): boolean =>
  values.every((value, unit) => Math.abs(value - others[unit]!) < 0.006);

/** Values: the new cell state of three units. */
const updateByHand: Exercise = {
  task: {
    ko: 'after의 세 수를 계산한 값으로 바꾸고 셀을 다시 실행해 보세요.',
    en: 'Put the three numbers you computed into after and run the cell again.',
  },
  untouched: [0, 0, 0],
  wrong: (values, shape) => {
    if (values.length !== AFTER.length)
      return {
        ko: `유닛 세 개의 값이 필요한데 모양이 [${shape}]입니다.`,
        en: `Values of three units are needed; the shape is [${shape}].`,
      };
    if (same(values, AFTER)) return null;
    const slip = SLIPS.find(({ gives }) => same(values, gives));
    return slip?.said ?? wrongUnit(values);
  },
  hints: {
    ko: [
      '유닛마다 따로 계산합니다. 유지되는 값 f·c와 추가되는 값 i·g를 구해 더하면 됩니다.',
      '첫째 유닛: 유지 0.9 × 1 = 0.9, 추가 0.1 × (−0.5) = −0.05. 둘을 더합니다.',
      '둘째 유닛은 −1 + 0.5, 셋째 유닛은 0.2 + 0.8입니다.',
    ],
    en: [
      'Each unit is computed by itself: what is kept, f times c, and what is added, i times g; then their sum.',
      'First unit: kept 0.9 × 1 = 0.9, added 0.1 × (−0.5) = −0.05. Add the two.',
      'The second unit is −1 + 0.5, the third 0.2 + 0.8.',
    ],
  },
  solution: { ko: '[0.85, −0.5, 1]입니다.', en: '[0.85, −0.5, 1].' },
  praise: {
    ko: '곱하기 둘, 더하기 하나. 갱신은 이것이 전부이고 새로 배우는 가중치는 없습니다.',
    en: 'Two multiplications and one addition. That is all of the update, and it has no weights of its own.',
  },
};

function wrongUnit(values: readonly number[]): Words {
  const off = values.findIndex((value, unit) => Math.abs(value - AFTER[unit]!) >= 0.006);
  const which = { ko: ['첫째', '둘째', '셋째'][off], en: ['first', 'second', 'third'][off] };
  return {
    ko: `${which.ko} 유닛이 ${number(values[off]!)}입니다. f·c와 i·g를 따로 구해 다시 더해 보세요.`,
    en: `The ${which.en} unit is ${number(values[off]!)}. Work out f times c and i times g, and add them again.`,
  };
}

/** Values: at each step, the cell state by the learner's rule minus the trained cell's own. */
const updateWhole: Exercise = {
  task: {
    ko: 'update의 null을 (f, i, g, before) => ... 꼴의 함수로 바꾸고 셀을 다시 실행해 보세요.',
    en: 'Put a function in place of null, (f, i, g, before) => ..., and run the cell again.',
  },
  wrong: values => {
    const off = values.findIndex(value => Math.abs(value) > 1e-4);
    if (off < 0) return null;
    const difference = number(values[off]!);
    if (off === 0)
      return {
        ko: `첫 시점부터 ${difference}만큼 다릅니다. 첫 시점에는 옛 값이 0이니 추가되는 값 i·g를 확인하세요.`,
        en: `The first step is off by ${difference} already. There the old value is 0: look at what is added, i times g.`,
      };
    return {
      ko: `${off}번째 시점부터 달라집니다(${difference}). 첫 시점은 맞으니 유지되는 값을 확인하세요.`,
      en: `From step ${off} on it differs (${difference}). The first step is right, so look at what is kept.`,
    };
  },
  hints: {
    ko: [
      '함수는 수 네 개를 받아 새 셀 상태 하나를 돌려줍니다. 연습 1에서 유닛 하나에 한 계산과 같습니다.',
      'before는 이전 셀 상태입니다. f는 before에, i는 g에 곱합니다.',
      '두 곱을 더합니다: f * before와 i * g.',
    ],
    en: [
      'The function takes four numbers and gives the new cell state. It is what you did for one unit in exercise 1.',
      'before is the old cell state. f multiplies before, and i multiplies g.',
      'Add the two products: f * before and i * g.',
    ],
  },
  solution: {
    ko: 'update를 (f, i, g, before) => f * before + i * g로 둡니다.',
    en: 'Let update be (f, i, g, before) => f * before + i * g.',
  },
  praise: {
    ko: '게이트 값만 있으면 셀 상태를 처음부터 끝까지 다시 계산할 수 있습니다. 장부에 빠진 것이 없다는 뜻입니다.',
    en: 'From the gates alone the cell state follows from beginning to end: nothing is missing from the ledger.',
  },
};

/** Value: what the chosen word has in the cell, as a share of what the largest contributor has. */
const sourceOfValue: Exercise = {
  task: {
    ko: 'word에 단어의 번호를 적고 셀을 다시 실행해 보세요. 번호는 위 목록의 맨 앞에 있습니다.',
    en: 'Put the number of a word into word and run the cell again. Numbers stand first in the list above.',
  },
  wrong: (values, shape) => {
    const [share] = values;
    if (values.length !== 1 || share === undefined)
      return {
        ko: `단어 하나의 몫이 필요한데 모양이 [${shape}]입니다.`,
        en: `The share of one word is needed; the shape is [${shape}].`,
      };
    if (share > 0.999) return null;
    return {
      ko: `이 단어가 적은 값은 가장 많이 적은 단어의 ${(100 * share).toFixed(1).replace('-', '−')}%입니다.`,
      en: `What this word wrote is ${(100 * share).toFixed(1).replace('-', '−')} percent of what the word with the most did.`,
    };
  },
  hints: {
    ko: [
      '장부 그림에서 오른쪽 막대(추가)가 긴 단어를 찾으세요. 주어에서 길고 다른 단어에서는 거의 없습니다.',
      '추가된 값은 그 뒤에 나온 f를 모두 곱한 만큼 줄어듭니다. 중간에 새 주어가 있으면 거의 사라집니다.',
      '그래서 셀을 읽는 자리에서 가장 가까운 주어가 가장 많이 남습니다.',
    ],
    en: [
      'In the ledger figure, look for words whose right bar (added) is long: subjects have one, other words hardly.',
      'What was added shrinks by every f that follows. A new subject in between leaves next to nothing of it.',
      'So the nearest subject before the place where the cell is read has most left.',
    ],
  },
  solution: {
    ko: '셀을 읽는 자리 바로 앞의 주어입니다. 목록에서 수의 크기가 가장 큰 단어입니다.',
    en: 'The last subject up to the place where the cell is read: the word with the largest number in the list.',
  },
  praise: {
    ko: '셀의 값을 단어별로 나누어 누가 적었는지 밝혔습니다. 더하기로 이어지는 선이라서 가능한 일입니다.',
    en: 'You told what of the cell came from which word. That works because the line goes on by adding.',
  },
};

export const UPDATE_EXERCISES = {
  'update-by-hand': updateByHand,
  'update-whole': updateWhole,
  'source-of-value': sourceOfValue,
} as const satisfies Record<string, Exercise>;

export const UPDATE_PREDICTIONS = {
  'largest-cell': {
    asked: { ko: '가장 큰 |c|', en: 'the largest |c|' },
    range: [0, 20],
    near: 0.5,
    off: {
      above: {
        ko: '한 시점에 추가되는 값은 1보다 작고, 새 주어가 오면 지워집니다. 새 주어 없이 몇 번이나 더해질까요?',
        en: 'What one step adds is below 1, and a new subject wipes it out. How often is something added before one comes?',
      },
      below: {
        ko: '추가되는 값은 한 번에 1보다 작지만, 남아 있는 값 위에 또 더해집니다. h와 달리 c는 tanh를 거치지 않은 합입니다.',
        en: 'One step adds less than 1, but on top of what is still there. Unlike h, c is a sum that has not gone through tanh.',
      },
    },
  },
} as const satisfies Record<string, Prediction>;
