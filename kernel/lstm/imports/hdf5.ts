// HDF5 as Keras writes it, read by jsfive (pure JavaScript, from NIST; loaded when the first file is read).
import type { Content } from './source.ts';

/** An array of a file, decoded when asked for. */
export interface StoredArray {
  readonly shape: readonly number[];
  values(): Float32Array;
}

/** A group: other groups and arrays by name, and what is noted at it. */
export interface Group {
  readonly names: readonly string[];
  group(path: string): Group | null;
  array(path: string): StoredArray | null;
  /** A text or a list of texts noted under this name; null where there is none. */
  attribute(name: string): string | readonly string[] | null;
}

/** As much of jsfive as is used here; it has no types of its own. */
interface Node {
  readonly keys?: unknown;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly shape?: readonly number[];
  readonly value?: ArrayLike<number>;
  get?(path: string): Node;
}
interface Jsfive {
  readonly File: new (bytes: ArrayBuffer, name: string) => Node;
}

export function isHdf5(bytes: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46].every((byte, at) => bytes[at] === byte);
}

/** @throws RangeError for bytes that are no HDF5 file. */
export async function readHdf5({ bytes, name }: Content): Promise<Group> {
  const wrong = (why: string) => new RangeError(`Cannot read ${name} as HDF5: ${why}.`);
  if (!isHdf5(bytes)) throw wrong('it does not begin with the signature of HDF5');
  const module = 'jsfive'; // a name in a variable: there are no types to be found
  const { File } = (await import(module)) as Jsfive;
  try {
    return groupOf(new File(Uint8Array.from(bytes).buffer, name));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

/** jsfive's arrays are JavaScript arrays, whose `keys` is a function. */
const namesIn = (node: Node): readonly string[] | null => (Array.isArray(node.keys) ? node.keys : null);

function groupOf(root: Node): Group {
  return {
    names: namesIn(root) ?? [],
    group: path => {
      const node = find(root, path);
      return node && namesIn(node) ? groupOf(node) : null;
    },
    array: path => {
      const node = find(root, path);
      if (!node?.shape || namesIn(node)) return null;
      return { shape: node.shape, values: () => Float32Array.from(node.value ?? []) };
    },
    attribute: name => textOf(root.attrs[name]),
  };
}

function find(root: Node, path: string): Node | null {
  let node: Node | null = root;
  for (const name of path.split('/'))
    node = node && namesIn(node)?.includes(name) ? (node.get?.(name) ?? null) : null;
  return node;
}

function textOf(value: unknown): string | readonly string[] | null {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(String) : null;
}
