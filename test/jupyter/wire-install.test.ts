// `gatebook install`: where the kernelspec goes and what it says. That Jupyter itself finds and starts it is
// shown by the tests with its own clients.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { environmentDataFolder, userDataFolder } from '../../kernel/jupyter/kernelspec.ts';
import { gatebook } from '../kernel/command.ts';
import { temporaryFolder } from '../kernel/kernel.ts';

test('--prefix writes a whole kernelspec and says what to do next', async context => {
  const prefix = temporaryFolder(context);
  const kernels = join(prefix, 'share', 'jupyter', 'kernels');
  mkdirSync(join(kernels, 'gatebook'), { recursive: true });
  writeFileSync(join(kernels, 'gatebook', 'of-an-older-version'), '');
  const { code, stdout } = await gatebook(['install', '--prefix', prefix]);
  assert.equal(code, 0);
  assert.match(stdout, /^Wrote .*kernels.gatebook\nNext: jupyter lab/);
  assert.deepEqual(readdirSync(kernels), ['gatebook']);
  const folder = join(kernels, 'gatebook');
  assert.deepEqual(readdirSync(folder).sort(), [
    ...['kernel.json', 'logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg'],
  ]);
  for (const size of [32, 64]) {
    const png = readFileSync(join(folder, `logo-${size}x${size}.png`));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size, size]);
  }
  const spec = JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8'));
  const cli = join(process.cwd(), 'dist', 'cli.js');
  assert.deepEqual(spec.argv, [process.execPath, cli, 'kernel', '--connection-file', '{connection_file}']);
  assert.equal(spec.language, 'typescript');
  assert.equal(spec.interrupt_mode, 'message');
  assert.equal(spec.display_name, 'Gatebook (TypeScript)');
});

test('another name beside it; for the user, where JUPYTER_DATA_DIR says; for the environment', async context => {
  const [data, environment] = [temporaryFolder(context), temporaryFolder(context)];
  const env = { JUPYTER_DATA_DIR: data, VIRTUAL_ENV: environment };
  for (const args of [['install'], ['install', '--user', '--name', 'gates'], ['install', '--sys-prefix']]) {
    const { code, stderr } = await gatebook(args, { env });
    assert.equal(code, 0, stderr);
  }
  assert.deepEqual(readdirSync(join(data, 'kernels')).sort(), ['gatebook', 'gates']);
  assert.deepEqual(readdirSync(join(environment, 'share', 'jupyter', 'kernels')), ['gatebook']);
  assert.match(
    readFileSync(join(data, 'kernels', 'gates', 'kernel.json'), 'utf8'),
    /Gatebook \(TypeScript, gates\)/,
  );
});

test('bad calls, and a folder that cannot be written, in words', async context => {
  const file = join(temporaryFolder(context), 'file');
  writeFileSync(file, '');
  const calls: [string[], number, RegExp][] = [
    [['--user', '--sys-prefix'], 2, /exclude each other/],
    [['--name', '../up'], 2, /--name "\.\.\/up" must consist of letters/],
    [['somewhere'], 2, /"somewhere" is one argument too many/],
    [['--prefix', file], 1, /^Cannot write a kernelspec into .*file.share.jupyter: /],
  ];
  for (const [args, expected, words] of calls) {
    const { code, stderr } = await gatebook(['install', ...args]);
    assert.match(stderr, words);
    assert.equal(code, expected);
  }
});

test('the folders of each system', () => {
  assert.equal(userDataFolder({ JUPYTER_DATA_DIR: '/d' }, 'linux', '/home/a'), '/d');
  assert.equal(userDataFolder({}, 'linux', '/home/a'), join('/home/a', '.local', 'share', 'jupyter'));
  assert.equal(userDataFolder({ XDG_DATA_HOME: '/x' }, 'linux', '/home/a'), join('/x', 'jupyter'));
  assert.equal(userDataFolder({}, 'darwin', '/Users/a'), join('/Users/a', 'Library', 'Jupyter'));
  assert.equal(userDataFolder({ APPDATA: '/r' }, 'win32', '/a'), join('/r', 'jupyter'));
  assert.equal(environmentDataFolder({ CONDA_PREFIX: '/c' }), join('/c', 'share', 'jupyter'));
});
