// Keras models whole: `.keras`, `.h5` and tensorflowjs' `model.json`, of Keras 2 and 3, as models of tf.layers.
import { suggestion } from '../../near-names.ts';
import { accelerate } from '../accelerate.ts';
import { isModel, type Layer } from '../instrument.ts';
import { activationName } from '../kernels/activations.ts';
import { type Every, rejectUnknown } from '../known-names.ts';
import { tf } from '../tf.ts';
import type { StoredArray } from './hdf5.ts';
import { type Described, forTfjs, isDescribed, type JsonObject, layersIn, nameOf } from './keras-config.ts';
import { type KerasFile, readKeras, type Weights } from './keras-file.ts';
import { listed, readSource, type Source } from './source.ts';
import { type CellArrays, disposeWhole, type ImportedLstm, importedModel, stackOf } from './stack.ts';

/** What to take from the file. */
export interface KerasOptions {
  /** One LSTM (or Bidirectional LSTM) alone, by its name: for models with layers that tf.layers has not. */
  readonly layer?: string;
}

export const KERAS_OPTIONS: Every<KerasOptions> = { layer: true };

/**
 * A Keras model, Sequential or functional, whole: `.keras` (Keras 3, and 2.12 on), `.h5` of a whole model, or
 * `model.json` as tensorflowjs' converter writes it (float32).
 * @param source path, file URL, or bytes (of `.keras` and `.h5`).
 * @returns `model` is a tf.layers model that takes and gives what the Keras model does, all layers with the file's
 *   weights, freshly initialised nowhere, and its LSTM layers run as one op each ({@link accelerate}). Steps that a mask leaves out keep the output of the step before, where
 *   Keras' Bidirectional gives 0.
 * @throws RangeError for a file that is none of the three; for a layer that tf.layers has not (`layer` then imports
 *   one LSTM alone); for Keras 3's hard_sigmoid, which is another function than Keras 2's and tfjs' (x/6 + 0.5, not
 *   0.2 x + 0.5); for a mask that is an input of its own; for weights that do not fit; for a `layer` that merges its directions otherwise than by concat, or reads the first of
 *   them backward; for a file beside it that is not in its folder; for unknown options and layer names.
 * @example
 * ```ts
 * import { fromKeras, trace } from 'gatebook';
 * const { model } = await fromKeras('test/lstm/imports/references/keras-tagger.keras');
 * trace(model, [[4, 2, 5, 0, 0, 0]]).f.shape; // [6, 1, 4]
 * ```
 */
export async function fromKeras(source: Source, options: KerasOptions = {}): Promise<ImportedLstm> {
  rejectUnknown('import a Keras model', options, KERAS_OPTIONS);
  const content = readSource(source);
  const file = await readKeras(content);
  if (options.layer !== undefined) return oneLayer(file, options.layer, content.name);
  refuseHardSigmoid(layersIn(file.model), file.version);
  const model = await described(file, content.name);
  try {
    assign(model, file.weights, content.name);
  } catch (error) {
    disposeWhole(model);
    throw error;
  }
  accelerate(model);
  return importedModel(model);
}

async function described({ model }: KerasFile, file: string) {
  const modelTopology = forTfjs(model);
  try {
    return await tf.models.modelFromJSON({ modelTopology } as Parameters<typeof tf.models.modelFromJSON>[0]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const [, unknown] = /^Unknown layer: (\w+)/.exec(why) ?? [];
    const lstms = lstmNames(model);
    const cure = lstms.length > 0 ? ` Its LSTM layers can be imported alone: {layer: '${lstms[0]}'}.` : '';
    throw new RangeError(
      `Cannot import ${file}: ${unknown ? `tf.layers has no layer ${unknown}` : why.replace(/\.$/, '')}.${cure}`,
    );
  }
}

/** Since Keras 3 hard_sigmoid is relu6(x + 3) / 6. */
function refuseHardSigmoid(layers: readonly Described[], version: string): void {
  if (!(Number.parseInt(version, 10) >= 3)) return;
  const found = layers.find(({ config }) =>
    [config.activation, config.recurrent_activation].includes('hard_sigmoid'),
  );
  if (found)
    throw new RangeError(
      `Cannot import '${nameOf(found)}': it has Keras 3's hard_sigmoid (x/6 + 0.5), tfjs has Keras 2's (0.2 x + 0.5). Train it with sigmoid.`,
    );
}

function assign(model: Layer, weights: Weights, file: string): void {
  for (const layer of (model as unknown as { readonly layers: readonly Layer[] }).layers) {
    const inside = isModel(layer) ? weights.inside(layer.name) : null;
    if (inside) assign(layer, inside, file);
    else fill(layer, weights.of(layer.name), file);
  }
}

function fill(layer: Layer, arrays: readonly StoredArray[], file: string): void {
  const wanted = layer.getWeights().map(({ shape }) => `[${shape.join(', ')}]`);
  const given = arrays.map(({ shape }) => `[${shape.join(', ')}]`);
  if (wanted.join() !== given.join())
    throw new RangeError(
      `Cannot fill layer '${layer.name}' (${layer.getClassName()}) from ${file}: it has weights of ${listed(wanted)}, the file has ${listed(given)}.`,
    );
  tf.tidy(() => layer.setWeights(arrays.map(({ shape, values }) => tf.tensor(values(), [...shape]))));
}

const isLstm = (layer: Described): boolean =>
  layer.class_name === 'LSTM' ||
  (layer.class_name === 'Bidirectional' &&
    isDescribed(layer.config.layer) &&
    layer.config.layer.class_name === 'LSTM');

/** LSTM layers of the model itself, without the two inside a Bidirectional. */
function lstmNames({ config }: Described): readonly string[] {
  const layers = Array.isArray(config.layers) ? (config.layers as readonly JsonObject[]) : [];
  return layers.filter(isDescribed).filter(isLstm).map(nameOf);
}

function oneLayer({ model, weights, version }: KerasFile, name: string, file: string): ImportedLstm {
  const names = lstmNames(model);
  const layer = layersIn(model).find(one => nameOf(one) === name && isLstm(one));
  if (!layer || !names.includes(name))
    throw new RangeError(
      `Cannot import ${file}: no LSTM layer is called '${name}'${suggestion(name, names) || '.'} It has ${listed(names)}.`,
    );
  const cell = isDescribed(layer.config.layer) ? layer.config.layer : layer;
  refuseHardSigmoid([cell], version);
  if (layer.class_name === 'Bidirectional') refuseOtherWays(layer, cell);
  const arrays = weights.of(name);
  const perCell = cell.config.use_bias === false ? 2 : 3;
  const [kernel, recurrent] = arrays;
  const both = layer.class_name === 'Bidirectional';
  if (!kernel || !recurrent || arrays.length !== perCell * (both ? 2 : 1))
    throw new RangeError(`Cannot import '${name}' of ${file}: it has ${arrays.length} weights.`);
  const cellAt = (at: number): CellArrays => {
    const [w, r, b] = arrays.slice(at * perCell, (at + 1) * perCell).map(array => array.values());
    return { kernel: w!, recurrentKernel: r!, bias: b ?? null };
  };
  const backwards = !both && cell.config.go_backwards === true;
  return stackOf([
    {
      ...{ name, inputs: kernel.shape[0]!, units: recurrent.shape[0]! },
      forward: backwards ? null : cellAt(0),
      backward: both ? cellAt(1) : backwards ? cellAt(0) : null,
      activation: knownActivation(cell, 'activation'),
      recurrentActivation: knownActivation(cell, 'recurrent_activation'),
    },
  ]);
}

/** stackOf sets both directions side by side, forward first. */
function refuseOtherWays(layer: Described, cell: Described): void {
  const { merge_mode: merged = 'concat' } = layer.config;
  const why =
    merged !== 'concat'
      ? `its merge_mode is ${merged}, alone it can have concat only`
      : 'its LSTM goes backwards itself (go_backwards), alone it can begin with the forward one only';
  if (merged !== 'concat' || cell.config.go_backwards === true)
    throw new RangeError(`Cannot import '${nameOf(layer)}': ${why}. Import the model whole, without layer.`);
}

function knownActivation(cell: Described, which: 'activation' | 'recurrent_activation') {
  const given = String(cell.config[which] ?? 'linear');
  const known = activationName(given);
  if (known) return known;
  throw new RangeError(`Cannot import '${nameOf(cell)}': its ${which} is ${given}, which lstm() has not.`);
}
