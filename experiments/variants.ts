// Greff et al. 2015 on a small task: which of the nine networks hold a value and let go of it in time?
import { KINDS, type KindName, latch, seededRandom, tf, train, variant } from '../kernel/lstm/index.ts';
import type { Experiment } from './experiment.ts';

const BATCHES = 300;

/** Share of questions answered right, 0..1, on streams twice as long as those learnt from. */
export async function accuracyOf(kind: KindName, seed: number, batches: number): Promise<number> {
  const memory = variant({
    kind,
    units: 4,
    inputShape: [null, 3],
    returnSequences: true,
    seed,
    ...(KINDS[kind].forgetGate && !KINDS[kind].coupled ? { gateBias: { f: 1 } } : {}),
  });
  const choice = tf.layers.dense({
    units: 3,
    activation: 'softmax',
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
  });
  const model = tf.sequential({ layers: [memory, choice] });
  await train(model, step => latch({ steps: 40, streams: 8, seed: 10_000 * seed + step }), {
    steps: batches,
    learningRate: 0.03,
  });
  return tf.tidy(() => {
    const test = latch({ steps: 80, streams: 100, seed: 9_999_000 + seed });
    return test.accuracy(model.predict(test.x));
  });
}

/** Of each network, in an order drawn from the seed, that none may profit from being first. */
async function all(seed: number): Promise<Map<KindName, number>> {
  const random = seededRandom(seed);
  const kinds = (Object.keys(KINDS) as KindName[]).map(kind => [random(), kind] as const);
  const found = new Map<KindName, number>();
  for (const [, kind] of kinds.sort(([left], [right]) => left - right))
    found.set(kind, await accuracyOf(kind, seed, BATCHES));
  return found;
}

export const VARIANTS: Experiment = {
  name: 'variants',
  title: "Greff's ordering, on latch (hold one of three values through noise, answer, take the next)",
  source: 'Greff et al. 2015, "LSTM: A Search Space Odyssey"; small task of our own',
  settings: `4 units, ${BATCHES} batches of 8 streams of 40 steps, Adam at .03, forget bias 1 where there is one`,
  criterion: 'worst of NP, V, CIFG above best of NFG, NOAF in accuracy on streams of 80 steps',
  paper: 'V, NP, CIFG alike; NFG, NOAF significantly worse (TIMIT, IAM-OnDB, JSB)',
  limit: BATCHES,
  async run(seed) {
    const found = await all(seed);
    const of = (...kinds: KindName[]) => kinds.map(kind => found.get(kind)!);
    const holds = Math.min(...of('NP', 'V', 'CIFG')) > Math.max(...of('NFG', 'NOAF'));
    const ranked = [...found].sort(([, left], [, right]) => right - left);
    const detail = ranked.map(([kind, accuracy]) => `${kind} ${(100 * accuracy).toFixed(1)}`).join(' > ');
    return { seed, needed: holds ? BATCHES : null, detail };
  },
};
