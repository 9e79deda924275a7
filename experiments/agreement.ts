// Number agreement and pronoun gender in small language models, with the unit that tells most about the answer cut off
// (after Lakretz et al. 2019, "The emergence of number and syntax units in LSTM language models").
import {
  agreement,
  clamp,
  lstm,
  type Ranking,
  rankUnits,
  sentences,
  tf,
  trace,
  train,
} from '../kernel/lstm/index.ts';
import type { Experiment, Outcome } from './experiment.ts';

const UNITS = 3;
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

const OPTIONS = { learningRate: 0.03, hiddenL1: 0.1 };

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** tf.tidy for what is no tensor. */
function tidied<Value>(work: () => Value): Value {
  let value: Value | null = null;
  tf.tidy(() => {
    value = work();
  });
  return value as Value;
}

/** The units that tell most, cut off one after another: [most], [most, second], ... */
const cuts = (ranking: Ranking): number[][] =>
  ranking.units.map((_, at) => ranking.units.slice(0, at + 1).map(({ unit }) => unit));

export interface NumberAccuracy {
  readonly congruent: number;
  readonly incongruent: number;
}

/** Accuracies of a trained net: whole, and with ever more of the units cut that tell most about the subject. */
export async function numberCut(
  seed: number,
  batches: number,
): Promise<{ readonly whole: NumberAccuracy; readonly cut: readonly NumberAccuracy[] }> {
  const model = network(25, 2, seed);
  const batch = (step: number) =>
    agreement({ steps: 40, streams: 16, seed: 10_000 * seed + step, language: 'en' });
  await train(model, batch, { steps: batches, ...OPTIONS });
  return tidied(() => {
    const test = agreement({ steps: 40, streams: 200, seed: 9_999_000 + seed, language: 'en' });
    const asked = new Map(test.questions.map(({ row, step, form }) => [`${row} ${step}`, form]));
    const ranking = rankUnits(trace(model, test.x), (step, row) => asked.get(`${row} ${step}`) ?? null);
    const without = (ablate: number[]): NumberAccuracy => {
      const { output } = clamp(model, test.x, { ablate });
      const of = (incongruent: boolean) => test.accuracy(output, one => one.incongruent === incongruent);
      return { congruent: of(false), incongruent: of(true) };
    };
    return { whole: without([]), cut: cuts(ranking).map(without) };
  });
}

async function runNumber(seed: number, batches: number): Promise<Outcome> {
  const { whole, cut } = await numberCut(seed, batches);
  const met = whole.incongruent > 0.95 && cut[0]!.incongruent < whole.incongruent - 0.2;
  const all = [whole, ...cut].map(one => `${percent(one.congruent)} and ${percent(one.incongruent)}`);
  return {
    seed,
    needed: met ? batches : null,
    detail: `congruent and incongruent with 0, 1, … units cut: ${all.join('; ')}`,
  };
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
    // Two labels: she (0) against he (1).
    const label = (step: number, row: number) => [0, 1].find(kind => kind === answers[row]![step]) ?? null;
    const ranking = rankUnits(trace(model, test.x), label);
    const [whole, ...cut] = [[], ...cuts(ranking)].map(ablate =>
      test.accuracy(clamp(model, test.x, { ablate }).output),
    );
    const met = whole! > 0.95 && cut[0]! < whole! - 0.2;
    const all = [whole!, ...cut].map(percent).join('; ');
    return { seed, needed: met ? batches : null, detail: `she, he, it with 0, 1, … units cut: ${all}` };
  });
}

const about = {
  settings: `lstm of ${UNITS} units, f bias 2, i bias −2; ${BATCHES} batches of 16 streams, Adam at .03, hiddenL1 .1; units found by rankUnits (AUC of c where asked), cut off in that order`,
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
