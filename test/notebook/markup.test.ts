// What may stand in the exported page as it is, and what may not.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isSafeHtml, isSafeSvg, stripProlog } from '../../kernel/notebook/markup.ts';

const svg = (inside: string, attributes = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inside}</svg>`;

test('plain structure is safe HTML', () => {
  for (const html of [
    'text & more, 3 > 2',
    '<table class="t"><tr><td colspan="2">1</td></tr></table>',
    '<details open><summary>Hint</summary>',
    '<a href="https://example.org/x?a=1&amp;b=2">x</a><br/><a href="#top">y</a>',
    '<!-- a <comment> --><b>x</b>',
  ])
    assert(isSafeHtml(html), html);
});

test('scripts, handlers, styles, foreign elements and broken markup are not', () => {
  for (const html of [
    '<script>1</script>',
    '<b onclick="x()">',
    '<b style="position:fixed">',
    '<img src="x">',
    '<iframe srcdoc="x"></iframe>',
    '<a href="javascript:x()">',
    '<a href="&#106;avascript:x()">',
    '<a href=" java\nscript:x()">',
    '<b title="a" onclick=x>',
    '<b title="a"onclick="x">',
    '<b <script>',
    '<!--><script>x</script>-->',
    '<!---><script>x</script>-->',
    '<SCRIPT>1</SCRIPT>',
    'a < b',
    '<form action="https://example.org">',
  ])
    assert(!isSafeHtml(html), html);
});

test('our own drawings are safe SVG', () => {
  const folder = join(process.cwd(), 'notebooks', 'drawings');
  const drawings = readdirSync(folder).filter(name => name.endsWith('.svg'));
  assert(drawings.length > 0);
  for (const name of drawings) assert(isSafeSvg(stripProlog(readFileSync(join(folder, name), 'utf8'))), name);
});

test('an SVG that could run or load something is not', () => {
  assert(isSafeSvg(svg('<g id="a"><use href="#a"/><path fill="url(#b)" d="M0 0"/></g>')));
  for (const bad of [
    svg('<script>1</script>'),
    svg('<foreignObject></foreignObject>'),
    svg('', ' onload="x()"'),
    svg('<image href="https://example.org/x.png"/>'),
    svg('<use href="https://example.org/x.svg#a"/>'),
    svg('<use xlink:href="data:image/svg+xml,x"/>'),
    svg('<path fill="url(https://example.org/x)"/>'),
    svg('<style>@import "x";</style>'),
    svg('<style>a{background:url( "https://example.org/x")}</style>'),
    svg('<style>a{background:u\\72l(https://example.org/x)}</style>'),
    svg('<style>@&#105;mport "x";</style>'),
    svg('<a href="javascript:x()">x</a>'),
    svg('<set attributeName="href" to="javascript:x()"/>'),
    `${svg('')}<script>1</script>`,
    '<b>no svg</b>',
  ])
    assert(!isSafeSvg(bad), bad);
});

test('XML declaration and document type are taken off', () => {
  const file = `\uFEFF<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a" "b">\n${svg('')}\n`;
  assert.equal(stripProlog(file), svg(''));
  // A document type with declarations of its own stays, and is refused.
  assert(!isSafeSvg(stripProlog(`<!DOCTYPE svg [<!ENTITY a "b">]>${svg('')}`)));
});
