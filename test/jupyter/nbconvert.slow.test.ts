// nbconvert --execute: a page with the results, and a .ts file with the code.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { code, notebookFile, outputs } from '../kernel/command.ts';
import { Clients } from './clients.ts';

// As our lessons have it: nbconvert looks at the language before it runs the notebook.
const METADATA = {
  kernelspec: { name: 'gatebook', display_name: 'Gatebook', language: 'typescript' },
  language_info: { name: 'typescript', file_extension: '.ts' },
};
const CELLS = [
  { cell_type: 'markdown', id: 'm', metadata: {}, source: '# The gates' },
  code('const gates: readonly string[] = ["f", "i", "g", "o"];\nlet count = gates.length; // how many'),
  code('count ** 2'),
  code(`display.svg('<svg xmlns="http://www.w3.org/2000/svg"><title>gate</title></svg>')`),
];

describe('nbconvert', () => {
  const clients = new Clients();
  before(() => clients.installKernel());
  after(() => clients.close());

  async function convert(...args: readonly string[]) {
    const input = notebookFile(clients.path('gates.ipynb'), CELLS, METADATA);
    const { code: ended, stderr } = await clients.run('jupyter', ['nbconvert', ...args, input]);
    assert.equal(ended, 0, stderr);
  }

  it('--execute --to html: results, figure and coloured TypeScript', async () => {
    await convert('--execute', '--to', 'html');
    // Without the 300 KB of style in front, which no message should show.
    const html = readFileSync(clients.path('gates.html'), 'utf8').replace(/^.*<body/s, '<body');
    assert.match(html, /<pre>16\n?<\/pre>/);
    const [, figure = ''] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html) ?? [];
    assert.match(Buffer.from(figure, 'base64').toString(), /<title>gate<\/title>/);
    // Pygments' classes: a keyword and a comment, so the page knows the language is TypeScript.
    assert.match(html, /<span class="k[a-z]?">const<\/span>/);
    assert.match(html, /<span class="k[a-z]?">string<\/span>/);
    assert.match(html, /<span class="c1">\/\/ how many<\/span>/);
  });

  it('--execute --to notebook: language_info is written, outputs are there', async () => {
    await convert('--execute', '--to', 'notebook', '--output', 'ran.ipynb');
    const { metadata } = JSON.parse(readFileSync(clients.path('ran.ipynb'), 'utf8'));
    assert.equal(metadata.language_info.name, 'typescript');
    assert.match(metadata.language_info.version, /^\d+\.\d+/, 'filled in by the kernel');
    assert.equal(metadata.language_info.file_extension, '.ts');
    assert.deepEqual(outputs(clients.path('ran.ipynb'))[1]?.[0]?.data, { 'text/plain': '16' });
  });

  it('--execute --to script: a .ts file with the code', async () => {
    await convert('--execute', '--to', 'script');
    assert.ok(existsSync(clients.path('gates.ts')), 'the ending comes from language_info');
    const script = readFileSync(clients.path('gates.ts'), 'utf8');
    assert.match(script, /const gates: readonly string\[\]/);
    assert.match(script, /count \*\* 2/);
  });

  it('--execute: type errors stand below their cells, those of the first and of the last as well', async () => {
    const cells = [code('const f: number = "first";'), code('f'), code('f.last')];
    const input = notebookFile(clients.path('typed.ipynb'), cells, METADATA);
    const args = ['nbconvert', '--execute', '--to', 'notebook', '--output', 'checked.ipynb', input];
    const { code: ended, stderr } = await clients.run('jupyter', args);
    assert.equal(ended, 0, stderr);
    const [first, second, last] = outputs(clients.path('checked.ipynb')).map(list =>
      list.map(one => String(one.text ?? '').split('\n')[0]),
    );
    assert.match(first?.join() ?? '', /^Cell In\[1\], line 1:7 - error TS2322/);
    assert.deepEqual(second, ['']);
    assert.match(last?.join() ?? '', /^Cell In\[3\], line 1:3 - error TS2339/);
  });

  it('leaves no kernel and no connection file', () => clients.assertNoneLeft());
});
