// Drawings made without a DOM: canvases of Node packages, told by what they can do, ImageData, and elements of
// a DOM in Node. (canvas, @napi-rs/canvas and skia-canvas differ in how they give their bytes.)
import { deflateSync } from 'node:zlib';
import type { MimeBundle } from '../protocol.ts';
import { bytesBundle } from './inspect-images.ts';
import { peek } from './inspect-objects.ts';

type Method = (...args: unknown[]) => unknown;

/** The bundle of a canvas, ImageData, image Blob or DOM element; null for anything else. */
export function drawingBundle(value: object): MimeBundle | Promise<MimeBundle | null> | null {
  if (isFunction(peek(value, 'getContext'))) return canvasBundle(value);
  if (value instanceof Blob) return value.type.startsWith('image/') ? blobBundle(value) : null;
  return imageDataBundle(value) ?? elementBundle(value);
}

function isFunction(value: unknown): value is Method {
  return typeof value === 'function';
}

/** Asks a canvas for a PNG, in the ways that the packages have. */
function canvasBundle(canvas: object): MimeBundle | Promise<MimeBundle | null> | null {
  const asked = [
    () => call(canvas, 'toBuffer', 'image/png'),
    () => call(canvas, 'encode', 'png'),
    () => call(canvas, 'toBuffer', 'png'),
    () => call(canvas, 'toDataURL', 'image/png'),
  ];
  const next = (from: number): MimeBundle | Promise<MimeBundle | null> | null => {
    if (from === asked.length) return null;
    const answer = attempt(asked[from]!);
    if (!(answer instanceof Promise)) return pngBundle(answer) ?? next(from + 1);
    return answer.then(pngBundle, () => null).then(bundle => bundle ?? next(from + 1));
  };
  return next(0);
}

function call(object: object, name: string, argument: string): unknown {
  const method = peek(object, name);
  return isFunction(method) ? method.call(object, argument) : undefined;
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return undefined; // another package's way of asking
  }
}

function pngBundle(answer: unknown): MimeBundle | null {
  return bytesBundle(typeof answer === 'string' ? dataUrlBytes(answer) : answer);
}

/** The bytes of a base64 `data:` URL of an image, else undefined. */
export function dataUrlBytes(url: string): Uint8Array | undefined {
  const [, base64] = /^data:image\/[\w.+-]+;base64,(.*)$/s.exec(url) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

async function blobBundle(blob: Blob): Promise<MimeBundle | null> {
  return bytesBundle(new Uint8Array(await blob.arrayBuffer()));
}

function imageDataBundle(value: object): MimeBundle | null {
  const [data, width, height] = ['data', 'width', 'height'].map(key => peek(value, key));
  if (!(data instanceof Uint8ClampedArray) || typeof width !== 'number' || typeof height !== 'number')
    return null;
  if (data.length === 0 || data.length !== width * height * 4) return null;
  return bytesBundle(encodePng(data, width, height));
}

/** An element of jsdom, linkedom or happy-dom. */
function elementBundle(value: object): MimeBundle | null {
  if (peek(value, 'nodeType') !== 1) return null;
  const [outerHTML, textContent] = [peek(value, 'outerHTML'), peek(value, 'textContent')];
  if (typeof outerHTML !== 'string') return null;
  const words =
    String(textContent ?? '')
      .trim()
      .slice(0, 2000) || outerHTML.slice(0, 200);
  if (!/^<svg[\s>]/i.test(outerHTML)) return { 'text/html': outerHTML, 'text/plain': words };
  return { 'image/svg+xml': withNamespace(outerHTML), 'text/plain': words };
}

/** A drawing out of an HTML page leaves its namespace out; by itself it is none without. */
export function withNamespace(svg: string): string {
  const [tag = ''] = /<svg\b[^>]*/i.exec(svg.slice(0, 10_000)) ?? [];
  if (tag === '' || /\sxmlns\s*=/.test(tag)) return svg;
  return svg.replace(tag, () => `${tag.slice(0, 4)} xmlns="http://www.w3.org/2000/svg"${tag.slice(4)}`);
}

/** @param data RGBA, row-major, 4 · width · height bytes. https://www.w3.org/TR/png-3/ */
export function encodePng(data: Uint8Array | Uint8ClampedArray, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits a channel, RGBA
  const lines = Buffer.alloc((width * 4 + 1) * height); // each begins with its filter: none
  for (let y = 0; y < height; y++)
    lines.set(data.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
