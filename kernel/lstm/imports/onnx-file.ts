// As much of onnx.proto as an LSTM needs, read from protobuf (field numbers from ONNX's onnx.proto, IR version 8
// and on): the nodes of the graph and its constant tensors. Functions and sub-graphs are not looked into.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PbfReader } from 'pbf';
import { fileBeside } from '../beside.ts';
import { type FloatType, floats } from './numbers.ts';
import { type Content, reasonOf } from './source.ts';

/** A node; a name that is '' is an input or output left out. */
export interface OnnxNode {
  readonly inputs: string[];
  readonly outputs: string[];
  name: string;
  op: string;
  readonly attributes: Map<string, OnnxAttribute>;
}

export interface OnnxAttribute {
  name: string;
  int: number;
  text: string;
  tensor: OnnxTensor | null;
  readonly floats: number[];
  readonly texts: string[];
}

export interface OnnxTensor {
  readonly dims: number[];
  name: string;
  type: number;
  raw: Uint8Array | null;
  readonly floats: number[];
  readonly doubles: number[];
  readonly int32s: number[];
  readonly external: Map<string, string>;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** Initializers, and what Constant nodes give. */
  readonly constants: ReadonlyMap<string, OnnxTensor>;
}

/** @throws RangeError for bytes that are no ONNX model. */
export async function readOnnx({ bytes, name }: Content): Promise<OnnxGraph> {
  const { PbfReader } = await import('pbf');
  const nodes: OnnxNode[] = [];
  const tensors: OnnxTensor[] = [];
  const found = { graph: false };
  try {
    new PbfReader(bytes).readFields((tag, _, pbf) => {
      if (tag !== 7 || pbf.type !== 2) return;
      found.graph = true;
      pbf.readMessage((inner, __, graph) => {
        if (inner === 1) nodes.push(readNode(graph));
        else if (inner === 5) tensors.push(readTensor(graph));
      }, null);
    }, null);
  } catch (error) {
    throw noOnnx(name, error instanceof Error ? error.message : String(error));
  }
  if (!found.graph) throw noOnnx(name, 'it has no graph');
  return { nodes, constants: constantsOf(nodes, tensors) };
}

function noOnnx(name: string, why: string): RangeError {
  return new RangeError(`Cannot read ${name} as an ONNX model: ${why}.`);
}

function constantsOf(nodes: readonly OnnxNode[], tensors: readonly OnnxTensor[]): Map<string, OnnxTensor> {
  const constants = new Map(tensors.map(tensor => [tensor.name, tensor]));
  for (const { op, outputs, attributes } of nodes) {
    const tensor = attributes.get('value')?.tensor;
    if (op === 'Constant' && tensor && outputs[0]) constants.set(outputs[0], tensor);
  }
  return constants;
}

function readNode(pbf: PbfReader): OnnxNode {
  const node: OnnxNode = { inputs: [], outputs: [], name: '', op: '', attributes: new Map() };
  return pbf.readMessage((tag, out, from) => {
    if (tag === 1) out.inputs.push(from.readString());
    else if (tag === 2) out.outputs.push(from.readString());
    else if (tag === 3) out.name = from.readString();
    else if (tag === 4) out.op = from.readString();
    else if (tag === 5) {
      const attribute = readAttribute(from);
      out.attributes.set(attribute.name, attribute);
    }
  }, node);
}

function readAttribute(pbf: PbfReader): OnnxAttribute {
  const attribute: OnnxAttribute = { name: '', int: 0, text: '', tensor: null, floats: [], texts: [] };
  return pbf.readMessage((tag, out, from) => {
    if (tag === 1) out.name = from.readString();
    else if (tag === 2) out.floats.push(from.readFloat());
    else if (tag === 3) out.int = from.readVarint(true);
    else if (tag === 4) out.text = from.readString();
    else if (tag === 5) out.tensor = readTensor(from);
    else if (tag === 7) from.readPackedFloat(out.floats);
    else if (tag === 9) out.texts.push(from.readString());
  }, attribute);
}

function readTensor(pbf: PbfReader): OnnxTensor {
  const tensor: OnnxTensor = {
    ...{ dims: [], name: '', type: 0, raw: null, floats: [], doubles: [], int32s: [] },
    external: new Map(),
  };
  return pbf.readMessage((tag, out, from) => {
    if (tag === 1) from.readPackedVarint(out.dims, true);
    else if (tag === 2) out.type = from.readVarint();
    else if (tag === 4) from.readPackedFloat(out.floats);
    else if (tag === 5) from.readPackedVarint(out.int32s, true);
    else if (tag === 8) out.name = from.readString();
    else if (tag === 9) out.raw = from.readBytes();
    else if (tag === 10) from.readPackedDouble(out.doubles);
    else if (tag === 13) readEntry(from, out.external);
  }, tensor);
}

function readEntry(pbf: PbfReader, into: Map<string, string>): void {
  const entry = pbf.readMessage(
    (tag, out, from) => {
      if (tag === 1) out.key = from.readString();
      else if (tag === 2) out.value = from.readString();
    },
    { key: '', value: '' },
  );
  into.set(entry.key, entry.value);
}

/** onnx.proto's TensorProto.DataType. */
const TYPES: Readonly<Record<number, FloatType>> = { 1: 'F32', 10: 'F16', 11: 'F64', 16: 'BF16' };

/**
 * The numbers of a tensor as float32, wherever the file keeps them.
 * @param path of the model, for tensors in a file beside it; null where only bytes were given.
 * @throws RangeError for numbers that are no floating-point ones, or are not where they should be.
 */
export function tensorValues(tensor: OnnxTensor, path: string | null): Float32Array {
  const type = TYPES[tensor.type];
  if (!type)
    throw new RangeError(
      `Cannot read '${tensor.name}': its numbers are of ONNX type ${tensor.type}, known are 1 (float), 10 (float16), 11 (double) and 16 (bfloat16).`,
    );
  const raw = tensor.external.size > 0 ? externalBytes(tensor, path) : tensor.raw;
  const values = raw ? floats(type, raw) : ownNumbers(tensor, type);
  const wanted = tensor.dims.reduce((left, size) => left * size, 1);
  if (values.length !== wanted)
    throw new RangeError(
      `Cannot read '${tensor.name}': its shape [${tensor.dims.join(', ')}] wants ${wanted} numbers, it has ${values.length}.`,
    );
  return values;
}

/** The narrow types stand as bit patterns in int32_data. */
function ownNumbers({ floats: values, doubles, int32s }: OnnxTensor, type: FloatType): Float32Array {
  if (type === 'F32') return Float32Array.from(values);
  if (type === 'F64') return Float32Array.from(doubles);
  return floats(type, new Uint8Array(Uint16Array.from(int32s).buffer));
}

/** Files over 2 GB, and those of PyTorch's newer exporter, keep their numbers in a file beside the model. */
function externalBytes({ name, external }: OnnxTensor, path: string | null): Uint8Array {
  const location = external.get('location') ?? '';
  if (path === null)
    throw new RangeError(
      `Cannot read '${name}': its numbers are in ${location}, beside the model. Give the model's path.`,
    );
  const file = openedFile(name, fileBeside(dirname(path), location, `read '${name}'`), location);
  try {
    const { size } = fstatSync(file);
    const from = Number(external.get('offset') ?? 0);
    const length = Number(external.get('length') ?? size - from);
    if (![from, length].every(value => Number.isSafeInteger(value) && value >= 0) || from + length > size)
      throw new RangeError(
        `Cannot read '${name}': it should be ${length} bytes at ${from} of ${location}, which has ${size}.`,
      );
    const bytes = new Uint8Array(length);
    for (let at = 0, read = -1; at < length && read !== 0; at += read)
      read = readSync(file, bytes, at, length - at, from + at);
    return bytes;
  } finally {
    closeSync(file);
  }
}

function openedFile(tensor: string, path: string, location: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new RangeError(
      `Cannot read '${tensor}': its numbers are in ${location}, beside the model: ${reasonOf(error)}.`,
    );
  }
}
