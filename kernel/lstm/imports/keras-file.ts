// The three files that Keras models come in: `.keras` (a zip), `.h5`, and the `model.json` of tensorflowjs.
// Each gives the model's description and the weights of a layer by its name, in Keras' order.
import { dirname } from 'node:path';
import type { UnzipFileInfo } from 'fflate';
import { bytesBeside } from '../beside.ts';
import { type Group, isHdf5, readHdf5, type StoredArray } from './hdf5.ts';
import { type Described, isDescribed, isObject, type Json } from './keras-config.ts';
import { floats } from './numbers.ts';
import type { Content } from './source.ts';

/** Weights of the layers of one model, and of the models in it. */
export interface Weights {
  /** Those of a layer, in the order in which Keras lists them; none where it has none. */
  of(layer: string): readonly StoredArray[];
  /** Of a model that stands as a layer in this one; null where its weights are listed as a layer's. */
  inside(model: string): Weights | null;
}

export interface KerasFile {
  readonly model: Described;
  readonly weights: Weights;
  /** '2.15.0', '3.15.1'; '' where the file does not say. */
  readonly version: string;
}

/** @throws RangeError for bytes that are none of the three. */
export async function readKeras(content: Content): Promise<KerasFile> {
  const { bytes, name } = content;
  if (isHdf5(bytes)) return fromH5(await readHdf5(content), name);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return fromZip(content);
  if (bytes.subarray(0, 8).some(byte => byte === 0x7b)) return fromModelJson(content);
  throw new RangeError(
    `Cannot import ${name}: it is no .keras file (zip), no .h5 file (HDF5) and no model.json of tensorflowjs.`,
  );
}

const WANTED: readonly string[] = ['config.json', 'metadata.json', 'model.weights.h5'];

/** Bytes that one byte of deflate can become, at most (zlib, "Technical Details"): the room is made beforehand. */
const MOST_DEFLATED = 1032;

async function fromZip({ bytes, name }: Content): Promise<KerasFile> {
  const { unzipSync } = await import('fflate');
  const wrong = (why: string) => new RangeError(`Cannot import ${name} as a Keras model: ${why}.`);
  let files: ReturnType<typeof unzipSync>;
  const names: string[] = [];
  const filter = ({ name: entry, size, originalSize }: UnzipFileInfo) => {
    names.push(entry);
    if (!WANTED.includes(entry)) return false;
    if (originalSize > MOST_DEFLATED * size + 64)
      throw new RangeError(`the zip says that ${entry} has ${originalSize} bytes, ${size} cannot hold them`);
    return true;
  };
  try {
    files = unzipSync(bytes, { filter });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const { 'config.json': config, 'metadata.json': metadata, 'model.weights.h5': weights } = files;
  if (!config || !weights)
    throw wrong(
      `the zip has ${names.slice(0, 8).join(', ')}, expected config.json and model.weights.h5. A PyTorch file must be saved as safetensors`,
    );
  const noted = metadata ? parsed(metadata, name) : null;
  const version = isObject(noted ?? undefined)
    ? String((noted as { keras_version?: Json }).keras_version ?? '')
    : '';
  const root = await readHdf5({ bytes: weights, name: `${name}: model.weights.h5`, path: null });
  const model = modelIn(parsed(config, name), name);
  return { model, weights: savedWeights(root, model), version };
}

function parsed(bytes: Uint8Array | string, name: string): Json {
  try {
    return JSON.parse(typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)) as Json;
  } catch {
    throw new RangeError(`Cannot import ${name}: its description is no JSON.`);
  }
}

function modelIn(value: Json, name: string): Described {
  if (isDescribed(value)) return value;
  throw new RangeError(`Cannot import ${name}: it describes no model (class_name and config).`);
}

/**
 * Keras 3 (and 2.12 on) saves by place: layers/lstm_1/cell/vars/0. Groups note the layer's own name; where they do
 * not yet, they are numbered by class in the model's order.
 */
function savedWeights(root: Group, model: Described): Weights {
  const layers = root.group('layers') ?? root.group('_layer_checkpoint_dependencies');
  const groups = new Map<string, Group>();
  for (const [name, key] of numbered(model)) {
    const group = layers?.group(key);
    if (group) groups.set(name, group);
  }
  for (const key of layers?.names ?? []) {
    const group = layers?.group(key);
    const name = group?.group('vars')?.attribute('name');
    if (group && typeof name === 'string') groups.set(name, group);
  }
  return {
    of: name => (groups.has(name) ? variablesIn(groups.get(name)!) : []),
    inside: name => {
      const inner = describedIn(model).find(({ config }) => config.name === name);
      const group = groups.get(name);
      return inner && group ? savedWeights(group, inner) : null;
    },
  };
}

const describedIn = ({ config }: Described): readonly Described[] =>
  Array.isArray(config.layers) ? (config.layers as readonly Json[]).filter(isDescribed) : [];

/** Each layer's name, and the key that Keras' saving_lib makes for it: its class in snake case, counted. */
function numbered(model: Described): readonly (readonly [string, string])[] {
  const counts = new Map<string, number>();
  return describedIn(model)
    .filter(({ class_name }) => class_name !== 'InputLayer' || model.class_name !== 'Sequential')
    .map(({ class_name, config }) => {
      const snake = class_name
        .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .toLowerCase();
      const count = counts.get(snake) ?? 0;
      counts.set(snake, count + 1);
      return [String(config.name), count === 0 ? snake : `${snake}_${count}`] as const;
    });
}

/** A layer's own variables, then those of what it holds. Seeds of dropout stand beside them and are no weights. */
function variablesIn(group: Group): readonly StoredArray[] {
  const vars = group.group('vars');
  const own = [...(vars?.names ?? [])].sort((a, b) => Number(a) - Number(b)).map(name => vars!.array(name));
  const held = ['cell', 'forward_layer', 'backward_layer', 'layer'].map(name => group.group(name));
  return [
    ...own.filter(array => array !== null),
    ...held.flatMap(inner => (inner ? variablesIn(inner) : [])),
  ];
}

function fromH5(root: Group, name: string): KerasFile {
  const config = root.attribute('model_config');
  if (typeof config !== 'string')
    throw new RangeError(
      `Cannot import ${name}: it has weights alone, no description of the model (model_config). Save the whole model: model.save('model.keras').`,
    );
  const version = root.attribute('keras_version') ?? root.group('model_weights')?.attribute('keras_version');
  const weights = root.group('model_weights');
  return {
    model: modelIn(parsed(config, name), name),
    version: typeof version === 'string' ? version : '',
    weights: { of: layer => namedArrays(weights?.group(layer) ?? null), inside: () => null },
  };
}

/** Keras cuts long lists into weight_names0, weight_names1 … */
function namedArrays(group: Group | null): readonly StoredArray[] {
  if (!group) return [];
  const parts = [group.attribute('weight_names')];
  for (let at = 0; group.attribute(`weight_names${at}`); at++)
    parts.push(group.attribute(`weight_names${at}`));
  const names = parts.flatMap(part => part ?? []);
  return names.map(path => group.array(path)).filter(array => array !== null);
}

interface Manifest {
  readonly modelTopology?: Json;
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      name: string;
      shape: readonly number[];
      dtype: string;
      quantization?: object;
    }[];
  }[];
}

/** The weights are in files beside it: a path is needed. */
function fromModelJson({ bytes, name, path }: Content): KerasFile {
  const { modelTopology, weightsManifest } = parsed(bytes, name) as Manifest;
  const topology =
    isObject(modelTopology) && modelTopology.model_config ? modelTopology.model_config : modelTopology;
  if (!weightsManifest || path === null)
    throw new RangeError(
      `Cannot import ${name}: ${path === null ? 'the weights of a model.json are in files beside it. Give its path' : 'it has no weightsManifest'}.`,
    );
  const version = isObject(modelTopology) ? String(modelTopology.keras_version ?? '') : '';
  const arrays = weightsManifest.flatMap(group => manifestArrays(group, dirname(path), name));
  const of = (layer: string) => arrays.flatMap(one => (one.scopes.includes(layer) ? [one] : []));
  return { model: modelIn(topology ?? null, name), version, weights: { of, inside: () => null } };
}

type ManifestGroup = NonNullable<Manifest['weightsManifest']>[number];

function manifestArrays({ paths, weights }: ManifestGroup, folder: string, file: string) {
  const parts = paths.map(path => bytesBeside(folder, path, file, `import ${file}`));
  const bytes = new Uint8Array(Buffer.concat(parts));
  let at = 0;
  const arrays = weights.map(({ name, shape, dtype, quantization }) => {
    if (dtype !== 'float32' || quantization)
      throw new RangeError(
        `Cannot import '${name}': it is ${quantization ? 'quantized' : dtype}, expected float32. Load it with tf.loadLayersModel.`,
      );
    const from = at;
    at += 4 * shape.reduce((left, size) => left * size, 1);
    const part = bytes.subarray(from, at);
    return { scopes: name.split('/').slice(0, -1), shape, values: () => floats('F32', part) };
  });
  if (at !== bytes.length)
    throw new RangeError(
      `Cannot import ${file}: ${paths.join(', ')} beside it ${paths.length > 1 ? 'have' : 'has'} ${bytes.length} bytes, its weights take ${at}. Copy the model again, it is not whole.`,
    );
  return arrays;
}
