// What a kernel message looks like as a notebook output: MIME items and the metadata under which VS Code's
// own ipynb serializer writes it back as the Jupyter output it came from. Pure: no vscode in here.
import { Buffer } from 'node:buffer';
import {
  type DisplayContent,
  type ErrorContent,
  FIGURE_MIME,
  type IopubContents,
  type MimeBundle,
} from '../kernel/protocol.ts';

export interface OutputItem {
  readonly mime: string;
  readonly data: Uint8Array;
}

export interface OutputContent {
  readonly items: readonly OutputItem[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

const STREAM_MIME = {
  stdout: 'application/vnd.code.notebook.stdout',
  stderr: 'application/vnd.code.notebook.stderr',
};
const ERROR_MIME = 'application/vnd.code.notebook.error';

/** Each entry of a bundle as bytes, our figure first: VS Code draws the first one it has a renderer for. */
export function itemsOf(bundle: MimeBundle): readonly OutputItem[] {
  const entries = Object.entries(bundle).map(([mime, value]) => ({ mime, data: bytesOf(mime, value) }));
  return entries.sort((one, other) => rank(one.mime) - rank(other.mime));
}

function rank(mime: string): number {
  return mime === FIGURE_MIME ? 0 : 1;
}

/** Jupyter's MIME values: base64 for binary images, JSON for `json` types, text (or its lines) for the rest. */
function bytesOf(mime: string, value: unknown): Uint8Array {
  const text = Array.isArray(value) && value.every(line => typeof line === 'string') ? value.join('') : value;
  if (typeof text !== 'string' || isJson(mime)) return Buffer.from(JSON.stringify(value));
  const isBinaryImage = mime.startsWith('image/') && !mime.startsWith('image/svg');
  return Buffer.from(text, isBinaryImage ? 'base64' : 'utf8');
}

function isJson(mime: string): boolean {
  return mime === 'application/json' || mime.endsWith('+json');
}

export function streamItem(name: 'stdout' | 'stderr', text: string): OutputItem {
  return { mime: STREAM_MIME[name], data: Buffer.from(text) };
}

export function streamOutput(name: 'stdout' | 'stderr', text: string): OutputContent {
  return { items: [streamItem(name, text)], metadata: { outputType: 'stream' } };
}

export function displayOutput(content: DisplayContent): OutputContent {
  return {
    items: itemsOf(content.data),
    metadata: { outputType: 'display_data', metadata: content.metadata, transient: content.transient },
  };
}

export function resultOutput(content: IopubContents['execute_result']): OutputContent {
  const { metadata } = displayOutput(content);
  return {
    items: itemsOf(content.data),
    metadata: { ...metadata, outputType: 'execute_result', executionCount: content.execution_count },
  };
}

/** An `error` item: VS Code links the lines of a stack in Jupyter's form (`Cell In[3], line 2`). */
export function errorOutput(content: ErrorContent): OutputContent {
  const error = { name: content.ename, message: content.evalue, stack: content.traceback.join('\n') };
  return {
    items: [{ mime: ERROR_MIME, data: Buffer.from(JSON.stringify(error)) }],
    metadata: { outputType: 'error', originalError: { output_type: 'error', ...content } },
  };
}
