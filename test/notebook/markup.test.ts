// What may stand in the exported page as it is, and what may not.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isSafeHtml, isSafeSvg, stripProlog } from '../../kernel/notebook/markup.ts';
import { toBundle } from '../../kernel/session/inspect.ts';
import { barHtml } from '../../kernel/session/progress-view.ts';

const svg = (inside: string, attributes = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inside}</svg>`;

test('plain structure is safe HTML', () => {
  for (const html of [
    'text & more, 3 > 2',
    '<table class="t"><tr><td colspan="2">1</td></tr></table>',
    '<details open><summary>Hint</summary>',
    '<img src="data:image/png;base64,AA+/==" alt="dot" width="4">',
    '<a href="https://example.org/x?a=1&amp;b=2">x</a><br/><a href="#top">y</a>',
    '<!-- a <comment> --><b>x</b>',
    '<p style="color:#123; background-color: rgba(1,2,3,.5);text-align:right">x</p>',
    '<span role="progressbar" aria-valuenow="4" style="width:42.0%;background:linear-gradient(90deg,#2795a3,transparent)">x</span>',
    '<svg viewBox="0 0 2 1"><path fill="currentColor" d="M0 0h1v1h-1z" style="fill:color-mix(in oklab,#fff,currentColor 4%)"/></svg>',
  ])
    assert(isSafeHtml(html), html);
});

test('what the kernel shows by itself is safe HTML', async () => {
  const tensor = { shape: [2, 3], dtype: 'float32', dataSync: () => [1, Number.NaN, -3, 4, 5, 6] };
  for (const value of [[{ a: 1, b: 'words and more' }, { c: null }], tensor]) {
    const html = String((await toBundle(value))['text/html']);
    assert(isSafeHtml(html), html);
  }
  const bar = {
    label: '<b>',
    done: 1,
    note: 'x',
    state: 'running',
    seconds: 1,
    rate: 2,
    language: 'en',
  } as const;
  assert(isSafeHtml(barHtml({ ...bar, total: 3 })) && isSafeHtml(barHtml({ ...bar, total: null })));
});

test('scripts, handlers, styles, foreign elements and broken markup are not', () => {
  for (const html of [
    '<script>1</script>',
    '<b onclick="x()">',
    '<b style="position:fixed">',
    '<b style="color:red;position:fixed">',
    '<b style="background:url(https://example.org/x)">',
    '<b style="background:u\\72l(x)">',
    '<b style="background:image-set(x)">',
    '<b style="color:re/**/d;behavior:x">',
    '<b style="width:expression(x)">',
    '<b style="background:&#117;rl(x)">',
    '<svg><script>x</script></svg>',
    '<svg><style>x</style></svg>',
    '<svg><path fill="url(#a)"/></svg>',
    '<svg onload="x()"></svg>',
    '<svg><use href="#a"/></svg>',
    '<svg><foreignObject></foreignObject></svg>',
    '<img src="x">',
    '<img src="https://example.org/x.png">',
    '<img src="data:image/png;base64,AA" onerror="x()">',
    '<p src="data:text/html;base64,AA">',
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
