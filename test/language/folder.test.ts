// What lies beside the notebook: tsconfig.json, the user's files, the packages installed there. Changes on the
// disk are noticed by the next question.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { formatDiagnostics } from '../../kernel/language/format.ts';
import { Session } from './session.ts';

type Files = Readonly<Record<string, string | object>>;

class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'gatebook-language-'));
  readonly session: Session;

  constructor(context: TestContext, files: Files) {
    context.after(() => rmSync(this.path, { recursive: true }));
    this.write(files);
    this.session = new Session(this.path);
  }

  write(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
  }
}

const CONFIG = 'tsconfig.json';

test('strict without a tsconfig.json', context => {
  const { session } = new Folder(context, {});
  assert.deepEqual(session.errors('function f(x) { return x }'), ['1:12 TS7006']);
  assert.deepEqual(session.errors('let s: string = null'), ['1:5 TS2322']);
});

test('tsconfig.json: strict', context => {
  const { session } = new Folder(context, { [CONFIG]: { compilerOptions: { strict: false } } });
  assert.deepEqual(session.errors('function f(x) { return x }; let s: string = null'), []);
});

test('tsconfig.json: extends, with comments; a change is noticed', context => {
  const folder = new Folder(context, {
    'base.json': { compilerOptions: { noUncheckedIndexedAccess: true } },
    [CONFIG]: '{ // what we all use\n "extends": "./base.json" }',
  });
  const cell = 'const all = [1]; all[0].toFixed()';
  assert.deepEqual(folder.session.errors(cell), ['1:18 TS2532']);
  folder.write({ 'base.json': { compilerOptions: { noUncheckedIndexedAccess: false, strict: true } } });
  assert.deepEqual(folder.session.errors(cell), []);
});

test('tsconfig.json: lib', context => {
  const compilerOptions = { lib: ['es2022', 'dom'] };
  const { session } = new Folder(context, { [CONFIG]: { compilerOptions } });
  assert.deepEqual(session.errors('document.title.toFixed()'), ['1:16 TS2551']);
  assert.deepEqual(session.errors('[1].toSorted()'), ['1:5 TS2550']);
});

test('tsconfig.json: every library of TypeScript', context => {
  const compilerOptions = { lib: ['esnext', 'dom'] };
  const { session } = new Folder(context, { [CONFIG]: { compilerOptions } });
  const cell =
    'new Set([1]).union(new Set([2])).size.toFixed(); [1].values().map(n => n.length); document.title';
  assert.deepEqual(session.errors(cell), ['1:74 TS2339']);
});

test('tsconfig.json: paths', context => {
  const compilerOptions = { paths: { '#own/*': ['./source/*'] } };
  const { session } = new Folder(context, {
    [CONFIG]: { compilerOptions },
    'source/one.ts': 'export const one = 1;',
  });
  assert.deepEqual(session.errors("import { one } from '#own/one'; one.length"), ['1:37 TS2339']);
});

test('tsconfig.json: types, and declarations beside it', context => {
  const { session } = new Folder(context, {
    [CONFIG]: { compilerOptions: { types: ['special'] }, include: ['*.d.ts'] },
    'node_modules/@types/special/package.json': { name: '@types/special', types: 'index.d.ts' },
    'node_modules/@types/special/index.d.ts': 'declare const special: { yes: true };',
    'own.d.ts': 'declare const own: number;',
  });
  assert.deepEqual(session.errors('special.no; own.length'), ['1:9 TS2339', '1:17 TS2339']);
});

test('tsconfig.json: what cells need stays', context => {
  const compilerOptions = {
    ...{ module: 'commonjs', moduleResolution: 'nodenext', target: 'es5', isolatedModules: true },
    ...{
      verbatimModuleSyntax: true,
      noUnusedLocals: true,
      outDir: 'out',
      composite: true,
      rootDir: 'source',
    },
  };
  const { session } = new Folder(context, { [CONFIG]: { compilerOptions } });
  session.ran('interface Row { a: number }');
  const cell =
    "import { join } from 'node:path'; const row: Row = { a: await Promise.resolve(1) }; #x in row";
  assert.deepEqual(session.messages(cell.replace('; #x in row', '')), []);
});

test('tsconfig.json that cannot be read: told once', context => {
  const { session } = new Folder(context, {
    [CONFIG]: '{ "compilerOptions": { "strict": 5, "lib": ["es1"] } }',
  });
  const told = session.diagnose('1');
  assert.deepEqual(new Set(told.map(({ category }) => category)), new Set(['warning']));
  assert.match(
    formatDiagnostics('1', 1, told),
    /^tsconfig\.json - warning TS\d+: .*'strict'.*\n\ntsconfig\.json/,
  );
  assert.deepEqual(session.diagnose('1'), []);
});

test('relative files: with and without an ending, by .js as well; a change is noticed', context => {
  const folder = new Folder(context, {
    'model.ts': "import { size } from './size.ts';\nexport const units = size;",
    'size.ts': 'export const size = 3;',
  });
  for (const name of ['./model', './model.ts', './model.js'])
    assert.deepEqual(folder.session.errors(`import { units } from '${name}'; units.length`).length, 1, name);
  folder.write({ 'size.ts': "export const size = 'three and more';" });
  assert.deepEqual(folder.session.errors("import { units } from './model.ts'; units.length"), []);
});

test('a relative file that comes later', context => {
  const folder = new Folder(context, {});
  const cell = "import { late } from './late.ts'; const s: string = late";
  assert.deepEqual(folder.session.errors(cell), ['1:22 TS2307']);
  folder.write({ 'late.ts': "export const late = 'here';" });
  assert.deepEqual(folder.session.errors(cell), []);
});

test('packages: with types, without, with types apart; one installed later', context => {
  const folder = new Folder(context, {
    'node_modules/typed/package.json': {
      name: 'typed',
      type: 'module',
      exports: { types: './t.d.ts', default: './t.js' },
    },
    'node_modules/typed/t.d.ts': 'export declare const typed: number;',
    'node_modules/plain/package.json': { name: 'plain', main: 'plain.js' },
    'node_modules/plain/plain.js': 'exports.plain = 1;',
    'node_modules/apart/package.json': { name: 'apart', main: 'apart.js' },
    'node_modules/@types/apart/package.json': { name: '@types/apart', types: 'index.d.ts' },
    'node_modules/@types/apart/index.d.ts': 'export const apart: string;',
  });
  const { session } = folder;
  assert.deepEqual(session.errors("import { typed } from 'typed'; typed.length"), ['1:38 TS2339']);
  assert.deepEqual(session.errors("import { plain } from 'plain'; plain.anything"), []);
  assert.deepEqual(session.errors("import { apart } from 'apart'; apart.nothing"), ['1:38 TS2339']);
  assert.ok(session.complete("import { x } from 'ty|'").texts.includes('typed'));
  const cell = "import { late } from 'late'; late.length";
  assert.deepEqual(session.errors(cell), ['1:22 TS2307']);
  folder.write({
    'node_modules/late/package.json': { name: 'late', types: 'late.d.ts' },
    'node_modules/late/late.d.ts': 'export declare const late: number;',
    'node_modules/.package-lock.json': {},
  });
  assert.deepEqual(session.errors(cell), ['1:35 TS2339']);
  folder.write({
    'node_modules/late/late.d.ts': 'export declare const late: string;',
    'node_modules/.package-lock.json': { newer: true },
  });
  assert.deepEqual(session.errors(cell), []);
});

test('another version of tfjs in the folder is passed over, as the kernel does', context => {
  const { session } = new Folder(context, {
    'node_modules/@tensorflow/tfjs/package.json': { name: '@tensorflow/tfjs', types: 'index.d.ts' },
    'node_modules/@tensorflow/tfjs/index.d.ts': 'export const fake: number;',
    'node_modules/user/package.json': { name: 'user', types: 'index.d.ts' },
    'node_modules/user/index.d.ts':
      "import type { Tensor } from '@tensorflow/tfjs-core';\nexport declare function use(x: Tensor): void;",
  });
  const cell =
    "import * as tf from '@tensorflow/tfjs'; import { use } from 'user'; use(tf.zeros([1])); use(1); tf.fake";
  assert.deepEqual(session.errors(cell), ['1:93 TS2345', '1:100 TS2339']);
});

test('declarations of another Node in the folder are taken', context => {
  const { session } = new Folder(context, {
    'node_modules/@types/node/package.json': { name: '@types/node', version: '99.0.0', types: 'index.d.ts' },
    'node_modules/@types/node/index.d.ts': '/// <reference lib="es2020" />\ndeclare const node99: 99;',
  });
  assert.deepEqual(session.errors('node99; [1].at(0); process'), ['1:20 TS2591']);
});
