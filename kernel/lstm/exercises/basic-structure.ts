// Lesson 0's exercises and its prediction: how many weights the two cells have, and how long a cell holds.
import type { Exercise, Prediction, Words } from '../check-exercises.ts';

/** The layers asked about, with their counts: units x (inputs + units + 1), four times that for an LSTM. */
const ASKED = [
  { cell: 'RNN', inputs: 7, units: 10, count: 180 },
  { cell: 'LSTM', inputs: 7, units: 4, count: 192 },
  { cell: 'RNN', inputs: 25, units: 1, count: 27 },
  { cell: 'LSTM', inputs: 25, units: 1, count: 108 },
] as const;

/** Values: what the learner's two functions count for the four layers. */
const weightCounts: Exercise = {
  task: {
    ko: 'rnnWeights와 lstmWeights가 가중치의 개수를 돌려주도록 고치고 셀을 다시 실행해 보세요.',
    en: 'Make rnnWeights and lstmWeights give the number of weights, and run the cell again.',
  },
  untouched: [0, 0, 0, 0],
  wrong: (values, shape) => {
    if (values.length !== ASKED.length)
      return {
        ko: `개수 네 개가 필요한데 모양이 [${shape}]입니다.`,
        en: `Four counts are needed; the shape is [${shape}].`,
      };
    const off = ASKED.findIndex(({ count }, at) => values[at] !== count);
    return off < 0 ? null : sayCount(off, values[off]!);
  },
  hints: {
    ko: [
      'RNN의 층은 W · [h, x] + b 하나입니다. 유닛 하나는 입력마다, 은닉 유닛마다 가중치를 하나씩 가집니다.',
      '편향도 유닛마다 하나씩 있습니다. 그래서 유닛 하나가 가진 수는 inputs + units + 1개입니다.',
      'LSTM에는 같은 크기의 층이 네 개(f, i, g, o) 있습니다.',
    ],
    en: [
      'An RNN is one layer, W · [h, x] + b. Each unit has a weight for each input and one for each hidden unit.',
      'Each unit has a bias as well. So a unit has inputs + units + 1 numbers.',
      'An LSTM has four layers of that size: f, i, g, o.',
    ],
  },
  solution: {
    ko: 'RNN은 units * (inputs + units + 1), LSTM은 4 * units * (inputs + units + 1)입니다.',
    en: 'RNN: units * (inputs + units + 1); LSTM: 4 * units * (inputs + units + 1).',
  },
  praise: {
    ko: '유닛 10개인 RNN이 180개, 유닛 4개인 LSTM이 192개로 비슷합니다. 이 둘을 겨루게 하겠습니다.',
    en: 'An RNN of 10 units has 180 and an LSTM of 4 units 192: about equal. These two will now compete.',
  },
};

function sayCount(at: number, value: number): Words {
  const { cell, inputs, units, count } = ASKED[at]!;
  const why = whyCount(value, inputs, units, count);
  return {
    ko: `입력 ${inputs}개, 유닛 ${units}개인 ${cell}에 ${value}개는 맞지 않습니다.${why.ko}`,
    en: `${value} is not right for an ${cell} with ${inputs} inputs and ${units} unit${units === 1 ? '' : 's'}.${why.en}`,
  };
}

/** What a count left out, where it looks like one thing. */
function whyCount(value: number, inputs: number, units: number, count: number): Words {
  const layers = count / (units * (inputs + units + 1));
  if (value === layers * units * (inputs + units))
    return { ko: ' 편향이 빠진 것 같습니다.', en: ' The biases seem to be missing.' };
  if (value === layers * units * (inputs + 1))
    return { ko: ' h에 걸리는 가중치가 빠진 것 같습니다.', en: ' The weights on h seem to be missing.' };
  if (value * 4 === count) return { ko: ' 층 하나의 개수입니다.', en: ' That is the count of one layer.' };
  return { ko: '', en: '' };
}

const GATES = [0.5, 0.73, 0.9, 0.982] as const;

/** Values: half-lives of those gates, in steps. */
const halfLife: Exercise = {
  task: {
    ko: 'halfLife가 반감기를 돌려주도록 고치고 셀을 다시 실행해 보세요.',
    en: 'Make halfLife give the half-life, and run the cell again.',
  },
  untouched: [0, 0, 0, 0],
  wrong: (values, shape) => {
    if (values.length !== GATES.length)
      return {
        ko: `반감기 네 개가 필요한데 모양이 [${shape}]입니다.`,
        en: `Four half-lives are needed; the shape is [${shape}].`,
      };
    const off = GATES.findIndex((f, at) => !(Math.abs(f ** values[at]! - 0.5) < 0.003));
    return off < 0 ? null : sayLeft(GATES[off]!, values[off]!);
  },
  hints: {
    ko: [
      'f = 0.5라면 한 시점 만에 절반이 되므로 답은 1입니다.',
      'n 시점 뒤에는 처음 값의 f^n이 남습니다. f^n = 1/2을 n에 대해 풀어 보세요. 로그를 쓰면 됩니다.',
      'n · ln f = −ln 2입니다. 자연로그는 Math.log, ln 2는 Math.LN2입니다.',
    ],
    en: [
      'At f = 0.5 half is left after one step, so the answer there is 1.',
      'After n steps f^n of a value is left. Solve f^n = 1/2 for n: take logarithms.',
      'n · ln f = −ln 2. The natural logarithm is Math.log, and ln 2 is Math.LN2.',
    ],
  },
  solution: { ko: 'Math.LN2 / −Math.log(f)입니다.', en: 'It is Math.LN2 / −Math.log(f).' },
  praise: {
    ko: 'f가 0.73이면 두 시점 남짓, 0.982이면 38시점쯤입니다. 60시점을 건너려면 f가 어느 쪽이어야 할까요?',
    en: 'Two steps and a bit at f = 0.73, about 38 at 0.982. Which of the two gets across 60 steps?',
  },
};

function sayLeft(f: number, steps: number): Words {
  const left = (f ** steps).toFixed(3).replace('-', '−');
  const shown = Number(steps.toFixed(2)).toString().replace('-', '−');
  return {
    ko: `f = ${f}에 반감기 ${shown}이라 했지만, ${shown}시점 뒤에 남는 것은 ${left}입니다. 0.500이어야 합니다.`,
    en: `For f = ${f} the half-life given is ${shown}, but after ${shown} steps ${left} is left. It should be 0.500.`,
  };
}

export const BASIC_EXERCISES = { 'weight-counts': weightCounts, 'half-life-of-f': halfLife } as const;

export const BASIC_PREDICTIONS = {
  'rnn-accuracy-at-60': {
    asked: { ko: '60시점 뒤에 물을 때 RNN의 정확도', en: "The RNN's accuracy when asked 60 steps later" },
    range: [0, 1],
    near: 0.1,
  },
} as const satisfies Record<string, Prediction>;
