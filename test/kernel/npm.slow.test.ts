// `%npm` lines of cells, with the real npm and a registry of our own.
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { contents, printed, runCell, startCell, startKernel } from './kernel.ts';
import { type Package, type Registry, startRegistry } from './registry.ts';

// `npm test` hands its own settings on as variables (ignore-scripts, a cache): here those of the folder count.
for (const name of Object.keys(process.env)) if (/^npm_config_/i.test(name)) delete process.env[name];

const PACKAGES: readonly Package[] = [
  pack('quick-esm', '1.0.0', { type: 'module', exports: './main.js' }, 'export const version = 1;'),
  pack('quick-esm', '2.0.0', { type: 'module', exports: './main.js' }, 'export const version = 2;'),
  pack(
    '@quick/common',
    '1.0.0',
    { main: 'main.js' },
    'exports.deep = require("quick-esm/package.json").version;',
    {
      dependencies: { 'quick-esm': '2.0.0' },
    },
  ),
  pack(
    'needy',
    '1.0.0',
    { type: 'module', exports: './main.js' },
    "import { version } from 'quick-esm';\nexport const needed = version;",
  ),
  pack(
    'scripted',
    '1.0.0',
    { scripts: { install: "node -e \"require('fs').writeFileSync('ran', '')\"" } },
    '',
  ),
];

function pack(name: string, version: string, fields: object, main: string, more: object = {}): Package {
  const open = { exports: undefined, ...fields, ...more };
  const exports =
    'exports' in fields ? { exports: { '.': './main.js', './package.json': './package.json' } } : {};
  return {
    name,
    version,
    files: { 'package.json': JSON.stringify({ ...open, ...exports }), 'main.js': main },
  };
}

interface Place {
  readonly folder: string;
  readonly registry: Registry;
}

async function place(context: TestContext): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-npm-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const registry = await startRegistry(context, PACKAGES);
  writeFileSync(join(folder, '.npmrc'), `registry=${registry.url}\ncache=${join(folder, '.cache')}\n`);
  return { folder, registry };
}

test('a package that is missing: its cure is followed in the next cell, and it is there', async context => {
  const { folder } = await place(context);
  const kernel = await startKernel(context, { folder });
  const failed = await runCell(kernel, "import { version } from 'quick-esm'");
  assert.match(JSON.stringify(failed.reply), /To install it: %npm install quick-esm in a cell/);
  const required = await runCell(kernel, "require('@quick/common')");
  assert.match(JSON.stringify(required.reply), /To install it: %npm install @quick\/common/);
  const { reply, messages } = await runCell(
    kernel,
    "%npm install quick-esm@1 @quick/common\nimport { version } from 'quick-esm';\n[version, require('@quick/common').deep]",
  );
  assert.equal(reply.status, 'ok', JSON.stringify(reply));
  assert.match(printed(messages), /added 3 packages/);
  assert.match(printed(messages), new RegExp(`New: ${join(folder, 'package.json')}`));
  assert.equal(contents(messages, 'execute_result')[0]?.data['text/plain'], "[ 1, '2.0.0' ]");
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  assert.deepEqual(Object.keys(dependencies), ['@quick/common', 'quick-esm']);

  const listed = await runCell(kernel, '%npm ls');
  assert.match(printed(listed.messages), /quick-esm@1\.0\.0/);
  const newer = await runCell(kernel, '%npm install quick-esm@latest');
  assert.match(
    printed(newer.messages, 'stderr'),
    /quick-esm 1\.0\.0 is loaded already: restart the kernel to use 2\.0\.0/,
  );
  const gone = await runCell(kernel, '%npm uninstall quick-esm');
  assert.match(printed(gone.messages), /removed 1 package|changed|up to date/);
});

test('what failed to load is loaded anew once it is mended: of packages, files, and what they lack', async context => {
  const { folder } = await place(context);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  // A folder of packages that is there already: Node remembers what it did not find in it.
  write(
    'needs.ts',
    "import { needed } from 'needy';\nimport { count } from './counted.ts';\nexport const all = [needed, count.n++];",
  );
  write('counted.ts', 'export const count = { n: 0 };');
  write(
    'reads.ts',
    "import { readFileSync } from 'node:fs';\nexport const text = readFileSync('later.txt', 'utf8');",
  );
  write('needs.cjs', "exports.deep = require('@quick/common').deep;");
  const kernel = await startKernel(context, { folder });
  await runCell(kernel, '%npm install needy');
  const cells: Readonly<Record<string, string>> = {
    "(await import('quick-esm')).version": '2',
    "(await import('needy')).needed": '2',
    "(await import('./needs.ts')).all": '[ 2, 0 ]',
    "(await import('./reads.ts')).text": "'at last'",
    "require('./needs.cjs').deep": "'2.0.0'",
    "require('@quick/common').deep": "'2.0.0'",
    "import.meta.resolve('@quick/common').endsWith('main.js')": 'true',
  };
  const results = async () => {
    const texts: string[] = [];
    for (const cell of Object.keys(cells)) {
      const { reply, messages } = await runCell(kernel, cell);
      const value = contents(messages, 'execute_result')[0]?.data['text/plain'];
      texts.push(reply.status === 'ok' ? String(value) : 'failed');
    }
    return texts;
  };
  for (let time = 0; time < 2; time++)
    assert.deepEqual(
      await results(),
      Object.keys(cells).map(() => 'failed'),
    );
  write('later.txt', 'at last');
  await runCell(kernel, '%npm install @quick/common quick-esm');
  assert.deepEqual(await results(), Object.values(cells));
});

test('what cannot be installed is said in words, at its line, and the rest of the cell does not run', async context => {
  const { folder } = await place(context);
  const kernel = await startKernel(context, { folder });
  const cases: [string, RegExp][] = [
    ['install absent-one', /^Cannot run npm install absent-one: the registry has no package "absent-one"/],
    ['install quick-esm@9', /there is no such version: quick-esm@9\. Leave the version away/],
    ['install "Bad Name!"', /no package can have that name/],
    ['install', /no package is named and .* has no package\.json\. Write %npm install NAME/],
    ['uninstall', /Write %npm uninstall NAME/],
    ['install -g quick-esm', /Cannot install globally/],
    ['publish', /it knows install, uninstall and ls.*a terminal is the place: npm publish/],
    ['', /it needs a command\. Write %npm install NAME/],
    [
      'install quick-esm --registry=http://127.0.0.1:9/',
      /127\.0\.0\.1:9 does not answer\. Check the network/,
    ],
    ['install quick-esm --offline', /npm is set to be offline/],
  ];
  for (const [line, expected] of cases) {
    const { reply } = await runCell(kernel, `globalThis.ran = true;\n%npm ${line}`);
    assert(reply.status === 'error', line);
    assert.equal(reply.ename, 'NpmError');
    assert.match(reply.evalue, expected);
    assert.match(reply.traceback.join('\n'), /Cell In\[\d+\], line 2\n/);
    assert.doesNotMatch(reply.traceback.join('\n'), /node_modules|\n {4}at /);
  }
  const { messages } = await runCell(kernel, 'globalThis.ran');
  assert.deepEqual(contents(messages, 'execute_result'), []);
  assert.equal(existsSync(join(folder, 'package.json')), false);
});

test('npm works where it would in a terminal, and says so; install scripts run as npm is set', async context => {
  const { folder } = await place(context);
  const inner = join(folder, 'lessons');
  mkdirSync(inner);
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  writeFileSync(join(inner, '.npmrc'), readFileSync(join(folder, '.npmrc')));
  const kernel = await startKernel(context, { folder: inner });
  const first = await runCell(kernel, '%npm install scripted --ignore-scripts');
  assert.match(printed(first.messages), new RegExp(`^In ${folder}, to which this folder belongs`));
  const ran = join(folder, 'node_modules', 'scripted', 'ran');
  assert.equal(existsSync(ran), false);
  await runCell(kernel, '%npm uninstall scripted');
  await runCell(kernel, '%npm install scripted --foreground-scripts');
  assert.equal(existsSync(ran), true);
});

test('an interrupt ends npm with all it started, and the cell runs again', async context => {
  const { folder, registry } = await place(context);
  registry.stalled = true;
  const kernel = await startKernel(context, { folder });
  const { done } = await startCell(kernel, '%npm install quick-esm', '… 1 s');
  await kernel.interrupt();
  const { reply } = await done;
  assert.equal(reply.status === 'error' && reply.ename, 'Interrupted');
  await noneLeft(folder);
  registry.stalled = false;
  assert.equal((await runCell(kernel, '%npm install quick-esm')).reply.status, 'ok');
});

test('a kernel that ends while npm runs leaves nothing behind', async context => {
  for (const end of ['shutdown', 'dispose'] as const) {
    const { folder, registry } = await place(context);
    registry.stalled = true;
    const kernel = await startKernel(context, { folder });
    const { done } = await startCell(kernel, '%npm install quick-esm', '… 1 s');
    await Promise.all([kernel[end](), done.catch(() => {})]);
    await noneLeft(folder);
  }
});

/** Waits until no npm works in a folder. (Linux says where a process is; elsewhere this looks at nothing.) */
async function noneLeft(folder: string): Promise<void> {
  const isThere = (id: string) => {
    try {
      const isOurs = readlinkSync(`/proc/${id}/cwd`).startsWith(folder);
      return isOurs && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('npm');
    } catch {
      return false;
    }
  };
  const ids = () => (existsSync('/proc') ? readdirSync('/proc').filter(name => /^\d+$/.test(name)) : []);
  for (let tries = 0; ids().some(isThere); tries++) {
    assert(tries < 50, 'npm lives on');
    await sleep(100);
  }
}

test('a kernel without npm says where to get it', async context => {
  const { folder } = await place(context);
  const kernel = await startKernel(context, { folder, env: { ...process.env, PATH: '' } });
  await runCell(kernel, "Object.defineProperty(process, 'execPath', { value: '/none/bin/node' })");
  const { reply } = await runCell(kernel, '%npm install quick-esm');
  assert.match(
    JSON.stringify(reply),
    /there is no npm, neither beside this Node nor on the PATH\. Install Node/,
  );
});
