// `gatebook` as a program: what it refuses, its help, and the outputs that `run` writes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { code, gatebook, notebookFile, outputs } from './command.ts';
import { temporaryFolder } from './kernel.ts';

test('writes outputs as Jupyter does', async context => {
  const file = notebookFile(
    join(temporaryFolder(context), 'a.ipynb'),
    [
      code('console.log("one"); console.log("two"); console.error("oops"); 1 + 1'),
      { cell_type: 'markdown', id: 'm', metadata: {}, source: '# Words' },
      code(
        'const shown = display("first", { display_id: "d" }); console.log("gone"); display.clear(); display("kept", { display_id: "e" });',
      ),
      code('   '),
      code(
        'display.update("e", "changed"); setTimeout(() => console.log("late"), 1); await new Promise(r => setTimeout(r, 60));',
      ),
      code("globalThis[Symbol.for('gatebook.language')]"),
    ],
    { gatebook: { language: 'ko' } },
  );
  const { code: exit, stdout, stderr } = await gatebook(['run', file]);
  assert.equal(stderr, '');
  assert.equal(exit, 0);
  assert.match(stdout, /^4 of 4 cells ran in [\d.]+ s, TensorFlow not used: /);
  assert.deepEqual(outputs(file), [
    [
      { output_type: 'stream', name: 'stdout', text: 'one\ntwo\n' },
      { output_type: 'stream', name: 'stderr', text: 'oops\n' },
      { output_type: 'execute_result', execution_count: 1, data: { 'text/plain': '2' }, metadata: {} },
    ],
    [{ output_type: 'display_data', data: { 'text/plain': "'changed'" }, metadata: {} }],
    [],
    [{ output_type: 'stream', name: 'stdout', text: 'late\n' }],
    [{ output_type: 'execute_result', execution_count: 4, data: { 'text/plain': "'ko'" }, metadata: {} }],
  ]);
});

test('bad calls end with 2 and say what is wrong', async context => {
  const folder = temporaryFolder(context);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('text.ipynb', 'no JSON');
  write('three.ipynb', '{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}');
  write('two.ipynb', '{"worksheets": [{"cells": []}]}');
  const deep = `${'['.repeat(2000)}${']'.repeat(2000)}`;
  write('deep.ipynb', `{"nbformat": 4, "nbformat_minor": 5, "metadata": {"deep": ${deep}}, "cells": []}`);
  write('half.ipynb', '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_ty');
  notebookFile(join(folder, 'outputs.ipynb'), [{ ...code('1'), outputs: [{ output_type: 'pyout' }] }]);
  notebookFile(join(folder, 'empty.ipynb'), []);
  notebookFile(join(folder, 'good.ipynb'), [code('1')]);
  const cases: [string[], RegExp][] = [
    [[], /Usage:/],
    [['fly'], /There is no command "fly"/],
    [['run'], /NOTEBOOK is missing\. Usage: gatebook run/],
    [['run', 'a', 'b'], /"b" is one argument too many/],
    [['run', 'good.ipynb', '--fast'], /Unknown option '--fast'/],
    [['run', 'good.ipynb', '--timeout', 'soon'], /--timeout is "soon"/],
    [['run', 'good.ipynb', '--parameters', '1x=2'], /Cannot read parameter "1x=2"/],
    [['run', 'none.ipynb'], /none\.ipynb": there is no such file/],
    [['run', 'text.ipynb'], /text\.ipynb": it is not JSON/],
    [['run', 'three.ipynb'], /nbformat 3/],
    [['run', 'two.ipynb'], /it is nbformat 2, and only nbformat 4 is read\. Jupyter converts it: /],
    [['run', 'deep.ipynb'], /its values are nested deeper than 500 levels/],
    [['run', 'half.ipynb'], /half\.ipynb": it is not JSON \(/],
    [['run', 'outputs.ipynb'], /output 1 of cell 1 has output_type "pyout", which nbformat 4 does not know/],
    [['export', 'three.ipynb', '--output', 'page.html'], /nbformat 3/],
    [['run', 'empty.ipynb'], /it has no cells/],
    [['kernel'], /file descriptor 3 is no open pipe/],
    [['export', 'good.ipynb'], /--output FILE\.html is missing/],
    [['export', 'good.ipynb', '--output', './good.ipynb'], /would overwrite the notebook/],
    [['export', 'good.ipynb', '--output', 'page.pdf'], /--output is 'page\.pdf', expected FILE\.html/],
  ];
  for (const [args, expected] of cases) {
    const ended = await gatebook(args, { cwd: folder });
    assert.match(ended.stderr, expected);
    assert.equal(ended.code, 2, args.join(' '));
    assert.doesNotMatch(ended.stderr, /\n {4}at /, 'a bare stack');
  }
});

test('a page of a notebook that was never run is written, and the reason why it is bare is said', async context => {
  const file = notebookFile(join(temporaryFolder(context), 'a.ipynb'), [code('1')]);
  const page = file.replace('.ipynb', '.html');
  const bare = await gatebook(['export', file, '--output', page]);
  assert.equal(bare.code, 0);
  assert.match(bare.stderr, /No cell of it has been run.*gatebook run .*a\.ipynb/);
  await gatebook(['run', file]);
  assert.equal((await gatebook(['export', file, '--output', page])).stderr, '');
});

test('a backend that is none or cannot be had: refused before anything runs or is written', async context => {
  const folder = temporaryFolder(context);
  const ran = join(folder, 'ran');
  const file = notebookFile(join(folder, 'a.ipynb'), [
    code(`require('node:fs').writeFileSync(${JSON.stringify(ran)}, '')`),
  ]);
  const before = readFileSync(file, 'utf8');
  const ended = await gatebook(['run', file], { env: { GATEBOOK_BACKEND: 'quantum' } });
  assert.equal(ended.code, 2);
  assert.match(
    ended.stderr,
    /^Cannot run the notebook: .*'quantum'.*tensorflow, wasm or cpu, or unset it.*\n$/,
  );
  assert.equal(existsSync(ran), false);
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('--show prints streams and results as text, each where it belongs', async context => {
  const file = notebookFile(join(temporaryFolder(context), 'a.ipynb'), [
    code('console.log("one"); console.error("two"); [3]'),
    code('display({ "text/plain": "four" }); undefined'),
  ]);
  const shown = await gatebook(['run', file, '--show']);
  assert.match(shown.stdout, /^one\n\[ 3 \]\n.*four.*\n2 of 2 cells ran/);
  assert.equal(shown.stderr, 'two\n');
});

test('help and the version end with 0', async () => {
  const help = await gatebook(['--help']);
  assert.equal(help.code, 0);
  for (const name of ['run', 'export', 'setup', 'doctor', 'kernel'])
    assert.match(help.stdout, new RegExp(`gatebook ${name}`));
  const { stdout } = await gatebook(['run', '--help']);
  assert.match(stdout, /--timeout SECONDS/);
  assert.match(stdout, /without it, NOTEBOOK itself is written/);
  // Here it is a clone: without this line nobody would find the command.
  const [, written] = /write "node (\S+cli\.js)" for "gatebook"\.\n$/.exec(stdout) ?? [];
  assert.equal(existsSync(written ?? 'none'), true, stdout);
  assert.match((await gatebook(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});
