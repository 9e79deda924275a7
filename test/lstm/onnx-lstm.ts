// An ONNX model that is one LSTM, written by hand as protobuf (onnx.proto, IR version 8), so that ONNX
// Runtime can be an oracle. Weights are constants in it, which lets ONNX Runtime pack them once. Gate order in ONNX is i, o, f, c.
import type { Tensor } from 'onnxruntime-node';
import * as ort from 'onnxruntime-node';

export interface OnnxCase {
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
  /** Time-major [T, B, D]. */
  readonly x: Float32Array;
  /** [D, 4H], [H, 4H], [4H]: columns i, f, g, o. */
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array;
  /** [B, H] */
  readonly h0: Float32Array;
  readonly c0: Float32Array;
}

interface OnnxStates {
  readonly h: Float32Array;
  readonly lastC: Float32Array;
}

/** h of every step [T, B, H] and c after the last [B, H], by ONNX Runtime. */
export async function onnxLstm(one: OnnxCase): Promise<OnnxStates> {
  const runner = await onnxRunner(one);
  const states = await runner.run();
  await runner.release();
  return states;
}

/** The same to be run more than once: a session with its inputs laid out. */
export async function onnxRunner(
  one: OnnxCase,
): Promise<{ run: () => Promise<OnnxStates>; release: () => Promise<void> }> {
  const { batch, steps, inputs, units } = one;
  const session = await ort.InferenceSession.create(model(one));
  const tensor = (values: Float32Array, dims: number[]) => new ort.Tensor('float32', values, dims);
  const feeds = {
    X: tensor(one.x, [steps, batch, inputs]),
    H: tensor(one.h0, [1, batch, units]),
    C: tensor(one.c0, [1, batch, units]),
  };
  const run = async () => {
    const result = await session.run(feeds);
    return {
      h: (result.Y as Tensor).data as Float32Array,
      lastC: (result.YC as Tensor).data as Float32Array,
    };
  };
  return { run, release: () => session.release() };
}

/** [rows, 4H] in columns i, f, g, o to [4H, rows] in rows i, o, f, g. */
function toOnnxRows(matrix: Float32Array, rows: number, units: number): Float32Array {
  const order = [0, 3, 1, 2];
  const out = new Float32Array(matrix.length);
  for (const [block, from] of order.entries())
    for (let unit = 0; unit < units; unit++)
      for (let row = 0; row < rows; row++)
        out[(block * units + unit) * rows + row] = matrix[row * 4 * units + from * units + unit]!;
  return out;
}

function model({ units, inputs, kernel, recurrentKernel, bias }: OnnxCase): Uint8Array {
  const biases = new Float32Array(8 * units); // input biases, then recurrent ones
  biases.set(toOnnxRows(bias, 1, units));
  const node = message([
    ...['X', 'W', 'R', 'B', '', 'H', 'C'].map(name => text(1, name)),
    ...['Y', '', 'YC'].map(name => text(2, name)),
    text(4, 'LSTM'),
    bytes(5, message([text(1, 'hidden_size'), varint(3, units), varint(20, 2)])),
  ]);
  const ranks = { X: 3, H: 3, C: 3 };
  const graph = message([
    bytes(1, node),
    text(2, 'lstm'),
    bytes(5, constant('W', toOnnxRows(kernel, inputs, units), [1, 4 * units, inputs])),
    bytes(5, constant('R', toOnnxRows(recurrentKernel, units, units), [1, 4 * units, units])),
    bytes(5, constant('B', biases, [1, 8 * units])),
    ...Object.entries(ranks).map(([name, rank]) => bytes(11, valueInfo(name, rank))),
    bytes(12, valueInfo('Y', 4)),
    bytes(12, valueInfo('YC', 3)),
  ]);
  return message([varint(1, 8), bytes(7, graph), bytes(8, message([text(1, ''), varint(2, 14)]))]);
}

function constant(name: string, values: Float32Array, dims: readonly number[]): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message([...dims.map(size => varint(1, size)), varint(2, 1), text(8, name), bytes(9, raw)]);
}

/** A float tensor of so many free dimensions. */
function valueInfo(name: string, rank: number): Uint8Array {
  const dimension = (axis: number) => bytes(1, message([text(2, `${name}${axis}`)]));
  const shape = message(Array.from({ length: rank }, (_, axis) => dimension(axis)));
  const type = message([bytes(1, message([varint(1, 1), bytes(2, shape)]))]);
  return message([text(1, name), bytes(2, type)]);
}

function message(fields: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(fields));
}

function varint(field: number, value: number): Uint8Array {
  return Uint8Array.from([...number(field << 3), ...number(value)]);
}

function bytes(field: number, content: Uint8Array): Uint8Array {
  return message([Uint8Array.from([...number((field << 3) | 2), ...number(content.length)]), content]);
}

function text(field: number, content: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(content));
}

function number(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)];
}
