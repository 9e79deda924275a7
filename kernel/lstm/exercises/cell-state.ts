// Lesson 1's exercises and its prediction: a line held by hand, the f that a half-life asks for, and a value
// written, held and overwritten in the trained latch.
import type { Exercise, Prediction, Words } from '../check-exercises.ts';

const STEPS = 1000;

function number(value: number): string {
  return value.toFixed(3).replace('-', '−');
}

/** Values: the cell state from the start, 1, and after each of 1,000 steps that bring the candidate −1. */
const holdByHand: Exercise = {
  task: {
    ko: 'inside의 두 수 [망각, 입력]을 바꾸고 셀을 다시 실행해 보세요.',
    en: 'Change the two numbers in inside, [forget, input], and run the cell again.',
  },
  // Two sums of 0 make both gates one half: c runs to −1 as 2 · 0.5^t − 1.
  untouched: Array.from({ length: STEPS + 1 }, (_, t) => 2 * 0.5 ** t - 1),
  nan: {
    ko: 'inside에는 수가 두 개 있어야 합니다: [망각, 입력].',
    en: 'inside needs two numbers: [forget, input].',
  },
  wrong: values => {
    if (values.length !== STEPS + 1)
      return {
        ko: `처음 값과 1,000시점의 값, 모두 1,001개가 필요한데 ${values.length}개입니다.`,
        en: `The first value and those of 1,000 steps are needed, 1,001 in all; there are ${values.length}.`,
      };
    const low = values.findIndex(value => value < 0.9);
    if (low >= 0)
      return {
        ko: `${low}번째 시점에 c = ${number(values[low]!)}로 0.9 아래로 내려갔고, 1,000시점 뒤에는 ${number(values[STEPS]!)}입니다.`,
        en: `At step ${low} c = ${number(values[low]!)} fell below 0.9, and after 1,000 steps it is ${number(values[STEPS]!)}.`,
      };
    const high = values.findIndex(value => value > 1.001);
    if (high >= 0)
      return {
        ko: `${high}번째 시점에 c = ${number(values[high]!)}로 처음 값 1보다 커졌습니다. 게이트는 0과 1 사이여야 합니다.`,
        en: `At step ${high} c = ${number(values[high]!)} is above the first value, 1. A gate lies between 0 and 1.`,
      };
    return null;
  },
  hints: {
    ko: [
      '유지하려면 f는 1에, 아무것도 더하지 않으려면 i는 0에 가까워야 합니다. 그러니 하나는 양수, 하나는 음수입니다.',
      'σ(5)는 약 0.993이라 1에 가까워 보이지만, 0.993을 1,000번 곱하면 0.001쯤입니다. 더 큰 수가 필요합니다.',
      'σ(10)은 약 0.99995이고 1,000번 곱해도 0.956입니다. i도 1,000번 더해지므로 σ(−10)보다 작아야 넉넉합니다.',
    ],
    en: [
      'To keep, f must be near 1; to add nothing, i must be near 0. So one sum is positive, the other negative.',
      'σ(5) is about 0.993 and looks near 1, but 0.993 multiplied 1,000 times is about 0.001. It takes a larger number.',
      'σ(10) is about 0.99995, and 1,000 times that still 0.956. i is added 1,000 times too: below σ(−10) there is room.',
    ],
  },
  solution: {
    ko: '예를 들어 [12, −12]: 1,000시점 뒤에도 c ≈ 0.988입니다.',
    en: 'For example [12, −12]: after 1,000 steps c ≈ 0.988.',
  },
  praise: {
    ko: '1,000시점을 지나도 0.9가 넘게 남았습니다. 선이 지킨 것이 아니라 두 게이트가 지킨 것입니다.',
    en: 'After 1,000 steps more than 0.9 is left. It was not the line that kept it, but the two gates.',
  },
};

/** Value: one f whose half-life is 1,000 steps, give or take one in twenty. */
const halfLife: Exercise = {
  task: {
    ko: 'wanted에 f를 적고 셀을 다시 실행해 보세요. 계산식을 그대로 적어도 됩니다.',
    en: 'Put an f into wanted and run the cell again. An expression that computes it will do.',
  },
  untouched: [0],
  wrong: (values, shape) => {
    const [f] = values;
    if (values.length !== 1 || f === undefined)
      return {
        ko: `f 하나가 필요한데 모양이 [${shape}]입니다.`,
        en: `One f is needed; the shape is [${shape}].`,
      };
    if (f <= 0 || f >= 1)
      return {
        ko: `f = ${f}입니다. 게이트는 0보다 크고 1보다 작습니다.`,
        en: `f = ${f}, but a gate lies above 0 and below 1.`,
      };
    const half = Math.LN2 / -Math.log(f);
    if (Math.abs(half - STEPS) <= STEPS / 20) return null;
    return {
      ko: `f = ${f}이면 ${half.toFixed(1)}시점 만에 절반이 됩니다. 1,000시점이어야 합니다.`,
      en: `With f = ${f} half is left after ${half.toFixed(1)} steps. It should be 1,000.`,
    };
  },
  hints: {
    ko: [
      'f를 1,000번 곱해 0.5가 되어야 합니다. 식으로 쓰면 f^1000 = 0.5입니다.',
      '양쪽에 1/1000제곱을 합니다. TypeScript에서 거듭제곱은 **입니다.',
      '0.999이면 693시점입니다. 그보다 조금 더 1에 가깝습니다.',
    ],
    en: [
      'f multiplied 1,000 times should be one half: f^1000 = 0.5.',
      'Take both sides to the power of 1/1000. In TypeScript a power is written **.',
      '0.999 gives 693 steps. It is a little nearer to 1.',
    ],
  },
  solution: {
    ko: '0.5 ** (1 / 1000), 약 0.99931입니다.',
    en: '0.5 ** (1 / 1000), about 0.99931.',
  },
  praise: {
    ko: '0.998과 0.9993은 거의 같아 보이지만 반감기는 세 배 가까이 다릅니다.',
    en: '0.998 and 0.9993 look much alike, yet one half-life is nearly three times the other.',
  },
};

const PART = 10;

/** Values: the trained latch's cell state at each step of the learner's own input. */
const writeAndOverwrite: Exercise = {
  task: {
    ko: 'mine에 시점을 20개 이상 적고 셀을 다시 실행해 보세요. 예: [set(0), noise(2)]',
    en: 'Put 20 steps or more into mine and run the cell again. For example: [set(0), noise(2)]',
  },
  wrong: values => {
    if (values.length < 2 * PART)
      return {
        ko: `시점이 ${values.length}개입니다. 20개 이상이어야 합니다.`,
        en: `There are ${values.length} steps. At least 20 are wanted.`,
      };
    return wrongPart(values, 'first') ?? wrongPart(values, 'last');
  },
  hints: {
    ko: [
      'set(0)은 c를 0 가까이로, set(1)과 set(−1)은 0에서 먼 쪽으로 적습니다.',
      '잡음은 아무리 커도 적히지 않습니다. set 다음에 noise를 아홉 개 이어 보세요.',
      'set(0)과 noise 아홉 개, 그다음에 set(1)과 noise 아홉 개면 됩니다.',
    ],
    en: [
      'set(0) writes a c near 0, set(1) and set(−1) write one far from 0.',
      'Noise is not written, however loud. Put nine times noise behind a set.',
      'set(0) and nine times noise, then set(1) and nine times noise will do.',
    ],
  },
  solution: {
    ko: '예를 들어 [set(0), ...Array(9).fill(noise(2)), set(1), ...Array(9).fill(noise(-2))]',
    en: 'For example [set(0), ...Array(9).fill(noise(2)), set(1), ...Array(9).fill(noise(-2))]',
  },
  praise: {
    ko: '한 번 적은 값이 잡음 속에서 그대로 이어지고, 새 값이 오면 바뀝니다. 쓰고, 지키고, 덮어쓰는 일을 모두 게이트가 했습니다.',
    en: 'What is written once goes on through the noise, and a new value replaces it. Writing, holding, overwriting: all done by the gates.',
  },
};

function wrongPart(values: readonly number[], which: 'first' | 'last'): Words | null {
  const part = which === 'first' ? values.slice(0, PART) : values.slice(-PART);
  const sizes = part.map(Math.abs);
  const [small, large] = [Math.min(...sizes), Math.max(...sizes)];
  if (which === 'first' && large >= 0.2)
    return {
      ko: `처음 열 시점에서 |c|가 ${number(large)}까지 갑니다. 0.2보다 작아야 합니다.`,
      en: `In the first ten steps |c| goes up to ${number(large)}. Below 0.2 is wanted.`,
    };
  if (which === 'last' && small <= 0.8)
    return {
      ko: `마지막 열 시점에서 |c|가 ${number(small)}까지 내려갑니다. 0.8보다 커야 합니다.`,
      en: `In the last ten steps |c| goes down to ${number(small)}. Above 0.8 is wanted.`,
    };
  return null;
}

export const CELL_STATE_EXERCISES = {
  'hold-by-hand': holdByHand,
  'half-life': halfLife,
  'write-and-overwrite': writeAndOverwrite,
} as const satisfies Record<string, Exercise>;

export const CELL_STATE_PREDICTIONS = {
  'right-after-1000': {
    asked: { ko: '잡음 1,000시점 뒤의 정답률', en: 'share of right answers after 1,000 steps of noise' },
    range: [0, 1],
    near: 0.1,
    off: {
      above: {
        ko: '100시점 뒤에 얼마나 남았는지 생각해 보세요. 1,000시점은 그 몫을 열 번 곱한 것입니다.',
        en: 'Think of how much is left after 100 steps. After 1,000 it is that share multiplied ten times.',
      },
      below: {
        ko: '값이 다 사라져도 셋 중 하나는 맞습니다. 무엇을 답하든 우연 수준은 됩니다.',
        en: 'Even with the value gone one answer in three is right: whatever it says, chance remains.',
      },
    },
  },
} as const satisfies Record<string, Prediction>;
