// The exported page as text: what is in it, and that nothing foreign can run. (In a browser:
// test/media/export.slow.test.ts.)
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exportNotebook, exportPage } from '../../kernel/notebook/export.ts';
import { highlight } from '../../kernel/notebook/export-code.ts';
import { jsonTree } from '../../kernel/notebook/export-json.ts';
import { overwrite } from '../../kernel/notebook/export-text.ts';
import type { Cell, Notebook } from '../../kernel/notebook/format.ts';
import { FIGURE_MIME } from '../../kernel/protocol.ts';
import { code, markdown, result, sampleNotebook, stream } from './sample-notebook.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatebook-export-'));
after(() => rmSync(folder, { recursive: true }));

function page(...cells: Cell[]): string {
  const notebook: Notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  return exportPage(notebook, { folder });
}

function body(...cells: Cell[]): string {
  return /<main>\n([\s\S]*)\n<\/main>/.exec(page(...cells))![1]!;
}

test('language and title come from the options, the metadata, the first heading', () => {
  const ko = sampleNotebook('ko');
  const options = { folder: join(process.cwd(), 'notebooks/ko') };
  const html = exportPage(ko, options);
  assert.match(html, /^<!doctype html>\n<html lang="ko">/);
  assert.match(html, /<title>망각 게이트: 무엇을 남길지 정하기<\/title>/);
  assert.match(
    exportPage(ko, { ...options, title: 'A & B', language: 'en' }),
    /lang="en"[\s\S]*<title>A &amp; B<\/title>/,
  );
  assert.match(page(markdown('a', 'no heading')), /<html lang="en">[\s\S]*<title>Gatebook<\/title>/);
});

test('the policy allows the one script by its hash, and none where there is no figure', () => {
  const html = exportPage(sampleNotebook('en'), { folder: join(process.cwd(), 'notebooks/en') });
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)];
  assert.equal(scripts.length, 1);
  const hash = createHash('sha256').update(scripts[0]![1]!).digest('base64');
  assert(
    html.includes(
      `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; font-src data:`,
    ),
  );
  const plain = page(markdown('a', 'text'));
  assert(plain.includes("script-src 'none'"));
  assert(!plain.includes('<script'));
});

test('nothing in the page names another place to load from', () => {
  const html = exportPage(sampleNotebook('ko'), { folder: join(process.cwd(), 'notebooks/ko') });
  const markup = html.replace(/<script>[\s\S]*?<\/script>/g, '').replace(/<a href="https:[^"]*"/g, '');
  assert.doesNotMatch(markup, /(?:src|href)\s*=\s*"?(?!data:)https?:/i);
  assert.doesNotMatch(markup, /url\((?!data:|#)/);
});

test('equations are rendered, with the fonts they use and no others', () => {
  const html = page(markdown('a', 'inline $f_t$는 and\n\n$$\\sum_k \\mathbf{W}x$$'));
  assert.equal(html.match(/class="katex"/g)!.length, 2);
  const fonts = [
    ...html.matchAll(/@font-face\{[^}]*font-family:"?(KaTeX_\w+)"?[^}]*font-weight:(\d+)[^}]*\}/g),
  ].map(([, name, weight]) => `${name} ${weight}`);
  assert.deepEqual(fonts.sort(), ['KaTeX_Main 400', 'KaTeX_Main 700', 'KaTeX_Math 400', 'KaTeX_Size2 400']);
  assert.equal(html.match(/url\(data:font\/woff2;base64,d09GMg/g)!.length, 4);
  assert(!page(markdown('a', 'costs $5 and $6')).includes('KaTeX'));
});

test('no class of the page is one of those by which KaTeX lays out', () => {
  const inside = body(markdown('a', '$\\text{subject}$'));
  const classes = [...inside.matchAll(/class="([^"]*)"/g)].flatMap(([, list]) => list!.split(' '));
  assert(classes.includes('text'));
  const style = /<style>([\s\S]*?)<\/style>/.exec(page(markdown('a', 'x')))![1]!;
  for (const name of classes.filter(name => !name.startsWith('katex')))
    assert(!new RegExp(`\\.${name}[ ,.:>{]`).test(style.replace(/\.prose/g, '')), name);
});

test('raw HTML is kept when it is plain structure, else shown as text', () => {
  const html = body(
    markdown(
      'a',
      '<details><summary>Hint</summary>\n\nyes\n\n</details>\n\n<script>alert(1)</script>\n\n<b onclick="x">b</b>',
    ),
  );
  assert.match(html, /<details><summary>Hint<\/summary>/);
  assert(!html.includes('<script'));
  assert.match(html, /&lt;script&gt;/);
  assert.match(html, /&lt;b onclick=/);
});

test('drawings stand in the page, other pictures as data, what cannot come along is said', () => {
  writeFileSync(
    join(folder, '그림 1.svg'),
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="40"><style>g{fill:red}</style><g/></svg>',
  );
  writeFileSync(join(folder, 'bad.svg'), '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"></svg>');
  writeFileSync(join(folder, 'p.png'), Buffer.from([1, 2, 3]));
  const attached = {
    ...markdown('a', '![at](attachment:a.png)'),
    attachments: { 'a.png': { 'image/png': 'AAAA\n' } },
  } as Cell;
  const html = body(
    markdown(
      'b',
      '![one <1>](<그림 1.svg>) ![two](bad.svg) ![three](p.png) ![gone](no.png) ![far](https://example.org/x.png)',
    ),
    attached,
  );
  assert.match(
    html,
    /aria-label="one &lt;1&gt;" style="max-width:40px"><template shadowrootmode="open"><style>[^<]*<\/style><svg/,
  );
  assert.match(html, /<img src="data:image\/svg\+xml;base64,[^"]*" alt="two">/);
  assert(html.includes('<img src="data:image/png;base64,AQID" alt="three">'));
  assert(html.includes('gone (picture not included: no.png)'));
  assert(html.includes('far (picture not included: https://example.org/x.png)'));
  assert(html.includes('<img src="data:image/png;base64,AAAA" alt="at">'));
});

test('code is coloured by what TypeScript says it is, and every character survives', () => {
  const source =
    'const a = `x $' + '{b + `</b>`}`; // <i>\nif (/re"g/.test(s)) f(1_000n)\n/* long\n const */ await g';
  const html = highlight(source, 'typescript');
  assert.match(html, /<span class="keyword">const<\/span> a/);
  assert.match(html, /<span class="comment">\/\/ &lt;i&gt;<\/span>/);
  assert.match(html, /<span class="string">\/re&quot;g\/<\/span>/);
  assert.match(html, /<span class="comment">\/\* long\n const \*\/<\/span>/);
  const text = html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
  assert.equal(text, source);
  assert.equal(highlight('a < b', 'python'), 'a &lt; b');
});

test('streams are joined, coloured and end as a terminal would show them', () => {
  const html = body(
    code('a', 'x', 1, [
      stream('stdout', '\u001b[31mred '),
      stream('stdout', '<b>\u001b[0m\n'),
      stream('stderr', 'e'),
    ]),
  );
  assert.match(
    html,
    /<pre class="printed stdout"><span class="ansi-red-fg">red <\/span>|<span class="ansi-red-fg">red &lt;b&gt;<\/span>/,
  );
  assert.equal(html.match(/<pre class="printed stdout">/g)!.length, 1);
  assert(!html.includes('<b>'));
  assert.equal(overwrite('10%\r20%\r\ndone\rD'), '20%\nDone');
  assert.equal(overwrite('abc\b\bX'), 'aX');
});

test('a figure carries its data where no end tag can hide, and its picture until the script draws', () => {
  const bundle = {
    [FIGURE_MIME]: { version: 1, title: '</script><b>' },
    'image/svg+xml': '<svg><title>t</title></svg>',
    'text/plain': 'words',
  };
  const html = body(code('a', 'x', 1, [result(1, bundle)]));
  const data =
    /<script type="application\/vnd\.gatebook\.figure\+json">([^<]*)<\/script><div class="gatebook-figure"><svg><title>t<\/title><\/svg><\/div>/.exec(
      html,
    );
  assert.deepEqual(JSON.parse(data![1]!), { version: 1, title: '</script><b>' });
  const styled = { ...bundle, 'image/svg+xml': '<svg><style>main{display:none}</style></svg>' };
  assert(!body(code('a', 'x', 1, [result(1, styled)])).includes('<style'));
  const foreign = { ...bundle, 'image/svg+xml': '<svg onload="x()"></svg>' };
  assert.match(
    body(code('a', 'x', 1, [result(1, foreign)])),
    /<\/script><div class="gatebook-figure"><img src="data:image\/svg\+xml;base64,[^"]*" alt="words">/,
  );
});

test('of other bundles the richest safe type is shown', () => {
  const show = (data: Record<string, unknown>) => body(code('a', '', null, [result(1, data)]));
  assert.match(
    show({ 'text/html': '<table></table>', 'text/plain': 'p' }),
    /<div class="html table"><table>/,
  );
  assert.match(
    show({ 'text/html': '<script>1</script>', 'text/plain': 'p <' }),
    /<p class="note">Its HTML needs scripts .*<\/p><pre class="printed result">p &lt;<\/pre>/,
  );
  assert.match(
    show({ 'image/png': 'AA\nAA', 'text/plain': 'pic' }),
    /<img src="data:image\/png;base64,AAAA" alt="pic">/,
  );
  assert.match(show({ 'text/markdown': '**b**' }), /<strong>b<\/strong>/);
  assert.match(show({ 'application/x': {} }), /<p class="note">An output of the type application\/x, which/);
});

test('LaTeX is an equation, JSON a tree, a picture has its size, charts of others are drawn or told', () => {
  const show = (data: Record<string, unknown>, metadata = {}) =>
    body(code('a', '', null, [{ output_type: 'display_data', data, metadata }]));
  for (const latex of ['$$x^2$$', '\\[x^2\\]', '\\begin{aligned}x^2\\end{aligned}'])
    assert.match(show({ 'text/latex': latex }), /katex-display.*<math[^>]*display="block"/s, latex);
  for (const latex of ['$x^2$', '\\(x^2\\)']) {
    const inline = show({ 'text/latex': latex });
    assert(inline.includes('<math') && !inline.includes('katex-display'), latex);
  }
  assert.match(show({ 'text/latex': 'so $x$ is <b' }), /so <span class="katex.*is &lt;b/s);
  assert.match(show({ 'text/latex': '$$\\frac{$$' }), /katex-error/);
  const json = { 'application/json': { a: [1, '<b>'], e: {} }, 'text/plain': 'p' };
  assert.match(show(json), /<details><summary>\{2\}<\/summary>.*"&lt;b&gt;|<details><summary>\{2\}/s);
  assert.match(show(json, { 'application/json': { expanded: true } }), /<details open><summary>\{2\}/);
  assert.match(show(json), /<span class="string">&quot;&lt;b&gt;&quot;<\/span>/);
  assert.match(
    show({ 'image/png': 'AAAA' }, { 'image/png': { width: 40 } }),
    /<img style="width:40px" src="data:image\/png;base64,AAAA"/,
  );
  const foreign = show({ 'application/vnd.plotly.v1+json': { data: [{ y: [1] }] }, 'text/plain': 'line' });
  assert.match(foreign, /"kind":"plotly".*<div class="gatebook-figure"><pre class="printed result">line/s);
  const vega = show({ 'application/vnd.vegalite.v5+json': { mark: 'bar' }, 'text/plain': 'a bar' });
  assert.match(vega, /A Vega-Lite chart, which this page does not draw.*a bar.*<span class="key">mark/s);
});

test('a tree of any size and depth stays in bounds', () => {
  const options = { open: false, more: (count: number) => `${count} more` };
  let deep: unknown = 1;
  for (let level = 0; level < 5000; level++) deep = [deep];
  assert(jsonTree(deep, options).length < 10_000);
  const wide = jsonTree(
    Array.from({ length: 20_000 }, (_, at) => [at, 'x'.repeat(9000)]),
    options,
  );
  assert(wide.length < 5_000_000 && wide.includes('19500 more'));
});

test('errors show their traceback, or name and value where there is none', () => {
  const error = { output_type: 'error' as const, ename: 'TypeError', evalue: 'x < y', traceback: [] };
  assert.match(body(code('a', 'x', 1, [error])), /<pre class="printed error">TypeError: x &lt; y<\/pre>/);
  assert.match(body(code('a', 'x', 1, [{ ...error, traceback: ['a', 'b'] }])), />a\nb<\/pre>/);
});

test('the footer says what ran, and speaks of figures only where there are some', () => {
  const html = exportPage(sampleNotebook('en'), { folder: join(process.cwd(), 'notebooks/en') });
  assert.match(html, /<footer>Made with Gatebook, run on TensorFlow 2\.15\.1\. The figures are alive:/);
  assert.match(page(markdown('a', 'x')), /<footer>Made with Gatebook\.<\/footer>/);
});

test('code with long lines is marked, to be given more room', () => {
  const marked = (source: string) => body(code('a', source, 1, [])).includes('class="source long"');
  assert.deepEqual(['x'.repeat(82), `a\n${'x'.repeat(83)}`, '가'.repeat(42)].map(marked), [
    false,
    true,
    true,
  ]);
});

test('hidden source is folded, raw cells are left out', () => {
  const hidden = { ...code('a', 'x', 1, []), metadata: { jupyter: { source_hidden: true } } } as Cell;
  assert.match(body(hidden), /<details class="folded"><summary>Code<\/summary>/);
  assert.equal(body({ cell_type: 'raw', id: 'r', metadata: {}, source: '<b>' }), '');
});

test('exportNotebook() reads a file and writes a whole page, or says why not', () => {
  const path = join(folder, 'a.ipynb');
  writeFileSync(
    path,
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [markdown('a', '# Title')] }),
  );
  exportNotebook(path, join(folder, 'a.html'));
  assert.throws(
    () => exportNotebook(path, join(folder, 'no/a.html')),
    /Cannot write page ".*": there is no folder/,
  );
  assert.throws(
    () => exportNotebook(join(folder, 'b.ipynb'), join(folder, 'b.html')),
    /Cannot read notebook/,
  );
});
