// Says whether foreign HTML or SVG may stand in our page as it is: an allow list, read with a strict
// tokeniser. What is not understood is not safe. (The page's CSP forbids scripts as well.)

const TAG =
  /<(?:!--(?!-?>)[\s\S]*?--|\/[a-zA-Z][\w:.-]*\s*|[a-zA-Z][\w:.-]*(?:\s+[\w:.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*\s*\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g;

const HTML_ELEMENTS = words(
  'a b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th thead tr u ul var',
);
const HTML_ATTRIBUTES = words('align alt class colspan lang open role rowspan scope start title');
/** Small pictures inside HTML, as the kernel's own tensors have: shapes, without text, style sheets or links. */
const INLINE_SVG_ELEMENTS = words('circle g line path polygon polyline rect svg');
const INLINE_SVG_ATTRIBUTES = words(
  'cx cy d fill fill-opacity fill-rule height opacity points preserveAspectRatio r rx ry shape-rendering stroke stroke-opacity stroke-width transform vector-effect viewBox width x x1 x2 xmlns y y1 y2',
);
/** What cannot leave its place in the page, cover another or load anything. */
const STYLE_PROPERTIES = words(
  'align-items background background-color border border-bottom border-collapse border-color border-left border-radius border-right border-top color cursor display fill fill-opacity flex flex-wrap font-family font-size font-style font-variant-numeric font-weight gap height justify-content line-height margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width opacity outline overflow overflow-x overflow-y padding padding-bottom padding-left padding-right padding-top stroke stroke-width text-align text-decoration vertical-align white-space width word-break',
);
const STYLE_FUNCTIONS = words('calc color-mix hsl hsla linear-gradient max min oklab oklch rgb rgba var');
const SVG_ELEMENTS = words(
  'circle clipPath defs desc ellipse feGaussianBlur feOffset filter g line linearGradient marker mask path pattern polygon polyline radialGradient rect stop style svg symbol text textPath title tspan use',
);

/**
 * Whether `html` holds only plain structure: no script, no style sheet, no style that leaves its place, no
 * foreign address but in links.
 */
export function isSafeHtml(html: string): boolean {
  return everyTag(html, new Set([...HTML_ELEMENTS, ...INLINE_SVG_ELEMENTS]), (name, value) => {
    if (name === 'href') return /^(https?:|#)/.test(value);
    if (name === 'src') return /^data:image\/[a-z+.-]+;base64,[\w+/=\s]*$/i.test(value);
    if (name === 'style') return value.split(';').every(isSafeDeclaration);
    if (INLINE_SVG_ATTRIBUTES.has(name)) return !/[:\\]|url/i.test(value) || name === 'xmlns';
    return HTML_ATTRIBUTES.has(name) || /^aria-[a-z]+$/.test(name);
  });
}

/** Of an inline style. Colours, lengths and key words, from functions that load nothing. */
function isSafeDeclaration(declaration: string): boolean {
  if (declaration.trim() === '') return true;
  const [, property = '', value = ''] = /^\s*([a-z-]+)\s*:\s*([\w\s.,#%()+*/"'-]+)$/i.exec(declaration) ?? [];
  const functions = [...value.matchAll(/([\w-]*)\s*\(/g)].map(match => match[1]!.toLowerCase());
  return (
    STYLE_PROPERTIES.has(property.toLowerCase()) &&
    functions.every(name => name === '' || STYLE_FUNCTIONS.has(name))
  );
}

/** Whether `svg` is one drawing that refers to nothing outside itself. */
export function isSafeSvg(svg: string): boolean {
  const text = decodeEntities(svg);
  if (!/^\s*(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<svg[\s>]/.test(svg) || !/<\/svg>\s*$/.test(svg)) return false;
  if (/@import|expression\(|javascript:|\\/i.test(text)) return false;
  if (/url\(\s*(?!["']?#)/i.test(text)) return false;
  return everyTag(svg, SVG_ELEMENTS, (name, value) => {
    if (/^on/i.test(name)) return false;
    return !/(^|:)href$/i.test(name) || value.startsWith('#');
  });
}

/** An SVG file without what an HTML parser does not want: XML declaration and document type. */
export function stripProlog(svg: string): string {
  return svg
    .replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, '')
    .replace(/^\s*<!DOCTYPE svg[^>[]*>/i, '')
    .trim();
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function everyTag(
  markup: string,
  elements: ReadonlySet<string>,
  allowed: (attribute: string, value: string) => boolean,
): boolean {
  // What remains without its tags is text; a "<" left in it is something the tokeniser did not understand.
  if (markup.replace(TAG, '').includes('<')) return false;
  for (const [tag] of markup.matchAll(TAG)) {
    if (tag.startsWith('<!--')) continue;
    const [, name = '', attributes = ''] = /^<\/?([\w:.-]+)([\s\S]*?)\/?>$/.exec(tag) ?? [];
    if (!elements.has(name)) return false;
    for (const [, attribute = '', double, single] of attributes.matchAll(ATTRIBUTE))
      if (!allowed(attribute, decodeEntities(double ?? single ?? '').trim())) return false;
  }
  return true;
}

/** Numeric references could hide a scheme from the checks above: `&#106;avascript:`. */
function decodeEntities(text: string): string {
  return text
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, hex: string) => fromCode(Number.parseInt(hex, 16)))
    .replace(/&#([0-9]{1,7});?/g, (_, decimal: string) => fromCode(Number(decimal)))
    .replace(/&(colon|Tab|NewLine|lpar|commat);/g, (_, name: string) => NAMED[name] ?? '');
}

const NAMED: Readonly<Record<string, string>> = {
  colon: ':',
  Tab: '\t',
  NewLine: '\n',
  lpar: '(',
  commat: '@',
};

function fromCode(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
