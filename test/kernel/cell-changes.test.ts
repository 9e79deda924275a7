// What a cell imports or requires again after the user changed it, without a restart.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { runCells } from './cells.ts';
import { evaluate, startKernel } from './kernel.ts';

let folder = '';
const folders: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatebook-changes-'));
  folders.push(folder);
});
after(() => {
  for (const one of folders) rmSync(one, { recursive: true });
});

function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function value(...cells: string[]): Promise<unknown> {
  return (await runCells(cells, folder)).value;
}

const WAYS: Readonly<Record<string, readonly [inner: string, outer: string, cell: string]>> = {
  'deep.ts': [
    'export const n: number = N;',
    "export { n } from './deep.ts';",
    "(await import('./top.ts')).n",
  ],
  'deep.js': ['export const n = N;', "export { n } from './deep.js';", "(await import('./top.ts')).n"],
  'deep.mjs': ['export const n = N;', "export { n } from './deep.mjs';", "(await import('./top.mts')).n"],
  'deep.json': [
    '{"n": N}',
    "import deep from './deep.json';\nexport const { n } = deep;",
    "(await import('./top.ts')).n",
  ],
  'deep.cjs': ['exports.n = N;', "export { n } from './deep.cjs';", "(await import('./top.ts')).n"],
  'required.cjs': ['exports.n = N;', "exports.n = require('./required.cjs').n;", "require('./top.cjs').n"],
  'required.json': ['{"n": N}', "exports.n = require('./required.json').n;", "require('./top.cjs').n"],
  'required.ts': ['export const n: number = N;', "export * from './required';", "require('./top.ts').n"],
  'mixed.cjs': ['exports.n = N;', "exports.n = require('./mixed.cjs').n;", "(await import('./top.cjs')).n"],
};

/** Newer Nodes require ES modules too. */
const REQUIRED_MODULES: typeof WAYS = {
  'module.mjs': ['export const n = N;', "exports.n = require('./module.mjs').n;", "require('./top.cjs').n"],
  'module.mts': [
    'export const n: number = N;',
    "exports.n = require('./module.mts').n;",
    "require('./top.cjs').n",
  ],
  'inner.mjs': ['export const n = N;', "export { n } from './inner.mjs';", "require('./top.mjs').n"],
  'inner.js': ['export const n = N;', "export { n } from './inner.js';", "require('./top.js').n"],
};

test('a change below what the cell names, in every kind of file', async () => {
  for (const [name, [inner, outer, cell]] of Object.entries(WAYS)) {
    write(/'(\.\/top\.\w+)'/.exec(cell)![1]!, outer);
    for (const n of ['1', '22', '333']) {
      write(name, inner.replace('N', n));
      assert.equal(await value(cell), Number(n), name);
    }
  }
});

test('a change in or below an ES module that is required', async context => {
  if (!Reflect.get(process.features, 'require_module')) return context.skip('this Node cannot');
  const kernel = await startKernel(context, { folder });
  const [major] = process.versions.node.split('.');
  // Node 20 requires no ES module in TypeScript; 22 keeps where an import of one was found.
  const cannot = major === '20' ? /mts/ : major === '22' ? /inner/ : /^$/;
  for (const [name, [inner, outer, cell]] of Object.entries(REQUIRED_MODULES)) {
    if (cannot.test(name)) continue;
    write(/'(\.\/top\.\w+)'/.exec(cell)![1]!, outer);
    for (const n of ['1', '22', '333']) {
      write(name, inner.replace('N', n));
      assert.equal(await evaluate(kernel, cell), n, name);
    }
  }
});

test('a file that becomes older, as by git checkout', async () => {
  write('a.ts', 'export const n = 1;');
  assert.equal(await value("(await import('./a.ts')).n"), 1);
  write('a.ts', 'export const n = 2;');
  const earlier = new Date(Date.now() - 3_600_000);
  utimesSync(join(folder, 'a.ts'), earlier, earlier);
  assert.equal(await value("(await import('./a.ts')).n"), 2);
});

test('files that import each other', async () => {
  write('a.ts', "import { b } from './b.ts';\nexport const a = (): string => 'a' + b();");
  write('b.ts', "import { a } from './a.ts';\nexport const b = (): string => (a.length === 0 ? '1' : '');");
  const cell = "(await import('./a.ts')).a()";
  assert.equal(await value(cell), 'a1');
  write('b.ts', "import { a } from './a.ts';\nexport const b = (): string => (a.length === 0 ? '2!' : '');");
  assert.equal(await value(cell), 'a2!');
});

test('a file that is gone is missed, one that comes in its place is taken', async () => {
  write('top.ts', "export { n } from './low.js';");
  write('low.ts', 'export const n = 1;');
  const cell = "(await import('./top.ts')).n";
  assert.equal(await value(cell), 1);
  rmSync(join(folder, 'low.ts'));
  await assert.rejects(value(cell), /Cannot find the file '.*low\.js' for .*top\.ts/);
  write('low.js', 'export const n = 22;');
  assert.equal(await value(cell), 22);
  write('only.cjs', 'exports.n = 1;');
  assert.equal(await value("require('./only.cjs').n"), 1);
  rmSync(join(folder, 'only.cjs'));
  await assert.rejects(value("require('./only.cjs').n"), /Cannot find the file '\.\/only\.cjs'/);
});

test('what did not change keeps its state', async () => {
  write('state.ts', 'export const state = { n: 0 };');
  write('user.ts', "import { state } from './state.ts';\nexport const add = () => ++state.n;");
  const cell = "(await import('./user.ts')).add()";
  assert.deepEqual([await value(cell), await value(cell)], [1, 2]);
  write('user.ts', "import { state } from './state.ts';\nexport const add = () => (state.n += 10);");
  assert.equal(await value(cell), 12);
  write('state.cjs', 'exports.n = 0;');
  write('user.cjs', "const state = require('./state.cjs');\nexports.add = () => ++state.n;");
  assert.deepEqual(
    [await value("require('./user.cjs').add()"), await value("require('./user.cjs').add()")],
    [1, 2],
  );
});

test('by tsconfig.json: paths with a star, exact ones, baseUrl, of a parent config; changed below', async () => {
  write(
    'base.json',
    '{ "compilerOptions": { "paths": { "@lib/*": ["./src/lib/*"], "config": ["./src/config.ts"] } } }',
  );
  write(
    'tsconfig.json',
    '{\n  // of the team\n  "extends": "./base.json", /* , */\n  "include": ["src",],\n}',
  );
  write('src/lib/math.ts', "import { unit } from '@lib/unit';\nexport const two = 2 * unit;");
  write('src/lib/unit.ts', 'export const unit = 1;');
  write('src/config.ts', "export default '//no comment,}';");
  const cell =
    "import { two } from '@lib/math';\nimport config from 'config';\n[two, config, require('@lib/math').two]";
  assert.deepEqual(await value(cell), [2, '//no comment,}', 2]);
  write('src/lib/unit.ts', 'export const unit = 10;');
  assert.deepEqual(await value(cell), [20, '//no comment,}', 20]);
  write('tsconfig.json', '{ "compilerOptions": { "baseUrl": "src" } }');
  assert.equal(
    await value("import x from 'config';\nimport os from 'os';\nx + typeof os.cpus"),
    '//no comment,}function',
  );
});

test('files find what they know from CommonJS, and what they know from modules', async () => {
  write('data.json', '[7]');
  write(
    'node.ts',
    "import os from 'node:os';\nexport const all = [__dirname, __filename, require('./data.json')[0], typeof os.cpus] as const;",
  );
  write(
    'own.ts',
    "const require = (x: string) => x + '!';\nexport const own = require('a');\nexport const { __dirname: d } = { __dirname: 1 };",
  );
  write('fails.ts', 'const here = __dirname;\nthrow new Error(here);');
  assert.deepEqual(await value("(await import('./node.ts')).all"), [
    folder,
    join(folder, 'node.ts'),
    7,
    'function',
  ]);
  assert.deepEqual(await value("const { own, d } = await import('./own.ts');\n[own, d]"), ['a!', 1]);
  await assert.rejects(value("import './fails.ts'"), (error: Error) =>
    /fails\.ts:2:7/.test(error.stack ?? ''),
  );
  write(
    'plain.js',
    "import { join } from 'node:path';\nexport const here = import.meta.url.includes('plain.js') && join('a', 'b');",
  );
  write('old.js', "module.exports = { export: 'import x from y' };");
  assert.equal(await value("(await import('./plain.js')).here"), join('a', 'b'));
  assert.equal(await value("import old from './old.js';\nold.export"), 'import x from y');
});

test('import.meta.resolve finds what import finds', async () => {
  write(
    'node_modules/esm-only/package.json',
    '{"name":"esm-only","type":"module","exports":{"import":"./main.js"}}',
  );
  write('node_modules/esm-only/main.js', 'export default 1;');
  write('a.ts', '');
  const cell =
    "[import.meta.resolve('esm-only'), import.meta.resolve('./a'), import.meta.resolve('node:fs')].map(x => x.replace(/.*(?=node_modules|a\\.ts|node:)/, ''))";
  assert.deepEqual(await value(cell), ['node_modules/esm-only/main.js', 'a.ts', 'node:fs']);
});

test('addresses that Node does not import: what to write', async () => {
  await assert.rejects(
    value("import x from '@/lib'"),
    /^ImportError: Cannot find '@\/lib': no package can have that name, and no tsconfig\.json/,
  );
  await assert.rejects(
    value("import x from 'npm:left-pad@1'"),
    /write import … from 'left-pad', after %npm install left-pad@1/,
  );
  await assert.rejects(
    value("import x from 'https://esm.sh/left-pad'"),
    /Cannot import 'https:\/\/esm\.sh\/left-pad': modules are not loaded from the network\. %npm install/,
  );
  await assert.rejects(value("import x from 'jsr:@std/path'"), /%npm install @jsr\/std__path/);
});
