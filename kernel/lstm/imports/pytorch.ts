// PyTorch's nn.LSTM (and nn.LSTMCell) from a state_dict in safetensors. Its names and order are documented at
// nn.LSTM: weight_ih_l[k] (4H, D), weight_hh_l[k] (4H, H), two biases (4H), rows i, f, g, o, `_reverse` for the
// way back. Its o, like ours, sees no cell state.
import { suggestion } from '../../near-names.ts';
import { type Every, rejectUnknown } from '../known-names.ts';
import { readSafetensors, type StoredTensor } from './safetensors.ts';
import { listed, readSource, type Source } from './source.ts';
import { type CellArrays, columnsOf, type ImportedStack, type Level, stackOf, summedBias } from './stack.ts';

/** What to take from a file with more than one LSTM. */
export interface SafetensorsOptions {
  /** What the names of the LSTM's weights begin with: the module's name in the PyTorch model, 'encoder.lstm'. */
  readonly prefix?: string;
}

export const SAFETENSORS_OPTIONS: Every<SafetensorsOptions> = { prefix: true };

/** PyTorch's gate blocks are in our order. */
const ORDER = [0, 1, 2, 3];
const WEIGHT = /^(?:(.*)\.)?weight_ih(?:_l(\d+))?(_reverse)?$/;

type Tensors = ReadonlyMap<string, StoredTensor>;

/**
 * The LSTM of a PyTorch model whose `state_dict` was saved with `safetensors.torch.save_file`: every level,
 * both directions, with or without biases. Numbers may be F32, F16, BF16 or F64; they become float32.
 * @param source path, file URL or bytes.
 * @returns `model` takes [batch, steps, features] (PyTorch's `batch_first`), gives [batch, steps, H or 2H].
 * @throws RangeError for a file that is none, has no LSTM (naming what it has), or several and no `prefix`;
 *   for `proj_size`, which lstm() has not; for weights whose shapes do not go together; for unknown options.
 * @example
 * ```ts
 * import { fromSafetensors, tf, trace } from 'gatebook';
 * const file = 'test/lstm/imports/references/pytorch-prefix.safetensors';
 * const { model } = await fromSafetensors(file, { prefix: 'encoder.lstm' });
 * trace(model, tf.ones([1, 5, 3])).layers.length; // 2
 * ```
 */
export async function fromSafetensors(
  source: Source,
  options: SafetensorsOptions = {},
): Promise<ImportedStack> {
  rejectUnknown('import safetensors', options, SAFETENSORS_OPTIONS);
  const content = readSource(source);
  const tensors = readSafetensors(content);
  const prefix = choosePrefix(tensors, options.prefix, content.name);
  const levels = levelNames(tensors, prefix).map((suffix, at) => levelOf(tensors, prefix, suffix, at));
  return stackOf(checkedChain(levels));
}

function choosePrefix(tensors: Tensors, wanted: string | undefined, file: string): string {
  const names = [...tensors.keys()];
  const found = [
    ...new Set(
      names.flatMap(
        name =>
          WEIGHT.exec(name)
            ?.slice(1, 2)
            .map(text => text ?? '') ?? [],
      ),
    ),
  ];
  const asked = wanted?.replace(/\.$/, '');
  if (found.length === 0)
    throw new RangeError(
      `Cannot import ${file}: no weight_ih_l0 among its tensors, so no nn.LSTM. It has ${listed(names)}.`,
    );
  if (asked !== undefined && !found.includes(asked))
    throw new RangeError(
      `Cannot import ${file}: no LSTM has the prefix '${asked}'${suggestion(asked, found) || '.'} It has ${listed(found.map(quoted))}.`,
    );
  if (asked === undefined && found.length > 1)
    throw new RangeError(
      `Cannot import ${file}: it has ${found.length} LSTMs, with the prefixes ${listed(found.map(quoted))}. Say which: {prefix: ${quoted(found[0] ?? '')}}.`,
    );
  return asked ?? found[0] ?? '';
}

const quoted = (text: string): string => `'${text}'`;
const named = (prefix: string, name: string): string => (prefix ? `${prefix}.${name}` : name);

/** '_l0', '_l1' …, or '' for an nn.LSTMCell. */
function levelNames(tensors: Tensors, prefix: string): readonly string[] {
  if (tensors.has(named(prefix, 'weight_ih'))) return [''];
  const count = [...tensors.keys()].filter(name => {
    const [, before = '', level, reverse] = WEIGHT.exec(name) ?? [];
    return before === prefix && level !== undefined && !reverse;
  }).length;
  return Array.from({ length: count }, (_, at) => `_l${at}`);
}

function levelOf(tensors: Tensors, prefix: string, suffix: string, at: number): Level {
  const name = named(prefix, `weight_ih${suffix}`);
  const [rows = 0, inputs = 0] = wanted(tensors, name).shape;
  const units = wanted(tensors, named(prefix, `weight_hh${suffix}`)).shape[1] ?? 0;
  if (tensors.has(named(prefix, `weight_hr${suffix}`)))
    throw new RangeError(
      `Cannot import '${prefix}': it has projections (weight_hr${suffix}, proj_size), which lstm() has not.`,
    );
  if (rows !== 4 * units) throw notFourGates(name, rows, units);
  const direction = (reverse: string) => cellOf(tensors, prefix, `${suffix}${reverse}`, inputs, units);
  const backward = tensors.has(`${name}_reverse`) ? direction('_reverse') : null;
  return { name: `${prefix || 'lstm'}_l${at}`, inputs, units, forward: direction(''), backward };
}

function notFourGates(name: string, rows: number, units: number): RangeError {
  const kind = { 3: 'an nn.GRU', 1: 'an nn.RNN' }[rows / units] ?? 'no LSTM of PyTorch';
  return new RangeError(
    `Cannot import '${name}': it has ${rows} rows for ${units} units, an LSTM has 4 times as many. This is ${kind}.`,
  );
}

function cellOf(tensors: Tensors, prefix: string, suffix: string, inputs: number, units: number): CellArrays {
  const read = (name: string, shape: readonly number[]) => {
    const full = named(prefix, `${name}${suffix}`);
    const tensor = wanted(tensors, full);
    if (tensor.shape.join() !== shape.join())
      throw new RangeError(
        `Cannot import '${full}': its shape is [${tensor.shape.join(', ')}], expected [${shape.join(', ')}].`,
      );
    return tensor.values();
  };
  const rows = 4 * units;
  const hasBias = tensors.has(named(prefix, `bias_ih${suffix}`));
  return {
    kernel: columnsOf(read('weight_ih', [rows, inputs]), inputs, units, ORDER),
    recurrentKernel: columnsOf(read('weight_hh', [rows, units]), units, units, ORDER),
    bias: hasBias ? summedBias(read('bias_ih', [rows]), read('bias_hh', [rows]), units, ORDER) : null,
  };
}

function wanted(tensors: Tensors, name: string): StoredTensor {
  const tensor = tensors.get(name);
  if (tensor) return tensor;
  const names = [...tensors.keys()];
  throw new RangeError(
    `Cannot import the LSTM: '${name}' is missing${suggestion(name, names) || '.'} The file has ${listed(names)}.`,
  );
}

/** @throws RangeError where a level is not as wide as the one before gives out. */
export function checkedChain(levels: readonly Level[]): readonly Level[] {
  for (const [at, level] of levels.entries()) {
    const before = levels[at - 1];
    if (!before) continue;
    const width = before.units * (before.forward && before.backward ? 2 : 1);
    if (level.inputs !== width)
      throw new RangeError(
        `Cannot stack '${level.name}' on '${before.name}': it takes ${level.inputs} features, that gives ${width}.`,
      );
  }
  return levels;
}
