// From weights of any framework to layers: `Level`s in our column order (i, f, g, o; as Keras has it) become a
// tf.sequential of `lstm()` layers, two of them under tf.layers.bidirectional where a level runs both ways.
import type { LayersModel, layers, Sequential } from '@tensorflow/tfjs';
import { lstmLayers } from '../instrument.ts';
import type { ActivationName } from '../kernels/activations.ts';
import { type LstmLayer, lstm, type TfjsLstm } from '../layer.ts';
import { tf } from '../tf.ts';

/** One direction of one level: kernel [D, 4H], recurrentKernel [H, 4H], bias [4H]; columns i, f, g, o. */
export interface CellArrays {
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array | null;
}

/** One level of a stack: at least one direction. */
export interface Level {
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
  readonly forward: CellArrays | null;
  readonly backward: CellArrays | null;
  readonly activation?: ActivationName;
  readonly recurrentActivation?: ActivationName;
}

/** What an import gives. */
export interface ImportedLstm<Model extends LayersModel = LayersModel> {
  /** A model with the weights of the file, for `trace`, `clamp`, `predict` and, as a layer, `tf.sequential`. */
  readonly model: Model;
  /** Its LSTM layers in the order they run, forward before backward where a level has both. */
  readonly layers: readonly TfjsLstm[];
  /** One line a LSTM layer: the file's name for it, its sizes and direction. */
  readonly found: readonly string[];
  /** Frees the weights. */
  dispose(): void;
}

/** A stack of LSTM layers alone: [batch, steps, D] in, [batch, steps, H] (2H both ways) out. */
export interface ImportedStack extends ImportedLstm<Sequential> {
  readonly layers: readonly LstmLayer[];
}

/** @param levels in the order they run, each as wide as the one before gives out. */
export function stackOf(levels: readonly Level[]): ImportedStack {
  const model = tf.sequential();
  const all = levels.map((level, at) => layersOf(level, at));
  for (const { outer } of all) model.add(outer);
  for (const [at, { forward, backward }] of all.entries()) {
    if (forward) fill(forward, levels[at]!, levels[at]!.forward!);
    if (backward) fill(backward, levels[at]!, levels[at]!.backward!);
  }
  const inner = all.flatMap(({ forward, backward }) => [forward, backward].filter(layer => layer !== null));
  return {
    model,
    layers: inner,
    found: levels.map(describe),
    dispose: () => disposeWhole(model),
  };
}

/** tfjs-layers' wrappers keep the weights of what they hold when they are disposed. */
export function disposeWhole(model: LayersModel): void {
  const weights = model.getWeights();
  model.dispose();
  for (const weight of weights) if (!weight.isDisposed) weight.dispose();
}

export function importedModel(model: LayersModel): ImportedLstm {
  // A Bidirectional also holds the layer it was made from, which never runs.
  const layers = lstmLayers(model).filter(layer => layer.getWeights().length > 0);
  return { model, layers, found: layers.map(foundOf), dispose: () => disposeWhole(model) };
}

function foundOf(layer: TfjsLstm): string {
  const [inputs = 0, columns = 0] = layer.getWeights()[0]?.shape ?? [];
  const backwards = (layer as unknown as { readonly goBackwards: boolean }).goBackwards;
  return `${layer.name}: ${inputs} inputs, ${columns / 4} units, ${backwards ? 'backward' : 'forward'}`;
}

function describe({ name, inputs, units, forward, backward }: Level): string {
  const way = forward && backward ? 'both directions' : forward ? 'forward' : 'backward';
  return `${name}: ${inputs} inputs, ${units} units, ${way}`;
}

interface LevelLayers {
  readonly outer: layers.Layer;
  readonly forward: LstmLayer | null;
  readonly backward: LstmLayer | null;
}

function layersOf(level: Level, at: number): LevelLayers {
  const first = at === 0 ? { batchInputShape: [null, null, level.inputs] } : {};
  const make = (prefix: string, goBackwards: boolean, more: object) =>
    lstm({
      name: `${prefix}${layerName(level.name)}`,
      ...{ units: level.units, returnSequences: true, goBackwards, useBias: hasBias(level) },
      ...{ activation: level.activation ?? 'tanh' },
      recurrentActivation: level.recurrentActivation ?? 'sigmoid',
      // The file's weights follow: zeros are made fastest.
      ...{ kernelInitializer: 'zeros', recurrentInitializer: 'zeros', unitForgetBias: false },
      ...more,
    });
  if (!level.backward || !level.forward) {
    const only = make('', level.forward === null, first);
    return {
      outer: only,
      forward: level.forward ? only : null,
      backward: level.backward ? only : null,
    };
  }
  const [forward, backward] = [make('forward_', false, {}), make('backward_', true, {})];
  return { outer: bothWays(level, forward, backward, first), forward, backward };
}

/** tf.layers.bidirectional makes layers of tfjs-layers' own class from the one it gets: ours take their place. */
function bothWays(level: Level, forward: LstmLayer, backward: LstmLayer, first: object): layers.Layer {
  const outer = tf.layers.bidirectional({
    name: layerName(level.name),
    layer: forward as never,
    mergeMode: 'concat',
    ...first,
  });
  Object.assign(outer, { forwardLayer: forward, backwardLayer: backward });
  return outer;
}

function hasBias({ forward, backward }: Level): boolean {
  return Boolean(forward?.bias ?? backward?.bias);
}

/** A file's name for a layer, without the signs that separate scopes in tfjs' names. */
function layerName(name: string): string {
  return name.replace(/[^\w.]+/g, '_').replace(/^_+|_+$/g, '') || 'lstm';
}

function fill(layer: LstmLayer, { inputs, units }: Level, cell: CellArrays): void {
  tf.tidy(() => {
    const bias = cell.bias ? [tf.tensor1d(cell.bias)] : [];
    layer.setWeights([
      tf.tensor2d(cell.kernel, [inputs, 4 * units]),
      tf.tensor2d(cell.recurrentKernel, [units, 4 * units]),
      ...bias,
    ]);
  });
}

/**
 * [4H, columns] in the gate blocks of another framework, transposed to [columns, 4H] in ours.
 * @param order for each of our i, f, g, o, which block of the other's it is.
 */
export function columnsOf(
  rows: Float32Array,
  columns: number,
  units: number,
  order: readonly number[],
): Float32Array {
  const out = new Float32Array(rows.length);
  for (const [gate, block] of order.entries())
    for (let unit = 0; unit < units; unit++)
      for (let column = 0; column < columns; column++)
        out[column * 4 * units + gate * units + unit] = rows[(block * units + unit) * columns + column]!;
  return out;
}

/** Two biases of [4H] in another's blocks, added; a layer has one. */
export function summedBias(
  first: Float32Array,
  second: Float32Array,
  units: number,
  order: readonly number[],
): Float32Array {
  const sum = first.map((value, at) => value + second[at]!);
  return columnsOf(sum, 1, units, order);
}
