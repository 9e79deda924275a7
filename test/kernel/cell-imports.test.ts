// Imports of cells, from a notebook's folder with real packages and files in it.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCells } from './cells.ts';

let folder = '';

const files: Readonly<Record<string, string>> = {
  'node_modules/only-esm/package.json':
    '{"name":"only-esm","type":"module","exports":{"import":"./main.js"}}',
  'node_modules/only-esm/main.js':
    'export const answer = 42; export default () => answer; export class Thing {}',
  'node_modules/common/package.json': '{"name":"common","main":"main.js"}',
  'node_modules/common/main.js':
    "const names = {}; names['hid' + 'den'] = 7; names.open = 6; module.exports = names;",
  'node_modules/broken/package.json': '{"name":"broken","main":"main.js"}',
  'node_modules/broken/main.js': "throw new RangeError('broken at heart');",
  'node_modules/needy/package.json': '{"name":"needy","type":"module","exports":"./main.js"}',
  'node_modules/needy/main.js': "import 'not-there-either';",
  'node_modules/uses-tfjs/package.json': '{"name":"uses-tfjs","main":"main.js"}',
  'node_modules/uses-tfjs/main.js': "exports.tf = require('@tensorflow/tfjs-core');",
  'node_modules/uses-tfjs-esm/package.json': '{"name":"uses-tfjs-esm","type":"module","exports":"./main.js"}',
  'node_modules/uses-tfjs-esm/main.js':
    "export { Tensor } from '@tensorflow/tfjs'; export * as tfjs from '@tensorflow/tfjs';",
  'node_modules/@tensorflow/tfjs-core/package.json':
    '{"name":"@tensorflow/tfjs-core","version":"1.0.0","main":"main.js"}',
  'node_modules/@tensorflow/tfjs-core/main.js': "throw new Error('the wrong copy');",
  'node_modules/@tensorflow/tfjs/package.json':
    '{"name":"@tensorflow/tfjs","version":"1.0.0","main":"main.js"}',
  'node_modules/@tensorflow/tfjs/main.js': "throw new Error('the wrong copy');",
  'data.json': '{"a": [1, 2]}',
  'colours.ts':
    "import { shade } from './shade.ts';\nimport type { Nothing } from './nowhere.ts';\n" +
    'export enum Colour { Red, Green = shade }\n' +
    'export class Pot { constructor(readonly colour: Colour) {} }\nexport type { Nothing };\n',
  'shade.ts': 'export const shade: number = 10;\n',
  'fails.ts':
    'interface Unused {\n  a: number;\n}\n\nexport function fail(x: number): never {\n  throw new Error("no " + x);\n}\n',
  'needs.cjs': "require('absent-package');",
  'plain.cjs': 'module.exports = { plain: __filename };',
  'typed.cts': 'const x: number = 3;\nmodule.exports = { x };\n',
  'wrong.mjs': 'export const a = 1;\nexport const b = ;\n',
  'wrong.json': '{"a": }',
  'misses.ts': "import { not } from './shade.ts';\nexport const y = not;\n",
  'reads.ts': 'export const read = JSON.parse("{");',
  'wrong.ts': 'export const a = ;\n',
  'needs.ts': "import { x } from 'absent-package';\nexport const y = x;\n",
  'model.ts': "import * as tf from '@tensorflow/tfjs';\nexport const three = tf.scalar(3);\nexport { tf };\n",
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatebook #1% 셀 '));
  for (const [name, text] of Object.entries(files)) await write(name, text);
});

after(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function value(...cells: string[]): Promise<unknown> {
  return (await runCells(cells, folder)).value;
}

async function failure(...cells: string[]): Promise<Error> {
  try {
    await runCells(cells, folder);
  } catch (error) {
    return error as Error;
  }
  throw new Error('the cell should have failed');
}

test('a package that is ES modules only: default, named, renamed and as a whole', async () => {
  const cell = "import main, { answer as a, Thing } from 'only-esm'; import * as all from 'only-esm';";
  assert.deepEqual(await value(cell, '[main(), a, typeof Thing, Object.keys(all)]'), [
    42,
    42,
    'function',
    ['Thing', 'answer', 'default'],
  ]);
});

test('a CommonJS package, also names that Node cannot see from outside', async () => {
  assert.deepEqual(
    await value("import c, { open, hidden } from 'common';\n[c.open, open, hidden]"),
    [6, 6, 7],
  );
});

test('Node itself, import and require', async () => {
  assert.equal(
    await value("import { join } from 'node:path'; import os from 'os';\njoin('a', typeof os.tmpdir)"),
    join('a', 'function'),
  );
  assert.equal(await value("const path = require('path');\npath.basename('/a/b')"), 'b');
});

test('JSON, read again when it changes', async () => {
  assert.deepEqual(await value("import data from './data.json';\ndata"), { a: [1, 2] });
  assert.deepEqual(await value("(await import('./data.json')).default"), { a: [1, 2] });
  assert.deepEqual(await value("require('./data.json')"), { a: [1, 2] });
  await write('data.json', '{"a": 3}');
  assert.deepEqual(await value("import data from './data.json';\ndata"), { a: 3 });
});

test('TypeScript files with enums and parameter properties, with and without their ending', async () => {
  assert.equal(await value("import { Colour, Pot } from './colours.ts';\nnew Pot(Colour.Green).colour"), 10);
  assert.equal(await value("import { Colour } from './colours';\nColour.Green"), 10);
  assert.equal(await value("import { Colour } from './colours.js';\nColour.Green"), 10);
  assert.equal(await value("require('./colours.ts').Colour.Green"), 10);
  assert.equal(await value("require('./typed.cts').x"), 3);
  assert.equal(await value("import { x } from './typed.cts';\nx"), 3);
});

test('a changed TypeScript file is read again, also one below the imported', async () => {
  const cell = "import { Colour } from './colours.ts';\nColour.Green";
  assert.equal(await value(cell), 10);
  await write('shade.ts', 'export const shade: number = 11;\n');
  const later = new Date(Date.now() + 2000);
  await utimes(join(folder, 'shade.ts'), later, later);
  assert.equal(await value(cell), 11);
});

test('an unchanged file is the same module', async () => {
  assert.equal(
    await value(
      "import { Pot as one } from './colours.ts'",
      "import { Pot as two } from './colours.ts'\none === two",
    ),
    true,
  );
});

test('import() in functions, with a computed name', async () => {
  const cell =
    "const load = async (n: string) => (await import('./' + n + '.ts')).Colour.Red;\nawait load('colours')";
  assert.equal(await value(cell), 0);
});

test('import() in a function of an earlier cell', async () => {
  assert.equal(await value("const load = () => import('only-esm')", '(await load()).answer'), 42);
});

test('type-only imports load nothing', async () => {
  assert.equal(
    await value("import type { X } from 'not-there';\nimport { type Y, answer } from 'only-esm';\nanswer"),
    42,
  );
});

test('where the notebook lies', async () => {
  assert.deepEqual(
    await value('[__dirname, import.meta.dirname, import.meta.url.endsWith("/notebook.ipynb")]'),
    [folder, folder, true],
  );
  assert.equal(await value('const require = 1; const __dirname = 2;\nrequire + __dirname'), 3);
  assert.equal(await value("require('./plain.cjs').plain"), join(folder, 'plain.cjs'));
});

test('a name that the module does not have: a SyntaxError at the import, used or not, with the near name', async () => {
  const cases = {
    "import { anser } from 'only-esm'": "only-esm has no export 'anser'; did you mean answer?",
    "import { lstmm, trace } from 'gatebook'; lstmm": "gatebook has no export 'lstmm'; did you mean lstm?",
    "import { hiden as x, open } from 'common'": "common has no export 'hiden'; did you mean hidden?",
    "import { qqq } from './shade.ts'":
      "./shade.ts has no export 'qqq'; if it is a type, write import { type qqq }",
    "import shade from './shade.ts'": './shade.ts has no default export; it has shade',
  };
  for (const [cell, message] of Object.entries(cases)) {
    const error = await failure(`1;\n${cell}`);
    assert.deepEqual([error.name, error.message], ['SyntaxError', message]);
    assert.match(error.stack ?? '', /Cell In\[\d+\]:2:/, error.stack);
  }
});

test('where one name of an import is missing none of them is imported', async () => {
  assert.equal(await value('let answer = 1', "import { answer, anser } from 'only-esm'", 'answer'), 1);
});

test('a name that the cell uses as a type only needs no export; read later it says what it lacks', async () => {
  const typed = "import { Missing, answer } from 'only-esm';\nconst x: Missing = answer;\nx";
  assert.equal(await value(typed), 42);
  const error = await failure(typed, 'Missing');
  assert.match(error.message, /^Missing is not defined: only-esm has no export 'Missing'/);
  assert.match((await failure(`${typed}; new Missing()`)).message, /^only-esm has no export 'Missing'/);
});

test('a package that is not there: named, with the folder and the cure', async () => {
  for (const cell of [
    "import x from 'left-out/sub'",
    "await import('left-out/sub')",
    "require('left-out/sub')",
  ]) {
    const error = await failure(`\n${cell}`);
    assert.equal(
      error.message,
      `Cannot find the package 'left-out/sub': looked for it in ${folder} and above. To install it: %npm install left-out in a cell, or npm install left-out in ${folder}`,
    );
    assert.match(error.stack ?? '', /Cell In\[\d+\]:2:/);
  }
});

test('a file that is not there', async () => {
  const error = await failure("import x from './absent.ts'");
  assert.match(error.message, /^Cannot find the file '\.\/absent\.ts': looked for it in /);
});

test('a package that is there and does not give what is wanted says what it has', async () => {
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const exports = { '.': './a.js', './sub': './a.js', './gone': './gone.js', './deep/*': './*' };
  write('node_modules/trap/package.json', JSON.stringify({ name: 'trap', exports }));
  write('node_modules/trap/a.js', '');
  write('node_modules/typed/package.json', '{"name":"typed","types":"index.d.ts"}');
  write('node_modules/torn/package.json', '{"name":');
  write('words.txt', 'hello');
  write('page.tsx', '');
  for (const [cell, words] of [
    ["import x from 'trap/a.js'", /"exports" in .*package\.json.*; it has trap, trap\/sub, trap\/gone$/],
    [
      "import x from 'trap/gone'",
      /^Cannot import 'trap\/gone': its package lies in .*trap, but without the file/,
    ],
    ["import x from 'typed'", /its package lies in .*typed, .*write import type/],
    ["import x from 'torn'", /^Cannot import 'torn': Invalid package config/],
    [
      "import x from './words.txt'",
      /^Cannot import '\.\/words\.txt': a module is .*readFileSync\('\.\/words\.txt'/,
    ],
    ["import x from './page.tsx'", /JSX is not read/],
  ] as const)
    assert.match((await failure(cell)).message, words);
});

test('a slip of the hand: what is there and may have been meant', async () => {
  for (const [cell, near] of [
    ["import x from './neds'", 'did you mean ./needs?'],
    ["import x from './neds.ts'", 'did you mean ./needs.ts?'],
    ["import x from 'nedy'", 'did you mean needy?'],
    ["import x from 'node:fss'", 'did you mean fs?'],
    ["import x from 'pathh'", 'did you mean path?'],
  ] as const)
    assert.ok((await failure(cell)).message.includes(near), (await failure(cell)).message);
  for (const cell of ["import x from 'fs-extra'", "import x from './quite-another.ts'"])
    assert.doesNotMatch((await failure(cell)).message, /did you mean/);
});

test('what a file or a package misses: named with who wants it', async () => {
  const error = await failure("import { y } from './needs.ts'");
  assert.match(
    error.message,
    /Cannot find the package 'absent-package' for .*needs\.ts.*npm install absent-package/s,
  );
  const nested = await failure("import 'needy'");
  assert.match(nested.message, /'not-there-either' for .*needy.main\.js/);
  assert.ok(nested.message.endsWith(`npm install not-there-either in ${folder}`));
  const required = await failure("require('./needs.cjs')");
  assert.match(required.message, /'absent-package' for .*needs\.cjs.*npm install absent-package/);
});

test('a file that cannot be read: which, where and why', async () => {
  const messages = {
    './wrong.ts': /^Cannot import '\.\/wrong\.ts': Cannot read .*wrong\.ts:1:18: Expression expected/,
    './wrong.mjs': /^Cannot import '\.\/wrong\.mjs': Cannot read .*wrong\.mjs:2:18: Expression expected/,
    './wrong.json': /^Cannot import '\.\/wrong\.json': .*wrong\.json: .*JSON/s,
    './misses.ts':
      /^Cannot import '\.\/misses\.ts': .*'\.\/shade\.ts' does not provide an export named 'not'/,
  };
  for (const [file, message] of Object.entries(messages)) {
    const error = await failure(`\nimport * as x from '${file}'`);
    assert.match(error.message, message);
    assert.match(error.stack ?? '', /Cell In\[\d+\]:2:1/);
  }
});

test('a SyntaxError that a file throws as it runs keeps its place', async () => {
  const error = await failure("import './reads.ts'");
  assert.deepEqual(
    [error.name, /reads\.ts:1:26/.test(error.stack ?? '')],
    ['SyntaxError', true],
    error.stack,
  );
});

test('what a package throws while it loads is thrown', async () => {
  const error = await failure("import 'broken'");
  assert.deepEqual([error.name, error.message], ['RangeError', 'broken at heart']);
});

test("every tfjs is the kernel's one: in cells, files, packages, import and require", async () => {
  const [first, ...others] = (await value(
    "import * as tf from '@tensorflow/tfjs'; import * as core from '@tensorflow/tfjs-core'; import { three } from './model.ts';" +
      "import * as node from '@tensorflow/tfjs-node'; import * as esm from 'uses-tfjs-esm'; import cjs from 'uses-tfjs';",
    "[tf.Tensor, core.Tensor, three.constructor, node.Tensor, esm.Tensor, cjs.tf.Tensor, require('@tensorflow/tfjs').Tensor, require('@tensorflow/tfjs-core').Tensor, require('@tensorflow/tfjs-node').Tensor]",
  )) as unknown[];
  assert.equal(typeof first, 'function');
  for (const other of others) assert.equal(other, first);
});
