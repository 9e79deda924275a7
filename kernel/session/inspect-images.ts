// Images by their first bytes: which kind, and how large they are. https://www.w3.org/TR/png-3/ 5.2,
// GIF89a 18, ITU T.81 B.2.2, RFC 9649 2.
import type { MimeBundle } from '../protocol.ts';
import { bytesText } from './inspect-html.ts';

export interface ImageInfo {
  readonly type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/svg+xml';
  readonly name: string;
  readonly size: readonly [width: number, height: number] | null;
}

/** What the bytes are, or null when they are no image that notebooks show. */
export function imageInfo(bytes: Uint8Array): ImageInfo | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (starts(data, '\x89PNG\r\n\x1a\n')) return { type: 'image/png', name: 'PNG', size: pngSize(data) };
  if (starts(data, '\xff\xd8\xff')) return { type: 'image/jpeg', name: 'JPEG', size: jpegSize(data) };
  if (starts(data, 'GIF87a') || starts(data, 'GIF89a'))
    return { type: 'image/gif', name: 'GIF', size: data.length < 10 ? null : pair(data, 6) };
  if (starts(data, 'RIFF') && data.toString('latin1', 8, 12) === 'WEBP')
    return { type: 'image/webp', name: 'WebP', size: webpSize(data) };
  return isSvg(data) ? { type: 'image/svg+xml', name: 'SVG', size: null } : null;
}

/** An image of more bytes would make a notebook that can hardly be opened. */
const MOST_BYTES = 48_000_000;

/**
 * The bundle of an image; its words say what it is, or are the caller's own.
 * @throws RangeError above 48 MB
 */
export function imageBundle(bytes: Uint8Array, info: ImageInfo, alt?: string): MimeBundle {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length > MOST_BYTES) {
    throw new RangeError(
      `Cannot show an image of ${bytesText(data.length)}: ${bytesText(MOST_BYTES)} is the most. Make it smaller first.`,
    );
  }
  const content = info.type === 'image/svg+xml' ? data.toString('utf8') : data.toString('base64');
  const size = info.size ? `, ${info.size[0]} × ${info.size[1]}` : '';
  return {
    [info.type]: content,
    'text/plain': alt ?? `${info.name} image${size}, ${bytesText(data.length)}`,
  };
}

/** Any view of bytes that is an image; of what is none the first bytes are looked at only. */
export function bytesBundle(value: unknown): MimeBundle | null {
  if (!(value instanceof Uint8Array) || value.length < 6) return null;
  const info = imageInfo(value);
  return info && imageBundle(value, info);
}

function starts(data: Buffer, signature: string): boolean {
  return data.toString('latin1', 0, signature.length) === signature;
}

/** An SVG file begins with its element, after a declaration, comments and a document type at most. */
function isSvg(data: Buffer): boolean {
  const head = data.toString('utf8', 0, 2000);
  return /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(
    head,
  );
}

function pngSize(data: Buffer): ImageInfo['size'] {
  return data.length < 24 ? null : [data.readUInt32BE(16), data.readUInt32BE(20)];
}

function pair(data: Buffer, at: number): [number, number] {
  return [data.readUInt16LE(at), data.readUInt16LE(at + 2)];
}

/** Walks the segments to the start of the frame, which holds the size. */
function jpegSize(data: Buffer): ImageInfo['size'] {
  for (let at = 2; at + 9 < data.length; ) {
    const marker = data[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [data.readUInt16BE(at + 7), data.readUInt16BE(at + 5)];
    at += 2 + Math.max(2, data.readUInt16BE(at + 2));
  }
  return null;
}

function webpSize(data: Buffer): ImageInfo['size'] {
  if (data.length < 30) return null;
  const kind = data.toString('latin1', 12, 16);
  if (kind === 'VP8X') return [data.readUIntLE(24, 3) + 1, data.readUIntLE(27, 3) + 1];
  if (kind === 'VP8 ') return [data.readUInt16LE(26) & 0x3fff, data.readUInt16LE(28) & 0x3fff];
  const bits = data.readUInt32LE(21);
  return kind === 'VP8L' ? [(bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1] : null;
}
