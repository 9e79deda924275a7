// Child program of dropin-models.slow.test.ts: on the backend that GATEBOOK_BACKEND names, trains the same models
// with tf.layers' LSTM layers and with ours, saves and loads, counts what calls leave behind, and says what it
// found as JSON.
import type { LayersModel, layers, Tensor, Tensor3D } from '@tensorflow/tfjs';
import { accelerate } from '../../kernel/lstm/accelerate.ts';
import { bidirectional } from '../../kernel/lstm/bidirectional.ts';
import { lstmCell } from '../../kernel/lstm/cell.ts';
import { wasmMemoryBytes } from '../../kernel/lstm/kernels/compiled/wasm.ts';
import { type LstmOptions, lstm } from '../../kernel/lstm/layer.ts';
import { rnn } from '../../kernel/lstm/rnn.ts';
import { tf } from '../../kernel/lstm/tf.ts';
import { variant } from '../../kernel/lstm/variants/layer.ts';
import { relativeError } from './reference.ts';

export interface ModelFindings {
  /** Weights after training, ours against tf.layers', by model. */
  readonly trained: Readonly<Record<string, number>>;
  /** What was not as it should be when accelerating each model and putting it back. */
  readonly accelerated: Readonly<Record<string, readonly string[]>>;
  /** Tensors, data, native handles and bytes of WebAssembly memory more after many calls, by kind of layer. */
  readonly leaks: Readonly<Record<string, readonly number[]>>;
}

// tf.layers says so of every decoder that is saved: its states, which stand in the graph all the same.
const { warn } = console;
console.warn = (...said: unknown[]) => {
  if (!String(said[0]).includes('non-serializable keyword arguments')) warn(...said);
};

type Make = (options: LstmOptions) => ReturnType<typeof tf.layers.lstm>;
const theirs: Make = options => tf.layers.lstm(options as never);
const common: Pick<
  LstmOptions,
  'recurrentActivation' | 'unitForgetBias' | 'recurrentInitializer' | 'returnSequences'
> = {
  ...{ recurrentActivation: 'sigmoid', unitForgetBias: true, recurrentInitializer: 'glorotUniform' },
  returnSequences: true,
};

type Build = (make: Make) => LayersModel;
const sequential = (...layers: unknown[]) => tf.sequential({ layers: layers as never[] });
const head = () => tf.layers.dense({ units: 2 });
const input = { inputShape: [6, 3] };

const MODELS: Readonly<Record<string, Build>> = {
  stacked: make => sequential(make({ ...common, units: 5, ...input }), make({ ...common, units: 4 }), head()),
  masked: make =>
    sequential(
      tf.layers.masking({ maskValue: 0, ...input }),
      make({ ...common, units: 5 }),
      make({ ...common, units: 4 }),
      head(),
    ),
  embedded: make =>
    sequential(
      tf.layers.dense({ units: 4, ...input }),
      make({ ...common, units: 5, goBackwards: true }),
      head(),
    ),
  bound: make =>
    sequential(
      make({
        ...{ ...common, units: 5, ...input },
        kernelRegularizer: tf.regularizers.l2({ l2: 0.05 }),
        recurrentRegularizer: tf.regularizers.l1({ l1: 0.02 }),
        biasRegularizer: tf.regularizers.l2({ l2: 0.1 }),
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.6, axis: 0 }),
        recurrentConstraint: tf.constraints.unitNorm({ axis: 0 }),
        biasConstraint: tf.constraints.nonNeg(),
      }),
      head(),
    ),
  'hard gates': make =>
    sequential(make({ ...common, units: 5, recurrentActivation: 'hardSigmoid', ...input }), head()),
  stateful: make =>
    sequential(make({ ...common, units: 5, stateful: true, batchInputShape: [8, 6, 3] }), head()),
  nested: make => sequential(sequential(make({ ...common, units: 5, ...input })), head()),
  'encoder and decoder': make => {
    const x = tf.input({ shape: [6, 3] });
    const [, h, c] = make({ ...common, units: 5, returnState: true }).apply(x) as never[];
    const decoded = make({ ...common, units: 5 }).apply(x, { initialState: [h, c] });
    return tf.model({ inputs: x, outputs: head().apply(decoded as never) as never });
  },
  'a cell in tf.layers.rnn': make => {
    const { returnSequences, ...cell } = common;
    if (make !== theirs) return sequential(make({ ...common, units: 5, ...input }), head());
    const options = { units: 5, ...cell } as Parameters<typeof tf.layers.lstmCell>[0];
    return sequential(
      tf.layers.rnn({ cell: tf.layers.lstmCell(options), returnSequences: true, ...input }),
      head(),
    );
  },
  'both ways': make => sequential(tf.layers.masking({ maskValue: 0, ...input }), both(make), head()),
};

function both(make: Make): unknown {
  const layer = make({ ...common, units: 4 });
  return make === theirs
    ? tf.layers.bidirectional({ layer: layer as never, mergeMode: 'concat' })
    : bidirectional({ layer: layer as never });
}

const ends = tf.tensor3d(
  Float32Array.from({ length: 8 * 6 }, (_, at) => (at % 6 < 6 - (Math.floor(at / 6) % 3) ? 1 : 0)),
  [8, 6, 1],
);
const x = tf.randomUniform([8, 6, 3], -1, 1, 'float32', 2).mul(ends) as Tensor3D;
const y = tf.randomUniform([8, 6, 2], -1, 1, 'float32', 3);

async function train(model: LayersModel): Promise<void> {
  model.resetStates();
  model.compile({ optimizer: tf.train.sgd(0.3), loss: 'meanSquaredError' });
  await model.fit(x, y, { epochs: 3, batchSize: 8, shuffle: false, verbose: 0 });
}

function weightsOf(model: LayersModel): number[][] {
  return model.getWeights().map(weight => [...weight.dataSync()]);
}

function worst(ours: number[][], others: number[][]): number {
  if (ours.length !== others.length) return Number.POSITIVE_INFINITY;
  return Math.max(...ours.map((values, at) => relativeError(values, others[at]!)));
}

const predicted = (model: LayersModel): number[] =>
  tf.tidy(() => {
    model.resetStates();
    return [...(model.predict(x, { batchSize: 8 }) as Tensor).dataSync()];
  });

async function saved(model: LayersModel): Promise<LayersModel> {
  let kept: Parameters<typeof tf.io.fromMemory>[0] | null = null;
  const handler = tf.io.withSaveHandler(async artifacts => {
    kept = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
  return tf.loadLayersModel(tf.io.fromMemory(kept!));
}

/** Of a model of tf.layers, loaded from its file: what accelerating must change, and what it must not. */
async function acceleration(build: Build): Promise<string[]> {
  const wrong: string[] = [];
  const expect = (fine: boolean, what: string) => {
    if (!fine) wrong.push(what);
  };
  const model = await saved(build(theirs));
  const before = predicted(model);
  const file = JSON.stringify(model.toJSON());
  const first = accelerate(model);
  expect(first.changed.length > 0 && first.left.length === 0, `changed ${JSON.stringify(first)}`);
  expect(relativeError(predicted(model), before) < 1e-5, 'predicts otherwise');
  const again = accelerate(model);
  expect(again.changed.length === 0, 'changed twice');
  expect(again.fast.join() === first.changed.join(), 'forgot what is fast');
  expect(JSON.stringify(model.toJSON()) === file, 'is saved otherwise');
  again.restore();
  expect(accelerate(model).changed.length === 0, 'put back by a call that changed nothing');
  const whole = weightsOf(model);
  await train(model);
  const fast = weightsOf(model);
  first.restore();
  model.setWeights(whole.map((values, at) => tf.tensor(values, model.getWeights()[at]!.shape)));
  model.resetStates();
  await train(model);
  expect(worst(fast, weightsOf(model)) < 1e-5, 'trains otherwise');
  expect(accelerate(model).changed.length === first.changed.length, 'was not put back');
  return wrong;
}

async function trainedError(build: Build): Promise<number> {
  const [own, other] = [build(lstm), build(theirs)];
  predicted(own); // builds
  own.setWeights(other.getWeights());
  other.setWeights(own.getWeights()); // constraints are applied to what is set
  await train(own);
  await train(other);
  // Loading applies constraints, which tf.layers does not hold during training: a file against a file.
  const [loaded, otherLoaded] = [await saved(own), await saved(other)];
  return Math.max(
    worst(weightsOf(own), weightsOf(other)),
    relativeError(predicted(own), predicted(other)),
    relativeError(predicted(loaded), predicted(otherLoaded)),
  );
}

const calls = process.env.GATEBOOK_LONG === '1' ? 10_000 : 1000;
const native = tf.getBackend() === 'tensorflow';

function counts(): number[] {
  const backend = tf.backend() as unknown as { numDataIds(): number; getNumOfTFTensors?(): number };
  const handles = native ? (backend.getNumOfTFTensors?.() ?? -1) : 0;
  return [tf.memory().numTensors, backend.numDataIds(), handles, wasmMemoryBytes()];
}

const lstmOf = (options: Partial<LstmOptions>) =>
  lstm({ units: 3, returnSequences: true, returnState: true, ...options });
const sequences = { units: 3, returnSequences: true };

/** By name: a layer, and whether it is given padding. */
const KINDS: Readonly<Record<string, readonly [() => layers.Layer, boolean]>> = {
  plain: [() => lstmOf({}), true],
  loop: [() => lstmOf({ kernel: 'loop' }), true],
  wasm: [() => lstmOf({ kernel: 'wasm' }), true],
  stateful: [() => lstmOf({ stateful: true, batchInputShape: [3, 4, 2] }), true],
  'dropout, seeded': [() => lstmOf({ dropout: 0.3, recurrentDropout: 0.3, kernel: 'wasm', seed: 3 }), true],
  dropout: [() => lstmOf({ dropout: 0.3, recurrentDropout: 0.3 }), true],
  ...(native ? { BlockLSTMV2: [() => lstmOf({ kernel: 'BlockLSTMV2' }), false] as const } : {}),
  rnn: [() => rnn({ ...sequences, returnState: true, dropout: 0.3, recurrentDropout: 0.3 }), true],
  'a cell': [() => accelerated(tf.layers.rnn({ cell: lstmCell({ units: 3 }), returnSequences: true })), true],
  variant: [() => variant({ kind: 'FGR', ...sequences }), false],
};

function accelerated(layer: layers.Layer): layers.Layer {
  accelerate(layer);
  return layer;
}

function growth([make, padded]: (typeof KINDS)[string]): number[] {
  const layer = make();
  const given = tf.randomUniform([3, 4, 2], -1, 1, 'float32', 1) as Tensor3D;
  const mask = padded ? tf.tensor2d([1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0], [3, 4]) : null;
  layer.build([3, 4, 2]);
  const loss = (input: Tensor) => {
    const outputs = [layer.call(input, { mask, training: true } as never)].flat();
    return outputs.reduce<Tensor>((sum, output) => sum.add(output.square().mean()), tf.scalar(0));
  };
  const work = (times: number) => {
    for (let run = 0; run < times; run++) tf.dispose(tf.grad(loss)(given));
  };
  work(5);
  const before = counts();
  work(calls);
  const grown = counts().map((count, at) => count - before[at]!);
  tf.dispose(mask ? [given, mask] : [given]);
  return grown;
}

const trained: Record<string, number> = {};
const changes: Record<string, readonly string[]> = {};
for (const [name, build] of Object.entries(MODELS)) {
  trained[name] = await trainedError(build);
  changes[name] = await acceleration(build);
}
const leaks = Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, growth(kind)]));
const findings: ModelFindings = { trained, accelerated: changes, leaks };
process.stdout.write(`${JSON.stringify(findings)}\n`);
