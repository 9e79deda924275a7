// Keras' description of a model, as tfjs-layers reads it. Keras 3 writes policies for dtypes, `batch_shape`, and
// calls as {args, kwargs}; tfjs-layers knows what Keras 2.2 wrote. Initializers become zeros: the weights follow.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One layer or model: what it is, and its options. */
export interface Described {
  readonly class_name: string;
  readonly config: JsonObject;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isDescribed(value: Json | undefined): value is JsonObject & Described {
  return isObject(value) && typeof value.class_name === 'string' && isObject(value.config);
}

/** Every layer described in or below, the outer before the inner. */
export function layersIn(model: Described): readonly Described[] {
  const held = [...listOf(model.config.layers), model.config.layer, model.config.backward_layer];
  return [model, ...held.flatMap(inner => (isDescribed(inner) ? layersIn(inner) : []))];
}

export function nameOf({ config }: Described): string {
  return typeof config.name === 'string' ? config.name : '';
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** The same model for tf.models.modelFromJSON. */
export function forTfjs(model: Described): JsonObject {
  return layerFor(model, new Set());
}

/** @param models which of its neighbours are models themselves. */
function layerFor({ class_name, config, ...more }: Described, models: ReadonlySet<string>): JsonObject {
  const { inbound_nodes: nodes, name } = more as JsonObject;
  return {
    class_name,
    config: forClass(class_name, configFor(config)),
    ...(name === undefined ? {} : { name }),
    ...(nodes === undefined ? {} : { inbound_nodes: listOf(nodes).map(call => callOf(call, models)) }),
  };
}

/** Keras 3 notes an embedding's or Masking's mask as operations; tfjs-layers passes masks on by itself. */
const MASK_OPERATIONS = ['NotEqual', 'Any'];

function forClass(className: string, config: JsonObject): JsonObject {
  const layers = listOf(config.layers);
  if (className === 'Sequential' || layers.length === 0) return config;
  const used = new Set(layers.flatMap(layer => tensorNames((layer as JsonObject).inbound_nodes)));
  const left = layers.filter(layer => !isMaskOperation(layer) || used.has(nameOf(layer)));
  return left.length === layers.length ? config : forClass(className, { ...config, layers: left });
}

function isMaskOperation(layer: Json): layer is JsonObject & Described {
  return isDescribed(layer) && MASK_OPERATIONS.includes(layer.class_name);
}

/** @throws RangeError for a mask that tfjs-layers would not find by itself. */
function refuseOwnMasks(layers: readonly Described[]): void {
  const found = new Set(layers.filter(({ class_name }) => MASK_OPERATIONS.includes(class_name)).map(nameOf));
  for (const layer of layers)
    for (const call of listOf((layer as Described & JsonObject).inbound_nodes)) {
      const mask = isObject(call) && isObject(call.kwargs) ? (call.kwargs.mask ?? null) : null;
      const [maker] = tensorsIn(mask, new Set()).map(tensor => String(listOf(tensor)[0]));
      if (maker === undefined || found.has(maker)) continue;
      throw new RangeError(
        `Cannot import '${nameOf(layer)}': it is called with a mask from '${maker}'; tf.layers has only those of embeddings and Masking.`,
      );
    }
}

function tensorNames(nodes: Json | undefined): readonly string[] {
  return listOf(nodes).flatMap(node => listOf(node).map(tensor => String(listOf(tensor)[0])));
}

function configFor(config: JsonObject): JsonObject {
  const layers = listOf(config.layers).filter(isDescribed);
  refuseOwnMasks(layers);
  const models = new Set(layers.filter(layer => layer.config.layers !== undefined).map(nameOf));
  const entries = Object.entries(config).map(([key, value]) => [
    key === 'batch_shape' ? 'batch_input_shape' : key,
    key === 'layers' ? layers.map(layer => layerFor(layer, models)) : valueFor(key, value),
  ]);
  const changed: JsonObject = Object.fromEntries(entries);
  const isKeras3 = layers.some(layer => listOf((layer as JsonObject).inbound_nodes).some(isObject));
  if (!isKeras3 || models.size === 0) return changed;
  return { ...changed, output_layers: listOf(changed.output_layers).map(tensor => later(tensor, models)) };
}

/** In Keras 3 the first call of a model is number 0; in tfjs-layers 0 is how the model itself was made. */
function later(tensor: Json, models: ReadonlySet<string>): Json {
  const [layer, call, ...rest] = listOf(tensor);
  return models.has(String(layer)) ? [layer ?? '', Number(call) + 1, ...rest] : tensor;
}

function valueFor(key: string, value: Json): Json {
  if (key === 'dtype') return dtypeOf(value);
  if (key === 'unit_forget_bias') return false; // its initializer in tfjs-layers leaves four tensors behind
  if (key.endsWith('_initializer')) return value && { class_name: 'Zeros', config: {} };
  if (key.endsWith('_regularizer')) return regularizerOf(value);
  if (key === 'input_layers' || key === 'output_layers')
    return typeof listOf(value)[0] === 'string' ? [value] : value;
  return isDescribed(value) ? forTfjs(value) : value;
}

/** A policy's name; mixed precision keeps its weights in float32. */
function dtypeOf(value: Json): Json {
  const name = isDescribed(value) ? (value.config.name ?? 'float32') : value;
  return typeof name === 'string' && /float|policy/.test(name) ? 'float32' : name;
}

/** Keras 3 has L1 and L2 by themselves; tfjs-layers has L1L2. */
function regularizerOf(value: Json): Json {
  if (!isDescribed(value) || !/^L[12]/.test(value.class_name)) return value;
  const { l1 = 0, l2 = 0 } = value.config;
  return { class_name: 'L1L2', config: { l1, l2 } };
}

/** One call of a layer as Keras 2.2 wrote it: [layer, call, output, options] for each tensor that goes in. */
function callOf(call: Json, models: ReadonlySet<string>): Json {
  const { args, kwargs } = isObject(call) ? call : { args: call, kwargs: {} };
  const given = isObject(kwargs) ? kwargs : {};
  const states = [given.initial_state, ...listOf(call).flatMap(tensor => laterStates(tensor))];
  return [args, ...states].flatMap(tensors => tensorsIn(tensors ?? null, models));
}

/** Keras 2.5 to 2.15 put the states among the options of the first tensor. */
function laterStates(tensor: Json): readonly Json[] {
  const options = listOf(tensor)[3];
  return isObject(options) && options.initial_state ? [options.initial_state] : [];
}

function tensorsIn(value: Json, models: ReadonlySet<string>): readonly Json[] {
  if (isObject(value) && value.class_name === '__keras_tensor__' && isObject(value.config))
    return [[...listOf(later(value.config.keras_history ?? null, models)), {}]];
  if (!Array.isArray(value)) return [];
  const list = value as readonly Json[];
  if (typeof list[0] === 'string' && typeof list[1] === 'number') return [[...list.slice(0, 3), {}]];
  return list.flatMap(inner => tensorsIn(inner, models));
}
