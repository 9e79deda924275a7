// Every example of the docstrings, as a reader would copy it: type-checked under `strict` in a plain project and run
// with the built library. What stands in a comment behind a line must be what that line gives.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { examplesOf } from '../../docs/api.mjs';

const examples = examplesOf();
const VALUE = /^(?!const |import |\/\/)(.+); \/\/ (-?\d[\d.e-]*|true|false|'.*'|\[.*\])$/gm;

/** The lines that name their value hold it. */
const asserting = (code: string) =>
  `import { deepEqual } from 'node:assert/strict';\n${code.replace(VALUE, (line, left, right) => `deepEqual(${left}, ${right}, ${JSON.stringify(line)});`)}`;

const folder = mkdtempSync(join(tmpdir(), 'gatebook-examples-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(process.cwd(), join(folder, 'node_modules', 'gatebook'));
const files = examples.map(({ name }, at) => `${at}-${name}.ts`);
for (const [at, { code }] of examples.entries()) {
  writeFileSync(join(folder, files[at]!), code);
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(asserting(code), { compilerOptions: options });
  writeFileSync(join(folder, files[at]!.replace(/ts$/, 'mjs')), outputText);
}
test.after(() => rmSync(folder, { recursive: true }));

test('examples compile in a plain project, strict', () => {
  const compilerOptions = {
    ...{
      noEmit: true,
      strict: true,
      target: 'es2022',
      types: [],
      lib: ['es2023', 'dom'],
      skipLibCheck: true,
    },
    ...{ module: 'nodenext', moduleResolution: 'nodenext' },
  };
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test('a value in a comment is looked at', () => {
  assert.match(asserting('a.shape; // [1, 2]'), /deepEqual\(a\.shape, \[1, 2\]/);
  assert.ok(examples.filter(({ code }) => asserting(code).includes('deepEqual(')).length > 5);
});

for (const [at, { name }] of examples.entries())
  test(`the example of ${name} runs (${at})`, () => {
    const program = join(folder, files[at]!.replace(/ts$/, 'mjs'));
    const env = { ...process.env, GATEBOOK_DATA: join(folder, 'data') };
    const { status, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8', env });
    assert.equal(status, 0, stderr);
  });
