// `gatebook run`: parameters, cells that fail, hang or kill, and what was there before when writing fails.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { code, gatebook, notebookFile, outputs, read } from './command.ts';
import { temporaryFolder } from './kernel.ts';

test('a failing cell ends the run with 1; the notebook is written, other cells have no output', async context => {
  const folder = temporaryFolder(context);
  const file = notebookFile(join(folder, 'a.ipynb'), [
    code('throw new Error("allowed")', { tags: ['raises-exception'] }),
    code('const n = 1;\nn.missing.deep'),
    { ...code('2'), outputs: [{ output_type: 'stream', name: 'stdout', text: 'of an older run' }] },
  ]);
  const output = join(folder, 'out.ipynb');
  const before = readFileSync(file, 'utf8');
  const ended = await gatebook(['run', file, '--output', output]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /^Cell 2, line 2:11: TypeError: Cannot read properties of undefined/);
  assert.match(ended.stderr, /\n\nCell In\[2\], line 2\n.*\n----> 2 n\.missing\.deep\n +\^\n$/);
  assert.equal(ended.stderr.includes('\u001b'), false, 'colours where nothing shows them');
  assert.deepEqual(
    outputs(output).map(list => list.map(one => one.output_type)),
    [['error'], ['error'], []],
  );
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('a cell that cannot be read: the place of its first fault; in a called function: the place in the cell', async context => {
  const folder = temporaryFolder(context);
  const cells = { syntax: "'use strict';\nconst x = [1 2]", call: 'const y = 1;\nfail(y)' };
  const first = code('const fail = (x: number) => {\n\n  throw new RangeError("no " + x);\n}');
  const ends = {
    syntax: /^Cell 2, line 2:14: SyntaxError: ',' expected/,
    call: /^Cell 2, line 2:1: RangeError: no 1\n\nCell In\[2\], line 2\n.*Cell In\[1\], line 3, in fail\n/s,
  };
  for (const [name, source] of Object.entries(cells)) {
    const file = notebookFile(join(folder, `${name}.ipynb`), [first, code(source)]);
    assert.match((await gatebook(['run', file])).stderr, ends[name as keyof typeof ends]);
  }
});

test('one that comes late fails the run, by the cell that it is of; the other cells run', async context => {
  const folder = temporaryFolder(context);
  const file = notebookFile(join(folder, 'a.ipynb'), [
    code('setTimeout(() => { throw new Error("lost") }, 5); 1'),
    code('await new Promise(resolve => setTimeout(resolve, 50)); 2'),
  ]);
  const ended = await gatebook(['run', file]);
  assert.equal(ended.code, 1);
  assert.match(ended.stdout, /^2 of 2 cells ran/);
  assert.match(ended.stderr, /^Cell 1, line 1:26: Error: lost \(after the cell had ended\)/);
  assert.deepEqual(
    outputs(file).map(list => list.map(one => one.output_type).sort()),
    [['error', 'execute_result'], ['execute_result']],
  );
});

test('an error that nobody caught fails its cell', async context => {
  const file = notebookFile(join(temporaryFolder(context), 'a.ipynb'), [
    code('Promise.reject(new Error("lost")); 1'),
  ]);
  const ended = await gatebook(['run', file]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /Cell 1(?: failed|, line 1:\d+): Error: lost/);
});

test('parameters go behind the cell tagged for them', async context => {
  const file = notebookFile(join(temporaryFolder(context), 'a.ipynb'), [
    code('let rate = 0.1;\nlet name = "default"; let units: number[] = [];', { tags: ['parameters'] }),
    code('JSON.stringify([rate, name, units])'),
  ]);
  const args = ['run', file, '--parameters', 'rate=0.5', 'name=plain text', '--parameters', 'units=[1,2]'];
  for (let again = 0; again < 2; again++) {
    assert.deepEqual(await gatebook(args).then(({ code, stderr }) => ({ code, stderr })), {
      code: 0,
      stderr: '',
    });
    const { cells } = read(file);
    assert.equal(cells.length, 3);
    assert.deepEqual(cells[1]!.metadata, { tags: ['injected-parameters'] });
    assert.equal(outputs(file)[2]![0]!.output_type, 'execute_result');
    assert.match(JSON.stringify(outputs(file)[2]), /\[0\.5,\\\\?"plain text\\\\?",\[1,2\]\]/);
  }
});

test('parameters that the cell does not know, of every kind, and names that no variable may have', async context => {
  const file = notebookFile(join(temporaryFolder(context), 'a.ipynb'), [
    code('let rate = 0.1, units: number[] = [];\nconst { deep } = { deep: 1 };', { tags: ['parameters'] }),
    code('JSON.stringify([rate, typeof big, Object.keys(odd)])'),
  ]);
  const given = ['rate=1e-7', 'big=12345678901234567890', 'odd={"__proto__": 1, "a b": [null]}', 'deep=2'];
  const ended = await gatebook(['run', file, '--parameters', ...given, 'unit=3']);
  assert.equal(ended.code, 0);
  const unknown = ['big', 'odd', 'unit'].map(name => `The cell tagged "parameters" has no "${name}"`);
  assert.equal(ended.stderr, `${unknown.join('\n')}; did you mean units?\n`);
  assert.match(JSON.stringify(outputs(file)[2]), /\[1e-7,\\"bigint\\",\[\\"__proto__\\",\\"a b\\"\]\]/);
  const refused = await gatebook(['run', file, '--parameters', 'class=1']);
  assert.deepEqual([refused.code, /Cannot read parameter "class=1"/.test(refused.stderr)], [2, true]);
});

test("a notebook of another language is left to its own kernel; the notebook's type errors count as it says", async context => {
  const folder = temporaryFolder(context);
  const python = { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } };
  const other = notebookFile(join(folder, 'p.ipynb'), [code('print(1)')], python);
  const refused = await gatebook(['run', other]);
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /^Cannot run notebook ".*p\.ipynb": its code is python, and this kernel runs TypeScript\./,
  );
  const cells = [code('const n: number = "text";'), code('n')];
  const strict = notebookFile(join(folder, 's.ipynb'), cells, { gatebook: { typeErrors: 'stop' } });
  const stopped = await gatebook(['run', strict]);
  assert.equal(stopped.code, 1);
  assert.match(stopped.stderr, /^Cell 1.*type errors/);
  assert.equal((await gatebook(['run', notebookFile(join(folder, 'o.ipynb'), cells)])).code, 0);
  const shown = notebookFile(join(folder, 'w.ipynb'), cells, { gatebook: { typeErrors: 'show' } });
  assert.equal((await gatebook(['run', shown])).code, 0);
  assert.match(String(outputs(shown)[0]?.[0]?.text), /^Cell In\[1\], line 1:7 - error TS2322: Type 'string'/);
  assert.deepEqual(
    outputs(shown)[1]?.map(one => one.output_type),
    ['execute_result'],
  );
  const forced = await gatebook(['run', shown, '--types', 'stop']);
  assert.deepEqual([forced.code, /^Cell 1.*type errors/.test(forced.stderr)], [1, true]);
  assert.equal((await gatebook(['run', strict, '--types', 'off'])).code, 0);
  assert.deepEqual(outputs(strict)[0], []);
  const bad = await gatebook(['run', strict, '--types', 'loud']);
  assert.deepEqual([bad.code, /--types is "loud", not show, stop or off/.test(bad.stderr)], [2, true]);
});

test('a parameter that was meant as JSON and is none is taken as text, and said', async context => {
  const file = notebookFile(join(temporaryFolder(context), 'a.ipynb'), [
    code('let sizes: any = [];', { tags: ['parameters'] }),
    code('sizes'),
  ]);
  const ended = await gatebook(['run', file, '--parameters', 'sizes=[4, 8']);
  assert.equal(ended.code, 0);
  assert.match(ended.stderr, /^"sizes" is taken as text: \[4, 8 is no JSON/);
  assert.equal((await gatebook(['run', file, '--parameters', 'sizes=[4, 8]'])).stderr, '');
});

test('what a cell prints when it is over stays with it', async context => {
  const file = notebookFile(join(temporaryFolder(context), 'a.ipynb'), [
    code('setTimeout(() => console.log("late"), 50); undefined'),
    code('await new Promise(done => setTimeout(done, 300)); console.log("second")'),
  ]);
  assert.equal((await gatebook(['run', file])).code, 0);
  const [first, second] = outputs(file).map(list => list.map(one => one.text).join(''));
  assert.deepEqual([first, second], ['late\n', 'second\n']);
});

test('a cell that takes too long is interrupted', async context => {
  const file = notebookFile(join(temporaryFolder(context), 'a.ipynb'), [
    code('console.log("begun"); for (;;) ;'),
    code('2'),
  ]);
  const ended = await gatebook(['run', file, '--timeout', '2']);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /Cell 1 failed: The cell took longer than 2 s/);
  assert.deepEqual(
    outputs(file).map(list => list.map(one => one.output_type)),
    [['stream', 'error'], []],
  );
});

test('a kernel that dies is named in its cell', async context => {
  const file = notebookFile(join(temporaryFolder(context), 'a.ipynb'), [code('1'), code('process.abort()')]);
  const ended = await gatebook(['run', file]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /Cell 2 failed: The kernel died with signal SIGABRT/);
  assert.equal(outputs(file)[1]!.at(-1)!.output_type, 'error');
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} interrupts, and the notebook is written with what ran`, async context => {
    const folder = temporaryFolder(context);
    const file = notebookFile(join(folder, 'a.ipynb'), [
      code('1 + 1'),
      code('console.log("begun"); require("node:fs").writeFileSync("begun", ""); for (;;) ;'),
      code('3'),
    ]);
    const running = gatebook(['run', file]);
    while (!readdirSync(folder).includes('begun')) await new Promise(resolve => setTimeout(resolve, 20));
    running.child.kill(signal);
    const ended = await running;
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /Cell 2 failed: The run was interrupted/);
    assert.deepEqual(
      outputs(file).map(list => list[0]?.output_type),
      ['execute_result', 'stream', undefined],
    );
  });

test('a disk that is full leaves the notebook as it was', async context => {
  const folder = temporaryFolder(context);
  const file = notebookFile(join(folder, 'a.ipynb'), [code('console.log("x".repeat(4e6))')]);
  const before = readFileSync(file, 'utf8');
  const ended = await gatebook(['run', file], { limit: '2000' }); // blocks of 512 or 1024 bytes
  assert.equal(ended.code, 1);
  assert.match(
    ended.stderr,
    /Cannot write notebook .*What was there before is unchanged|larger than this machine allows/,
  );
  assert.equal(readFileSync(file, 'utf8'), before);
  assert.deepEqual(readdirSync(folder), ['a.ipynb'], 'half a file is left');
});

test('outputs whose place is gone when they are there are kept elsewhere, and said where', async context => {
  const folder = temporaryFolder(context);
  const file = notebookFile(join(folder, 'a.ipynb'), [code("require('node:fs').rmdirSync('out'); 6 * 7")]);
  mkdirSync(join(folder, 'out'));
  const ended = await gatebook(['run', file, '--output', join(folder, 'out', 'b.ipynb')]);
  assert.equal(ended.code, 1);
  const [, kept = ''] =
    /there is no folder.*The notebook with its outputs is kept as "(.*)"\n$/.exec(ended.stderr) ?? [];
  context.after(() => rmSync(dirname(kept), { recursive: true }));
  assert.match(JSON.stringify(outputs(kept)), /"42"/);
});

test('a folder that may not be written is said', async context => {
  const folder = temporaryFolder(context);
  const file = notebookFile(join(folder, 'a.ipynb'), [code('1')]);
  const closed = closedFolder(folder);
  if (!closed) return context.skip('nothing is closed to this user');
  const ended = await gatebook(['run', file, '--output', join(closed, 'out.ipynb')]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /Cannot write notebook .*may not be written/);
});

/** A folder without permission to write; root may write everywhere but in Linux's /sys. */
function closedFolder(folder: string): string | undefined {
  if (process.getuid?.() === 0) return process.platform === 'linux' ? '/sys' : undefined;
  const closed = join(folder, 'closed');
  mkdirSync(closed, 0o555);
  return closed;
}

test('a place that cannot be is said before anything runs', async context => {
  const folder = temporaryFolder(context);
  const ran = join(folder, 'ran');
  const cell = code(`require('node:fs').writeFileSync(${JSON.stringify(ran)}, '')`);
  const file = notebookFile(join(folder, 'a.ipynb'), [cell]);
  const places = [
    [join(folder, 'none', 'out.ipynb'), /Cannot write notebook .*there is no folder/],
    [folder, /Cannot write notebook .*it is a folder/],
  ] as const;
  for (const [place, expected] of places) {
    const ended = await gatebook(['run', file, '--output', place]);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, expected);
  }
  assert.equal(existsSync(ran), false);
  const page = await gatebook(['export', file, '--output', join(folder, 'none', 'page.html')]);
  assert.equal(page.code, 1);
  assert.match(page.stderr, /Cannot write page .*there is no folder/);
});

test('a run that fell back to WebAssembly says why, with the cure', async context => {
  const folder = temporaryFolder(context);
  const cell = "import * as tf from '@tensorflow/tfjs'; tf.getBackend()";
  const file = notebookFile(join(folder, 'a.ipynb'), [code(cell)]);
  const cli = copyWithoutNative(join(folder, 'gatebook'));
  const env = { XDG_CACHE_HOME: join(folder, 'cache'), GATEBOOK_BACKEND: '' };
  const fallen = await gatebook(['run', file], { cli, env });
  assert.deepEqual([fallen.code, /on the wasm backend/.test(fallen.stdout)], [0, true]);
  assert.match(
    fallen.stderr,
    /^Native TensorFlow: @tensorflow\/tfjs-node is not installed\. Run `gatebook setup`/,
  );
  const asked = await gatebook(['run', file], { cli, env: { ...env, GATEBOOK_BACKEND: 'tensorflow' } });
  assert.equal(asked.code, 2);
  assert.match(
    asked.stderr,
    /^Cannot run the notebook: GATEBOOK_BACKEND is tensorflow.*tfjs-node is not installed\. Run `gatebook setup`.*unset GATEBOOK_BACKEND/,
  );
  assert.equal(asked.stdout, '', 'nothing ran');
});

/** The built command with all its packages but tfjs-node. */
function copyWithoutNative(folder: string): string {
  const [from, to] = [process.cwd(), folder].map(root => join(root, 'node_modules'));
  mkdirSync(join(to!, '@tensorflow'), { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
  cpSync('dist', join(folder, 'dist'), { recursive: true, filter: path => !path.endsWith('.map') });
  const names = [
    ...readdirSync(from!),
    ...readdirSync(join(from!, '@tensorflow')).map(name => `@tensorflow/${name}`),
  ];
  for (const name of names)
    if (name !== '@tensorflow' && name !== '@tensorflow/tfjs-node')
      symlinkSync(join(from!, name), join(to!, name));
  return join(folder, 'dist', 'cli.js');
}

test('doctor says what is here, and what is missing with its cure', async () => {
  const here = await gatebook(['doctor', '--json'], { env: { GATEBOOK_BACKEND: 'cpu' } });
  const diagnosis = JSON.parse(here.stdout);
  assert.equal(diagnosis.node, process.version);
  assert.equal(diagnosis.backend.backend, 'cpu');
  assert.deepEqual(diagnosis.problems, []);
  assert.equal(here.code, 0);
  assert.match(diagnosis.lstm, /^(addon|wasm)$/);
  assert.match(diagnosis.npm, /^\d+\.\d+\.\d+/);
  assert.match(diagnosis.jupyter.zeromq, /^\d+\.\d+\.\d+/);
  const missing = await gatebook(['doctor'], { env: { GATEBOOK_BACKEND: 'abacus' } });
  assert.equal(missing.code, 1);
  assert.match(
    missing.stdout,
    /Problem: .*'abacus', which is no backend.*Cure: +Set GATEBOOK_BACKEND to tensorflow, wasm or cpu, or unset it/s,
  );
});

test('doctor finds the kernelspecs that start a Gatebook, and those that cannot any more', async context => {
  const folder = temporaryFolder(context);
  const env = {
    JUPYTER_PATH: join(folder, 'other'),
    JUPYTER_DATA_DIR: join(folder, 'mine'),
    GATEBOOK_BACKEND: 'cpu',
  };
  const write = (name: string, spec: object) => {
    mkdirSync(join(folder, 'other', 'kernels', name), { recursive: true });
    writeFileSync(join(folder, 'other', 'kernels', name, 'kernel.json'), JSON.stringify(spec));
  };
  write('python3', { argv: ['python', '-m', 'ipykernel_launcher', '-f', '{connection_file}'] });
  const gone = await gatebook(['doctor'], { env });
  assert.match(
    gone.stdout,
    /\nNote: {4}Jupyter does not know this kernel\. To use it there: `gatebook install`/,
  );
  assert.equal(gone.code, 0);
  await gatebook(['install', '--user'], { env });
  write('old', {
    argv: ['/none/bin/node', '/none/dist/cli.js', 'kernel', '--connection-file', '{connection_file}'],
  });
  const found = await gatebook(['doctor', '--json'], { env });
  assert.equal(found.code, 1);
  const { jupyter, problems, notes } = JSON.parse(found.stdout);
  const specs = jupyter.kernelspecs.filter((one: { folder: string }) => one.folder.startsWith(folder));
  assert.deepEqual(
    specs.map((one: { name: string; isThis: boolean }) => [one.name, one.isThis]),
    [
      ['old', false],
      ['gatebook', true],
    ],
  );
  assert.match(
    problems[0].problem,
    /kernel "old" cannot start: "\/none\/bin\/node", which it starts, is not there/,
  );
  assert.match(problems[0].cure, /`gatebook install --name old`/);
  assert.deepEqual(notes, []);
});

test('npm start refuses a backend that is none before it touches what an earlier run left', async context => {
  const marker = join(process.cwd(), 'out', 'lessons', 'progress');
  const had = existsSync(marker);
  if (!had) mkdirSync(marker, { recursive: true });
  context.after(() => had || rmSync(marker, { recursive: true }));
  const env = { ...process.env, GATEBOOK_BACKEND: 'quantum' };
  const ended = spawnSync(process.execPath, ['notebooks/run.mjs'], { env, encoding: 'utf8' });
  assert.equal(ended.status, 2);
  assert.match(ended.stderr, /^Cannot run the lessons: .*'quantum'/);
  assert.equal(ended.stdout, '');
  assert.equal(existsSync(marker), true);
});
