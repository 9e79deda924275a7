// Text as HTML, and the few style words that our own HTML is made of: no colour but the page's own ink and the
// figures' teal, so that it stands in light and dark themes of every front end. No script, no style sheet.

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => ESCAPES[character]!);
}

/** 74% ink, as the figures have it. */
export const MUTED = 'opacity:.74';

/** An element whose text is escaped. */
export function element(name: string, style: string, text: string): string {
  return `<${name} style="${style}">${escapeHtml(text)}</${name}>`;
}

/** `12 kB`, in steps of a thousand. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const step = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${['', 'kB', 'MB', 'GB', 'TB'][step]}`;
}

/** `1,234,567`, the same in every locale. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 row`, `20 rows`. */
export function plural(count: number, one: string): string {
  return `${countText(count)} ${one}${count === 1 ? '' : 's'}`;
}
