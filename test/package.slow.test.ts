// The package as a TypeScript program sees it: `npm i gatebook` gives types that hold, and that refuse what is wrong.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { examplesOf } from '../docs/api.mjs';

const PROGRAM = `
import { lstm, tf, type Trace, trace } from 'gatebook';
const layer = lstm({ units: 3, returnSequences: true });
const traced: Trace = trace(layer, tf.zeros([1, 2, 3]), { tokens: ['a', 'b'] });
const value: number = traced.f.value(0, 0, 0);
tf.sequential({ layers: [layer, tf.layers.dense({ units: value })] });
// @ts-expect-error a number
lstm({ units: 'many' });
// @ts-expect-error no such gate
traced.z;
`;

for (const resolution of ['nodenext', 'bundler'])
  test(`types of the library, resolved as ${resolution}`, context => {
    const folder = mkdtempSync(join(tmpdir(), 'gatebook-types-'));
    context.after(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(process.cwd(), join(folder, 'node_modules', 'gatebook'));
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
    const compilerOptions = {
      ...{ noEmit: true, strict: true, target: 'es2022', types: [], skipLibCheck: true }, // tfjs' own do not pass
      module: resolution === 'bundler' ? 'esnext' : resolution,
      moduleResolution: resolution,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    assert.equal(stdout, '');
    assert.equal(status, 0);
  });

test('the packed package, unpacked into a plain project, compiles and runs an example of the reference', context => {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-packed-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const packed = join(folder, 'node_modules', 'gatebook');
  mkdirSync(packed, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const { stdout: name, stderr } = spawnSync('npm', pack, { encoding: 'utf8' });
  assert.match(name, /\.tgz\s*$/, stderr);
  assert.equal(
    spawnSync('tar', ['-xzf', name.trim(), '-C', packed, '--strip-components=1'], { cwd: folder }).status,
    0,
  );
  // Its dependencies, from here, under the names they have there.
  for (const one of readdirSync('node_modules').filter(one => !one.startsWith('.')))
    symlinkSync(join(process.cwd(), 'node_modules', one), join(folder, 'node_modules', one));
  const code = examplesOf().find(example => example.name === 'trace')!.code;
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'program.ts'), code);
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    types: [],
    skipLibCheck: true,
    module: 'nodenext',
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  assert.equal(stdout, '');
  const ran = spawnSync(process.execPath, ['program.js'], { cwd: folder, encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
});
