// Number agreement and pronoun gender in small language models, with the unit that tells most about the answer cut off
// (after Lakretz et al. 2019, "The emergence of number and syntax units in LSTM language models").
import {
  agreement,
  clamp,
  lstm,
  rankUnits,
  seededRandom,
  sentences,
  tf,
  trace,
  train,
} from '../kernel/lstm/index.ts';
import type { Experiment, Outcome } from './experiment.ts';

const UNITS = 6;
const BATCHES = 600;

function network(inputs: number, classes: number, seed: number) {
  const memory = lstm({
    ...{ units: UNITS, inputShape: [null, inputs], returnSequences: true, gateBias: { f: 2, i: -2 }, seed },
  });
  const choice = tf.layers.dense({
    units: classes,
    activation: 'softmax',
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
  });
  return tf.sequential({ layers: [memory, choice] });
}

const OPTIONS = { learningRate: 0.03, hiddenL1: 0.02 };

/** A unit other than the one found, to see what cutting any unit does. */
function another(unit: number, seed: number): number {
  return (unit + 1 + Math.floor(seededRandom(seed)() * (UNITS - 1))) % UNITS;
}

/** tf.tidy for what is no tensor. */
function tidied(work: () => Outcome): Outcome {
  let outcome: Outcome | null = null;
  tf.tidy(() => {
    outcome = work();
  });
  return outcome as unknown as Outcome;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

export async function runNumber(seed: number, batches: number): Promise<Outcome> {
  const model = network(25, 2, seed);
  const batch = (step: number) =>
    agreement({ steps: 40, streams: 16, seed: 10_000 * seed + step, language: 'en' });
  await train(model, batch, { steps: batches, ...OPTIONS });
  return tidied(() => {
    const test = agreement({ steps: 40, streams: 200, seed: 9_999_000 + seed, language: 'en' });
    const asked = new Map(test.questions.map(({ row, step, form }) => [`${row} ${step}`, form]));
    const ranking = rankUnits(trace(model, test.x), (step, row) => asked.get(`${row} ${step}`) ?? null);
    const { unit, strength } = ranking.units[0]!;
    const accuracies = (ablate: number[]) => {
      const { output } = clamp(model, test.x, { ablate });
      const of = (incongruent: boolean) => test.accuracy(output, one => one.incongruent === incongruent);
      return [of(false), of(true)] as const;
    };
    const [whole, cut, other] = [[], [unit], [another(unit, seed)]].map(accuracies);
    const words = ([congruent, incongruent]: readonly [number, number]) =>
      `${percent(congruent)}, ${percent(incongruent)}`;
    const met = whole![1] > 0.95 && cut![1] < whole![1] - 0.2;
    const detail = `congruent, incongruent: ${words(whole!)}; without unit ${unit} (AUC off by ${strength.toFixed(2)}): ${words(cut!)}; without another: ${words(other!)}`;
    return { seed, needed: met ? batches : null, detail };
  });
}

async function runGender(seed: number, batches: number): Promise<Outcome> {
  const probe = sentences({ steps: 30, streams: 1, seed, language: 'en' });
  const model = network(probe.x.shape[2], 3, seed);
  probe.dispose();
  const batch = (step: number) =>
    sentences({ steps: 30, streams: 16, seed: 10_000 * seed + step, language: 'en' });
  await train(model, batch, { steps: batches, ...OPTIONS });
  return tidied(() => {
    const test = sentences({ steps: 30, streams: 200, seed: 9_999_000 + seed, language: 'en' });
    const answers = test.y.arraySync() as number[][];
    // Two labels: she against he.
    const label = (step: number, row: number) =>
      answers[row]![step]! > 1 || answers[row]![step]! < 0 ? null : answers[row]![step]!;
    const { unit, strength } = rankUnits(trace(model, test.x), label).units[0]!;
    const [whole, cut, other] = [[], [unit], [another(unit, seed)]].map(ablate =>
      test.accuracy(clamp(model, test.x, { ablate }).output),
    );
    const met = whole! > 0.95 && cut! < whole! - 0.2;
    const detail = `she, he, it: ${percent(whole!)}; without unit ${unit} (AUC off by ${strength.toFixed(2)}): ${percent(cut!)}; without another: ${percent(other!)}`;
    return { seed, needed: met ? batches : null, detail };
  });
}

const about = {
  settings: `lstm of ${UNITS} units, f bias 2, i bias −2; ${BATCHES} batches of 16 streams, Adam at .03, hiddenL1 .02; unit found by rankUnits (AUC of c where asked)`,
  limit: BATCHES,
};

export const AGREEMENT: readonly Experiment[] = [
  {
    ...about,
    name: 'number',
    title: 'Number agreement, the unit found cut off',
    source: 'after Lakretz et al. 2019 (a language model of 2 × 650 units there)',
    criterion: 'incongruent above 95%, and at least 20 points less without the unit',
    paper: 'without a number unit incongruent falls to about chance, congruent stays high',
    run: runNumber,
  },
  {
    ...about,
    name: 'gender',
    title: 'Pronoun gender, the unit found cut off',
    source: 'after Jumelet et al. 2019 (a large language model there)',
    criterion: 'above 95%, and at least 20 points less without the unit',
    paper: 'no figure to compare; default categories are found',
    run: runGender,
  },
];
