// What display.html, .markdown, .latex, .svg, .json, .image and .table make of what they are given: bundles.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MimeBundle } from '../protocol.ts';
import type { ImageOptions, TableOptions } from './display-types.ts';
import { toText } from './inspect.ts';
import { dataUrlBytes, drawingBundle, encodePng, withNamespace } from './inspect-canvas.ts';
import { escapeHtml } from './inspect-html.ts';
import { imageBundle, imageInfo } from './inspect-images.ts';
import { toJson } from './inspect-json.ts';
import { type TableSource, tableOf } from './inspect-table.ts';
import { tableBundle } from './inspect-table-views.ts';
import { isTensor, type TensorLike } from './inspect-tensors.ts';

/** A bundle and the metadata that belongs to it. */
export interface Prepared {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export type MarkupKind = 'html' | 'markdown' | 'latex' | 'svg';

/** The text of a helper's arguments: a string, or a template whose values are escaped where that is needed. */
export function markupText(kind: MarkupKind, [first, ...values]: readonly unknown[]): string {
  if (!isTemplate(first)) return String(first);
  const pieces = kind === 'latex' ? first.raw : first;
  const put = (value: unknown) =>
    kind === 'html' || kind === 'svg' ? escapeHtml(String(value)) : String(value);
  return pieces.reduce((text, piece, k) => text + put(values[k - 1]) + piece);
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && Array.isArray((value as Partial<TemplateStringsArray>).raw);
}

/** Every kind has its text too: what it says without its marks, or its source. */
export function markupBundle(kind: MarkupKind, text: string): MimeBundle {
  switch (kind) {
    case 'html':
      return { 'text/html': text, 'text/plain': withoutTags(text) };
    case 'markdown':
      return { 'text/markdown': text, 'text/plain': text };
    case 'latex':
      return { 'text/latex': /^\s*(\$|\\\[|\\begin)/.test(text) ? text : `$$${text}$$`, 'text/plain': text };
    case 'svg':
      return { 'image/svg+xml': withNamespace(text), 'text/plain': svgWords(text) };
  }
}

/** Of as much of a text as words are made of; the rest would only take time. */
const LONGEST_WORDS = 20_000;

function withoutTags(html: string): string {
  const begin = html.slice(0, LONGEST_WORDS);
  const text = begin.replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '').replace(/<[^>]*>/g, ' ');
  return decode(text).replace(/\s+/g, ' ').trim();
}

function svgWords(svg: string): string {
  const [, title] = /<title[^>]*>([^<]*)<\/title>/i.exec(svg.slice(0, LONGEST_WORDS)) ?? [];
  return title ? decode(title) : 'SVG drawing';
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  amp: '&',
  nbsp: ' ',
  '#39': "'",
};

function decode(text: string): string {
  return text.replace(/&(lt|gt|quot|amp|nbsp|#39);/g, (_, name: string) => ENTITIES[name]!);
}

export function jsonBundle(value: unknown, { expanded = false } = {}): Prepared {
  const data = { 'application/json': toJson(value) ?? null, 'text/plain': toText(value) };
  return { data, metadata: { 'application/json': { expanded } } };
}

/** @throws TypeError for what has no rows. */
export function tableBundleOf(value: unknown, options: TableOptions = {}): MimeBundle {
  return tableBundle(tableOf(rowsOf(value), options));
}

function rowsOf(value: unknown): TableSource {
  if (value instanceof Map) return { names: [...value.keys()].map(String), rows: named([...value.values()]) };
  if (typeof value === 'object' && value !== null) {
    if (Symbol.iterator in value) return { names: [], rows: named([...(value as Iterable<unknown>)]) };
    const columns = Object.entries(value);
    if (columns.length > 0 && columns.every(([, column]) => isList(column)))
      return byColumns(columns as [string, ArrayLike<unknown>][]);
    if (columns.length > 0)
      return { names: columns.map(([name]) => name), rows: named(columns.map(([, row]) => row)) };
  }
  throw new TypeError(
    `Cannot show ${toText(value).slice(0, 80)} as a table: expected an array of objects or arrays, a Map, or an object of columns`,
  );
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Rows that are lists become objects with their positions as names. */
function named(rows: readonly unknown[]): unknown[] {
  return rows.map(row =>
    isList(row) ? Object.fromEntries(Array.from(row, (value, k) => [String(k), value])) : row,
  );
}

function byColumns(columns: readonly [string, ArrayLike<unknown>][]): TableSource {
  const length = Math.max(...columns.map(([, column]) => column.length));
  const rows = Array.from({ length }, (_, k) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column[k]])),
  );
  return { names: [], rows };
}

/** @throws TypeError for what is no image or a file that cannot be read. */
export function imagePrepared(source: unknown, options: ImageOptions = {}): Prepared | Promise<Prepared> {
  const bundle = drawn(source);
  if (!(bundle instanceof Promise)) return withOptions(bundle ?? bytesOrThrow(source), options);
  return bundle.then(awaited => withOptions(awaited ?? bytesOrThrow(source), options));
}

function withOptions(bundle: MimeBundle, { width, height, alt }: ImageOptions): Prepared {
  const [type = ''] = Object.keys(bundle);
  const size = { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
  const data = alt === undefined ? bundle : { ...bundle, 'text/plain': alt };
  return { data, metadata: Object.keys(size).length > 0 ? { [type]: size } : {} };
}

function drawn(source: unknown): MimeBundle | Promise<MimeBundle | null> | null {
  if (typeof source !== 'object' || source === null) return null;
  return isTensor(source) ? tensorImage(source) : drawingBundle(source);
}

function bytesOrThrow(source: unknown): MimeBundle {
  const bytes = bytesOf(source);
  const info = bytes && imageInfo(bytes);
  if (bytes && info) return imageBundle(bytes, info);
  const what = typeof source === 'string' ? source.slice(0, 80) : toText(source).slice(0, 80);
  throw new TypeError(
    `Cannot show ${what} as an image: expected a PNG, JPEG, GIF, WebP or SVG (a file, its bytes, a canvas or a tensor)`,
  );
}

function bytesOf(source: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  const name = source instanceof URL ? source.href : source;
  if (typeof name !== 'string') return undefined;
  if (name.startsWith('data:')) return dataUrlBytes(name);
  if (/^https?:/.test(name)) {
    throw new TypeError(
      `Cannot show ${name.slice(0, 80)} as an image: fetch it first, display.image(await (await fetch(url)).arrayBuffer())`,
    );
  }
  return fileBytes(name.startsWith('file:') ? fileURLToPath(name) : name);
}

function fileBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new TypeError(
      `Cannot show ${file.slice(0, 200)} as an image: ${why} (paths begin at ${process.cwd()})`,
    );
  }
}

/** float32 from 0 to 1, int32 from 0 to 255; grey, RGB or RGBA, as tf.browser.toPixels takes it. */
function tensorImage(tensor: TensorLike): MimeBundle {
  const { shape, dtype } = tensor;
  const [height = 0, width = 0, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || ![1, 3, 4].includes(channels)) {
    throw new TypeError(
      `Cannot show a tensor [${shape.join(',')}] as an image: expected [height, width] or [height, width, 1 | 3 | 4]`,
    );
  }
  const values = tensor.dataSync() as ArrayLike<number>;
  const scale = dtype === 'float32' ? 255 : 1;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < Math.max(3, channels); channel++) {
      pixels[pixel * 4 + channel] = Number(values[pixel * channels + (channels === 1 ? 0 : channel)]) * scale;
    }
  }
  const png = encodePng(pixels, width, height);
  return imageBundle(png, imageInfo(png)!);
}
