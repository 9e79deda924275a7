// What leaves the figure: text to the clipboard, pictures as files. All by data: URLs, which pass VS Code's
// notebook page and an exported page's content security policy.
import { panelSvg } from '../kernel/figures/svg.ts';
import type { PanelModel } from '../kernel/figures/trace-model.ts';
import { figureWords } from '../kernel/figures/words.ts';
import { html } from './dom.ts';

/** Pixels of the PNG for each of the SVG's. */
const SCALE = 2;

/** @throws where neither the clipboard nor the old command may be used */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyByCommand(text);
  }
}

/** The clipboard API needs a permission that some embedded pages lack. */
function copyByCommand(text: string): void {
  const area = html('textarea', 'gb-hidden', { readonly: '' });
  area.value = text;
  document.body.append(area);
  const before = document.activeElement as HTMLElement | null;
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  before?.focus({ preventScroll: true });
  if (!copied) throw new Error('Cannot copy: the page may not write to the clipboard');
}

/** A picture to save: SVG text and the name of its file, without ending. */
export interface Saved {
  readonly svg: string;
  readonly name: string;
}

export function panelPicture(model: PanelModel): Saved {
  return { svg: panelSvg(model, figureWords(model)), name: model.title ?? model.traces[0].layer };
}

export function saveSvg(saved: Saved): void {
  download(svgUrl(saved), fileName(saved, 'svg'));
}

export async function savePng(saved: Saved): Promise<void> {
  const image = new Image();
  image.src = svgUrl(saved);
  await image.decode();
  const canvas = html('canvas', '', {
    width: image.naturalWidth * SCALE,
    height: image.naturalHeight * SCALE,
  });
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  download(canvas.toDataURL('image/png'), fileName(saved, 'png'));
}

function svgUrl({ svg }: Saved): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** VS Code hears the click on a link with `download` and asks where to save. */
function download(url: string, name: string): void {
  const link = html('a', 'gb-hidden', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

function fileName({ name }: Saved, ending: string): string {
  const plain = name.replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 60);
  return `${plain || 'figure'}.${ending}`;
}
