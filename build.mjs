// Builds every bundle with esbuild: `node build.mjs [--watch] [--types]`.
// dist/ is what ships: kernel and library (ESM, sharing chunks so that there is one tfjs), extension
// (CommonJS, as VS Code loads it), renderer (ESM for the notebook page) and the exported page's script.
// out/test/ holds the tests, one bundle a file. With --types (some seconds more), and where they are not there
// yet, dist/types/ gets the declarations of the library 'gatebook', and dist/declarations/ what cells are
// checked against: without them nothing is completed.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { isPacked, packDeclarations } from './kernel/language/pack.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes('--watch');
const common = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  sourcemap: true,
  legalComments: 'linked',
};
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  loader: { '.wasm': 'binary', '.cc': 'text', '.h': 'text' },
};
const browser = {
  ...common,
  platform: 'browser',
  target: 'es2022',
  minify: true,
  define: { global: 'globalThis' },
  loader: { '.css': 'text' },
};

const shipped = [
  {
    ...node,
    format: 'esm',
    splitting: true,
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    entryPoints: {
      index: 'kernel/lstm/index.ts',
      cli: 'kernel/cli.ts',
      kernel: 'kernel/main.ts',
      'control-thread': 'kernel/control/thread.ts',
      'language-thread': 'kernel/language/thread.ts',
      'module-hooks': 'kernel/session/module-hooks.ts',
    },
  },
  {
    ...node,
    format: 'cjs',
    outfile: 'dist/extension.cjs',
    external: ['vscode'],
    entryPoints: ['extension/extension.ts'],
  },
  {
    ...browser,
    format: 'esm',
    splitting: true,
    outdir: 'dist/renderer',
    entryPoints: { renderer: 'media/renderer.ts' },
  },
  { ...browser, format: 'iife', sourcemap: false, outfile: 'dist/page.js', entryPoints: ['media/page.ts'] },
];

const tests = {
  ...node,
  format: 'esm',
  splitting: true,
  outdir: 'out/test',
  outbase: 'test',
  chunkNames: 'chunks/[name]-[hash]',
  entryPoints: filesBelow('test').filter(file => file.endsWith('.test.ts') || file.endsWith('.entry.ts')),
};

/** Suites that run inside VS Code's extension host, which wants CommonJS. */
const suites = {
  ...node,
  format: 'cjs',
  outdir: 'out/test',
  outbase: 'test',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
  entryPoints: filesBelow('test').filter(file => file.endsWith('.suite.ts')),
};

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/node_modules|\.venv/.test(entry.parentPath))
    .map(entry => relative(root, join(entry.parentPath, entry.name)));
}

/** Chunks carry a hash: those of older builds would pile up and be packed. The hour is for programs that still run. */
function removeOldChunks() {
  const hourAgo = Date.now() - 60 * 60 * 1000;
  for (const folder of ['dist/chunks', 'dist/renderer', 'out/test/chunks']
    .map(path => join(root, path))
    .filter(existsSync))
    for (const file of readdirSync(folder).map(name => join(folder, name)))
      if (statSync(file).mtimeMs < hourAgo) rmSync(file, { recursive: true, force: true });
}

/** The pictures of the kernelspec, under the names that Jupyter looks for. */
function copyLogos() {
  const folder = join(root, 'dist', 'kernelspec');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, 'media', 'icon.svg'), join(folder, 'logo-svg.svg'));
  for (const file of ['logo-32x32.png', 'logo-64x64.png'])
    copyFileSync(join(root, 'media', file), join(folder, file));
}

/** Emitted whatever the checker thinks: `npm run types` is what judges. */
function writeDeclarations() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  spawnSync(process.execPath, [tsc, '-p', 'tsconfig.library.json'], { cwd: root, stdio: 'inherit' });
  const folder = join(root, 'dist', 'types', 'kernel', 'lstm');
  if (!existsSync(join(folder, 'index.d.ts'))) return false;
  // `tf` is the whole of tfjs, its types as well (`tf.Tensor`), which TypeScript cannot say of a value that is awaited.
  writeFileSync(join(folder, 'tf.d.ts'), "import * as tf from '@tensorflow/tfjs';\nexport { tf };\n");
  return true;
}

const builds = [...shipped, tests, suites].filter(build => Object.keys(build.entryPoints).length > 0);
if (watch) {
  for (const build of builds) await (await esbuild.context({ ...build, logLevel: 'info' })).watch();
} else {
  // A failing bundle must not keep the others from being written.
  const outcomes = await Promise.allSettled(builds.map(build => esbuild.build(build)));
  if (outcomes.some(outcome => outcome.status === 'rejected')) process.exitCode = 1;
  else removeOldChunks();
  copyLogos();
  if (process.argv.includes('--types') || !isPacked(root)) {
    if (writeDeclarations()) packDeclarations(root);
    else process.exitCode = 1;
  }
}
