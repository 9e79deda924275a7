// What would mend an error whose own message does not say it: things of a web page, and JSON that begins with a mark
// that nobody sees.

const OF_PAGES = new Set([
  ...['document', 'window', 'localStorage', 'sessionStorage', 'location', 'history', 'Image', 'FileReader'],
  ...['HTMLElement', 'XMLHttpRequest', 'requestAnimationFrame', 'cancelAnimationFrame', 'DOMParser'],
]);
const NO_PAGE = 'a cell runs in Node, without a page. display.html(…) shows HTML';
const NO_COMMONJS = 'a cell is a module. What it declares later cells see; a file exports with export';
const BYTE_ORDER_MARK =
  "the text begins with a byte order mark. It goes by text.replace(/^\\uFEFF/, '') before JSON.parse";

/** To be put behind the message, or ''. */
export function hintFor(name: string, message: string): string {
  const missing = name === 'ReferenceError' ? /^(\w+) is not defined$/.exec(message)?.[1] : undefined;
  if (missing !== undefined && OF_PAGES.has(missing)) return `: ${NO_PAGE}`;
  if (missing === 'module' || missing === 'exports') return `: ${NO_COMMONJS}`;
  return name === 'SyntaxError' && /^Unexpected token '?\uFEFF/.test(message) ? `: ${BYTE_ORDER_MARK}` : '';
}
