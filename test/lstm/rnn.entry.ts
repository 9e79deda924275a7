// Child program of rnn.test.ts: on the backend that GATEBOOK_BACKEND names, compares rnn with
// tf.layers.simpleRNN, trains, saves, loads, counts tensors, and says what it found as JSON.
import type { LayersModel, Tensor, Tensor3D } from '@tensorflow/tfjs';
import { rnn, tf, train } from '../../kernel/lstm/index.ts';
import { relativeError } from './reference.ts';

export interface RnnFindings {
  readonly backend: string;
  /** Values and gradients against tf.layers.simpleRNN, by case. */
  readonly errors: Readonly<Record<string, number>>;
  /** Tensors and data left by 20 gradients and trainings. */
  readonly leaks: readonly number[];
  readonly loadedIsPlain: boolean;
  readonly losses: readonly number[];
}

const errors: Record<string, number> = {};
const x = tf.randomUniform([3, 6, 4], -1.5, 1.5, 'float32', 5) as Tensor3D;
const plain = tf.layers.simpleRNN({ units: 1 }).constructor;

/** Ours and theirs with the same weights. */
function pair(options: object): readonly [ReturnType<typeof rnn>, ReturnType<typeof tf.layers.simpleRNN>] {
  const ours = rnn({ units: 5, seed: 4, ...options });
  // tfjs warns of its slow orthogonal one
  const theirs = tf.layers.simpleRNN({ units: 5, recurrentInitializer: 'glorotUniform', ...options });
  for (const layer of [ours, theirs]) tf.dispose(layer.apply(x) as Tensor);
  for (const layer of [ours, theirs]) if (layer.stateful) layer.resetStates();
  theirs.setWeights(ours.getWeights().map((weight, at) => weight.add(0.1 * at)));
  ours.setWeights(theirs.getWeights());
  return [ours, theirs];
}

/** Some dropped, the same whenever it is asked: tf.layers and we draw the same. */
const dropoutFunc = (ones: Tensor, rate: number): Tensor =>
  tf.tensor(
    Float32Array.from({ length: ones.size }, (_, at) => ((at * 7 + 3) % 5 > 1 ? 1 / (1 - rate) : 0)),
    ones.shape,
  );
const mask = tf.tensor2d([1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], [3, 6], 'bool');
const every = { returnSequences: true, returnState: true };
const drops = { dropout: 0.3, recurrentDropout: 0.4, dropoutFunc };

function compare(name: string, options: object, kwargs?: object): void {
  const [ours, theirs] = pair(options);
  const outputs = [ours, theirs].map(layer => [layer.apply(x, kwargs as never) as Tensor | Tensor[]].flat());
  outputs[0]!.forEach((tensor, at) => {
    errors[`${name} ${at}`] = relativeError(tensor.dataSync(), outputs[1]![at]!.dataSync());
  });
}

compare('last step', {});
compare('every step', { returnSequences: true });
compare('states', { returnSequences: true, returnState: true });
compare('backwards', { goBackwards: true, returnSequences: true });
compare('no bias', { useBias: false });
compare('relu', { activation: 'relu' });
compare('softsign, on tf.layers itself', { activation: 'softsign' });
compare('first state', {}, { initialState: [tf.ones([3, 5]).mul(0.3)] });

const initialState = [tf.ones([3, 5]).mul(0.3)];
compare('padding', every, { mask, initialState });
compare('padding, last step', {}, { mask });
compare('padding, backwards', { ...every, goBackwards: true }, { mask });
compare('dropout', { ...every, ...drops }, { training: true });
compare('dropout with padding', { ...every, ...drops }, { training: true, mask, initialState });
compare('dropout at rest', { ...every, ...drops });

function compareGradients(name: string, options: object, kwargs: object = {}): void {
  const [ours, theirs] = pair(options);
  const gradients = (layer: typeof ours | typeof theirs): Tensor[] => {
    const loss = (input: Tensor) =>
      [layer.call(input as never, kwargs)]
        .flat()
        .reduce<Tensor>((sum, output) => sum.add(output.square().sum()), tf.scalar(0));
    const weights = layer.trainableWeights.map(weight => weight.read() as never);
    return [tf.grad(loss)(x), ...Object.values(tf.variableGrads(() => loss(x).asScalar(), weights).grads)];
  };
  const [own, other] = [gradients(ours), gradients(theirs)];
  own.forEach((tensor, at) => {
    errors[`${name} gradient ${at}`] = relativeError(tensor.dataSync(), other[at]!.dataSync());
  });
}
compareGradients('last step', {});
compareGradients('every step', { returnSequences: true });
compareGradients('padding', every, { mask, initialState });
compareGradients(
  'dropout with padding, backwards',
  { ...every, ...drops, goBackwards: true, useBias: false },
  {
    ...{ training: true, mask },
  },
);

function compareStateful(): void {
  const [ours, theirs] = pair({ stateful: true, batchInputShape: [3, 6, 4] });
  const twice = [ours, theirs].map(layer => {
    layer.apply(x);
    return (layer.apply(x) as Tensor).dataSync();
  });
  errors['stateful, second call'] = relativeError(twice[0]!, twice[1]!);
}
compareStateful();

function model(): LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  return tf.sequential({
    layers: [
      rnn({ units: 4, seed: 1, inputShape: [6, 4] }),
      tf.layers.dense({ units: 2, kernelInitializer }),
    ],
  });
}

const own = model();
const batches = [{ x, y: [0, 1, 1] }];
const counts = () => [
  tf.memory().numTensors,
  (tf.backend() as unknown as { numDataIds(): number }).numDataIds(),
];
const before = counts();
const { losses } = await train(own, batches, { steps: 20, learningRate: 0.05 });
for (let run = 0; run < 20; run++)
  tf.dispose(tf.grad(input => (own.layers[0]!.apply(input) as Tensor).sum())(x));
const leaks = counts().map((count, at) => count - before[at]!);

let saved: Parameters<typeof tf.io.fromMemory>[0] | null = null;
await own.save(
  tf.io.withSaveHandler(async artifacts => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  }),
);
const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
errors['saved and loaded'] = relativeError(
  (loaded.predict(x) as Tensor).dataSync(),
  (own.predict(x) as Tensor).dataSync(),
);
const findings: RnnFindings = {
  backend: tf.getBackend(),
  errors,
  leaks,
  loadedIsPlain: loaded.layers[0]!.constructor === plain,
  losses: [...losses],
};
process.stdout.write(`${JSON.stringify(findings)}\n`);
