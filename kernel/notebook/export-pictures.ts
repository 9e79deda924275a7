// Pictures in Markdown, carried inside the page: attachments, data: URIs, and files beside the notebook.
// Our drawings are SVG that follows the page's theme, so they stand in the page itself and not in an <img>.
import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Language } from '../protocol.ts';
import { isObject, type JsonObject } from './format.ts';
import { escapeHtml, isSafeSvg, stripProlog } from './markup.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};

/** Where a cell's pictures come from. */
export interface PictureSource {
  /** The notebook's folder, from which paths count. */
  readonly folder: string;
  readonly language: Language;
  readonly attachments?: Readonly<Record<string, JsonObject>>;
}

/** HTML for `![alt](address)`. A picture that cannot be carried along is said in its place. */
export function picture(address: string, alt: string, source: PictureSource): string {
  if (/^data:image\//i.test(address)) return image(address, alt);
  if (address.startsWith('attachment:'))
    return attached(decode(address.slice('attachment:'.length)), alt, source);
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(address)) return missing(address, alt, source.language);
  return local(decode(address), alt, source);
}

/** An SVG drawn in the page in a tree of its own, so that its styles and ids touch nothing else. */
export function drawing(svg: string, alt: string): string {
  const text = stripProlog(svg);
  if (!isSafeSvg(text)) return image(dataUri('image/svg+xml', Buffer.from(svg)), alt);
  const style = '<style>svg{display:block;width:100%;height:auto;margin:0 auto}</style>';
  const width = /<svg[^>]*\swidth="([\d.]+)(?:px)?"/.exec(text)?.[1] ?? viewBoxWidth(text);
  const limit = width === undefined ? '' : ` style="max-width:${width}px"`;
  return `<span class="drawing" role="img" aria-label="${escapeHtml(alt)}"${limit}><template shadowrootmode="open">${style}${text}</template></span>`;
}

export function image(address: string, alt: string): string {
  return `<img src="${escapeHtml(address)}" alt="${escapeHtml(alt)}">`;
}

export function dataUri(type: string, bytes: Buffer): string {
  return `data:${type};base64,${bytes.toString('base64')}`;
}

function attached(name: string, alt: string, { attachments, language }: PictureSource): string {
  const bundle = attachments?.[name];
  const [type, base64] = Object.entries(isObject(bundle) ? bundle : {}).find(isImage) ?? [];
  if (type === undefined) return missing(name, alt, language);
  if (type === 'image/svg+xml') return drawing(base64 as string, alt);
  return image(`data:${type};base64,${(base64 as string).replace(/\s/g, '')}`, alt);
}

function isImage([type, value]: [string, unknown]): boolean {
  return type.startsWith('image/') && typeof value === 'string';
}

function local(path: string, alt: string, { folder, language }: PictureSource): string {
  const type = TYPES[extname(path).toLowerCase()];
  if (type === undefined) return missing(path, alt, language);
  try {
    const bytes = readFileSync(resolve(folder, path));
    return type === 'image/svg+xml' ? drawing(bytes.toString('utf8'), alt) : image(dataUri(type, bytes), alt);
  } catch {
    return missing(path, alt, language); // the page says it where the picture would be
  }
}

function missing(address: string, alt: string, language: Language): string {
  const what = language === 'ko' ? '그림을 넣을 수 없습니다' : 'picture not included';
  return `<span class="missing">${escapeHtml(alt)} (${what}: ${escapeHtml(address)})</span>`;
}

function viewBoxWidth(svg: string): string | undefined {
  return /<svg[^>]*\sviewBox="[\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)/.exec(svg)?.[1];
}

function decode(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address; // a lone % in a file name
  }
}
