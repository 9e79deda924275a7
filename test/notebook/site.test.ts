// The site's pages as text: links to lessons become links to pages, the other language where it exists, and each
// lesson of the course has its line in the contents.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSite } from '../../kernel/notebook/site.ts';
import { LINES, SITE_WORDS } from '../../kernel/notebook/site-words.ts';
import { temporaryFolder } from '../kernel/kernel.ts';

function lesson(title: string, text: string): string {
  const cells = [{ cell_type: 'markdown', id: 'a', metadata: {}, source: `# ${title}\n\n${text}` }];
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
}

test('each lesson has its line, in both languages', () => {
  const names = readdirSync(join('notebooks', 'ko')).filter(file => file.endsWith('.ipynb'));
  for (const name of names.map(file => file.replace('.ipynb', ''))) {
    assert.ok(LINES[name], name);
    assert.match(LINES[name].ko, /[가-힣]/);
    assert.doesNotMatch(LINES[name].en, /[가-힣]/);
  }
  assert.deepEqual(Object.keys(SITE_WORDS.ko), Object.keys(SITE_WORDS.en));
});

test('pages: links between lessons, neighbours, the other language; what was there before is gone', t => {
  const base = temporaryFolder(t);
  const [executed, assets, output] = ['executed', 'assets', 'site'].map(name => join(base, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [join(executed, 'ko'), join(executed, 'en'), assets, output])
    mkdirSync(folder, { recursive: true });
  cpSync(join('media', 'icon.svg'), join(assets, 'icon.svg'));
  for (const script of ['figures.js', 'plotly.js']) writeFileSync(join(assets, script), '');
  writeFileSync(join(output, 'old.html'), '');
  writeFileSync(
    join(executed, 'en', '1-a.ipynb'),
    lesson('1. A & <b>', 'see [next](2-b.ipynb#there), $x_t$'),
  );
  writeFileSync(join(executed, 'en', '2-b.ipynb'), lesson('2. B', '![cell](../drawings/none.png)'));
  writeFileSync(join(executed, 'ko', '1-a.ipynb'), lesson('1. 가', '글'));

  assert.deepEqual(buildSite({ executed, assets, output }), [
    join('en', '1-a.html'),
    join('en', '2-b.html'),
    'index.html',
    join('ko', '1-a.html'),
    join('ko', 'index.html'),
  ]);
  assert.ok(!existsSync(join(output, 'old.html')));
  const page = (path: string) => readFileSync(join(output, path), 'utf8');
  const first = page('en/1-a.html');
  assert.match(first, /<title>1\. A &amp; &lt;b&gt; · Gatebook<\/title>/);
  assert.match(first, /href="2-b\.html#there"/);
  assert.match(first, /<a rel="next" class="next" href="2-b\.html">/);
  assert.doesNotMatch(first, /rel="prev"|figures\.js/, 'first lesson, no figure');
  assert.match(first, /aria-label="1\. A &amp; &lt;b&gt;" aria-current="page">1</);
  assert.match(first, /class="language" lang="ko" hreflang="ko" href="\.\.\/ko\/1-a\.html"/);
  assert.match(page('en/2-b.html'), /href="\.\.\/ko\/index\.html">한국어/, 'no such lesson in Korean');
  assert.match(page('index.html'), /href="en\/1-a\.html"[\s\S]*href="en\/2-b\.html"/);
  assert.match(page('ko/index.html'), /href="1-a\.html"[\s\S]*gatebook tutorial --language ko/);
  const css = page('assets/site.css');
  const fonts = [...css.matchAll(/url\(([^)]+)\)/g)].map(([, file = '']) => file);
  assert.ok(fonts.length > 10);
  for (const font of fonts) assert.ok(existsSync(join(output, 'assets', font)), font);
});
