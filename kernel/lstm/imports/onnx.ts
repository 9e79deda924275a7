// LSTM nodes of an ONNX graph (operator LSTM, any version): W [directions, 4H, D], R [directions, 4H, H],
// B [directions, 8H], rows i, o, f, c. What lstm() cannot compute (peepholes, a coupled gate) is refused in
// words. Between two levels there may stand only what moves numbers about.
import { suggestion } from '../../near-names.ts';
import type { ActivationName } from '../kernels/activations.ts';
import { type Every, rejectUnknown } from '../known-names.ts';
import { type OnnxGraph, type OnnxNode, type OnnxTensor, readOnnx, tensorValues } from './onnx-file.ts';
import { checkedChain } from './pytorch.ts';
import { listed, readSource, type Source } from './source.ts';
import { type CellArrays, columnsOf, type ImportedStack, type Level, stackOf, summedBias } from './stack.ts';

/** What to take from a graph with more than one LSTM. */
export interface OnnxOptions {
  /** The LSTM node to take, by its name or that of its first output. */
  readonly node?: string;
}

export const ONNX_OPTIONS: Every<OnnxOptions> = { node: true };

/** Where our i, f, g, o are in ONNX's i, o, f, c. */
const ORDER = [0, 2, 3, 1];
/** Operators that give on their first input's numbers, reordered or reshaped. */
const MOVING = ['Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Dropout', 'Cast', 'Flatten'];

interface Graph extends OnnxGraph {
  readonly path: string | null;
  readonly file: string;
}

/**
 * The LSTM nodes of an ONNX model whose weights are constants (initializers, or a file beside the model).
 * Nodes that follow each other become the levels of one stack; others are taken one at a time with `node`.
 * @param source path, file URL or bytes.
 * @returns `model` takes [batch, steps, features] whatever the node's `layout`, gives [batch, steps, H or 2H]. A node of
 *   direction 'reverse' gives its steps in the order it ran them, as `goBackwards` does.
 * @throws RangeError for a file that is none or has no LSTM node (naming what it has), for several that do not
 *   follow each other and no `node`, for peepholes, input_forget, clip, activations that lstm() has not, initial
 *   states other than 0, weights that are no constants, and unknown options.
 * @example
 * ```ts
 * import { fromOnnx, tf, trace } from 'gatebook';
 * const { model } = await fromOnnx('test/lstm/imports/references/onnx-stack.onnx');
 * trace(model, tf.ones([1, 5, 3])).layers.length; // 3
 * ```
 */
export async function fromOnnx(source: Source, options: OnnxOptions = {}): Promise<ImportedStack> {
  rejectUnknown('import ONNX', options, ONNX_OPTIONS);
  const content = readSource(source);
  const graph = { ...(await readOnnx(content)), path: content.path, file: content.name };
  const nodes = chosen(graph, options.node);
  const levels = nodes.map(node => levelOf(graph, node));
  const lone = levels.slice(0, -1).findIndex(({ forward }) => forward === null);
  if (lone >= 0)
    throw new RangeError(
      `Cannot stack on '${levels[lone]!.name}': it runs backward only, which a stack of layers cannot turn round. Import it alone: {node: '${levels[lone]!.name}'}.`,
    );
  return stackOf(checkedChain(levels));
}

const nameOf = (node: OnnxNode): string => node.name || node.outputs.find(Boolean) || 'LSTM';

function chosen(graph: Graph, wanted: string | undefined): readonly OnnxNode[] {
  const nodes = graph.nodes.filter(({ op }) => op === 'LSTM');
  const names = nodes.map(nameOf);
  if (nodes.length === 0)
    throw new RangeError(
      `Cannot import ${graph.file}: it has no LSTM node. It has ${listed([...new Set(graph.nodes.map(({ op }) => op))])}.`,
    );
  if (wanted !== undefined) {
    const node = nodes.find(one => one.name === wanted || one.outputs.includes(wanted));
    if (node) return [node];
    throw new RangeError(
      `Cannot import ${graph.file}: no LSTM node is called '${wanted}'${suggestion(wanted, names) || '.'} It has ${listed(names)}.`,
    );
  }
  const below = nodes.map(node => lstmBelow(graph, node));
  if (below.every((node, at) => node === (nodes[at - 1] ?? null))) return nodes;
  throw new RangeError(
    `Cannot import ${graph.file} as one stack: its LSTM nodes ${listed(names)} do not follow one another. Say which: {node: '${names[0]}'}.`,
  );
}

/** The LSTM node whose h sequence a node reads, through operators that only move numbers; or null. */
function lstmBelow({ nodes }: Graph, node: OnnxNode): OnnxNode | null {
  let [name, left] = [node.inputs[0] ?? '', nodes.length];
  while (left-- > 0) {
    const maker = nodes.find(({ outputs }) => outputs[0] === name);
    if (!maker) return null;
    if (maker.op === 'LSTM') return maker;
    if (!MOVING.includes(maker.op)) return null;
    name = maker.inputs[0] ?? '';
  }
  return null;
}

const INPUTS = { W: 1, R: 2, B: 3, initial_h: 5, initial_c: 6, P: 7 } as const;

function levelOf(graph: Graph, node: OnnxNode): Level {
  const name = nameOf(node);
  refuseWhatDiffers(node, name);
  for (const input of ['P', 'initial_h', 'initial_c'] as const) refuseUnlessZero(graph, node, input);
  const [W, R, B] = (['W', 'R', 'B'] as const).map(input => weightOf(graph, node, input));
  if (!W || !R) throw new RangeError(`Cannot import '${name}': it has no ${W ? 'R' : 'W'}.`);
  const [directions = 0, rows = 0, inputs = 0] = W.dims;
  const units = rows / 4;
  const shapes = { W: [directions, rows, inputs], R: [directions, rows, units], B: [directions, 2 * rows] };
  for (const [tensor, shape] of [[W, shapes.W] as const, [R, shapes.R] as const, [B, shapes.B] as const])
    if (tensor && tensor.dims.join() !== shape.join())
      throw new RangeError(
        `Cannot import '${name}': '${tensor.name}' has shape [${tensor.dims.join(', ')}], expected [${shape.join(', ')}].`,
      );
  const arrays = {
    W: tensorValues(W, graph.path),
    R: tensorValues(R, graph.path),
    B: B ? tensorValues(B, graph.path) : null,
  };
  const cell = (at: number) => cellOf(arrays, at, inputs, units);
  const way = node.attributes.get('direction')?.text || 'forward';
  return {
    ...{ name, inputs, units, ...activationsOf(node, name, directions) },
    forward: way === 'reverse' ? null : cell(0),
    backward: way === 'forward' ? null : cell(directions - 1),
  };
}

interface Arrays {
  readonly W: Float32Array;
  readonly R: Float32Array;
  readonly B: Float32Array | null;
}

function cellOf({ W, R, B }: Arrays, direction: number, inputs: number, units: number): CellArrays {
  const part = (values: Float32Array, size: number, at: number) =>
    values.subarray(at * size, (at + 1) * size);
  const rows = 4 * units;
  return {
    kernel: columnsOf(part(W, rows * inputs, direction), inputs, units, ORDER),
    recurrentKernel: columnsOf(part(R, rows * units, direction), units, units, ORDER),
    bias: B && summedBias(part(B, rows, 2 * direction), part(B, rows, 2 * direction + 1), units, ORDER),
  };
}

function weightOf({ constants, file }: Graph, node: OnnxNode, input: keyof typeof INPUTS): OnnxTensor | null {
  const name = node.inputs[INPUTS[input]];
  if (!name) return null;
  const tensor = constants.get(name);
  if (tensor) return tensor;
  throw new RangeError(
    `Cannot import '${nameOf(node)}' of ${file}: its ${input}, '${name}', is computed or given at run time, expected a constant.`,
  );
}

/** Initial states given at run time are the caller's: a layer begins with 0. */
function refuseUnlessZero(graph: Graph, node: OnnxNode, input: 'P' | 'initial_h' | 'initial_c'): void {
  const name = node.inputs[INPUTS[input]];
  const tensor = name ? graph.constants.get(name) : undefined;
  if (input === 'P' && name && !tensor) weightOf(graph, node, input);
  if (!tensor || tensorValues(tensor, graph.path).every(value => value === 0)) return;
  const what =
    input === 'P'
      ? "peepholes (input P), which lstm() has not; variant({kind: 'V'}) has them, trained anew"
      : `constants other than 0 as ${input}; the layers of an import begin with 0`;
  throw new RangeError(`Cannot import '${nameOf(node)}': it has ${what}.`);
}

function refuseWhatDiffers({ attributes }: OnnxNode, name: string): void {
  const refuse = (what: string) => {
    throw new RangeError(`Cannot import '${name}': it has ${what}, which lstm() has not.`);
  };
  if (attributes.get('input_forget')?.int) refuse('coupled input and forget gates (input_forget)');
  if (attributes.has('clip')) refuse('a clip of what goes into the activations');
  for (const more of ['activation_alpha', 'activation_beta'])
    if (attributes.get(more)?.floats.length) refuse(`parameters of its activations (${more})`);
}

/** HardSigmoid's defaults are ours: 0.2 x + 0.5, cut at 0 and 1. */
const ACTIVATIONS: Readonly<Record<string, ActivationName>> = {
  sigmoid: 'sigmoid',
  hardsigmoid: 'hardSigmoid',
  tanh: 'tanh',
  relu: 'relu',
};

function activationsOf({ attributes }: OnnxNode, name: string, directions: number) {
  const given = attributes.get('activations')?.texts ?? [];
  const texts =
    given.length > 0 ? given : Array.from({ length: directions }, () => ['Sigmoid', 'Tanh', 'Tanh']).flat();
  const [gates, candidate, state] = texts.map(text => ACTIVATIONS[text.toLowerCase()]);
  const alike = texts.every((text, at) => text.toLowerCase() === texts[at % 3]?.toLowerCase());
  if (!gates || !candidate || candidate !== state || !alike)
    throw new RangeError(
      `Cannot import '${name}': its activations are ${texts.join(', ')}; lstm() has one for the gates and one for candidate and state, of ${Object.keys(ACTIVATIONS).join(', ')}.`,
    );
  return { activation: candidate, recurrentActivation: gates };
}
