// `npm run site`: the whole course as a static site in out/site/, in both languages. Lessons that have not been
// run as they are now (npm start leaves them in out/lessons/) are run first.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const executed = join(root, 'out', 'lessons');
const assets = join(root, 'out', 'site-assets');
const output = join(root, 'out', 'site');

/** Whether the executed notebook is this lesson, run to its end. */
function isCurrent(lesson, ran) {
  if (!existsSync(ran)) return false;
  const cellsOf = file => JSON.parse(readFileSync(file, 'utf8')).cells;
  const sources = cells => cells.map(cell => [cell.source].flat().join(''));
  const [now, then] = [cellsOf(lesson), cellsOf(ran)];
  const code = then.filter(cell => cell.cell_type === 'code');
  return (
    JSON.stringify(sources(now)) === JSON.stringify(sources(then)) &&
    code.every(cell => cell.execution_count && !cell.outputs.some(one => one.output_type === 'error'))
  );
}

/** Ends the program where a lesson fails: a course with a hole is no course. */
function runLesson(language, file) {
  const [lesson, ran] = [join(root, 'notebooks', language, file), join(executed, language, file)];
  if (isCurrent(lesson, ran)) return;
  mkdirSync(dirname(ran), { recursive: true });
  const progress = join(root, 'out', 'site-progress'); // what its reader has solved elsewhere is none of the site's
  rmSync(progress, { recursive: true, force: true });
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'dist', 'cli.js'), 'run', lesson, '--output', ran],
    { stdio: 'inherit', env: { ...process.env, GATEBOOK_DATA: progress } },
  );
  if (status !== 0) process.exit(status ?? 1);
}

/** The scripts that all pages share: the figures, and Plotly apart, which they fetch when it is wanted. */
async function buildScripts() {
  const plotlyApart = {
    name: 'plotly-apart',
    setup: build =>
      build.onResolve({ filter: /\/plotly\.ts$/ }, () => ({ path: join(root, 'media', 'plotly-script.ts') })),
  };
  const common = {
    absWorkingDir: root,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    define: { global: 'globalThis' },
    loader: { '.css': 'text' },
    legalComments: 'none',
    logLevel: 'warning',
  };
  const script = (name, entry, plugins) =>
    esbuild.build({ ...common, plugins, entryPoints: [join('media', entry)], outfile: join(assets, name) });
  await script('figures.js', 'page.ts', [plotlyApart]);
  await script('plotly.js', 'plotly-global.ts', []);
  cpSync(join(root, 'media', 'icon.svg'), join(assets, 'icon.svg'));
}

async function loadBuilder() {
  const outfile = join(root, 'out', 'site-builder.mjs');
  const options = { bundle: true, platform: 'node', target: 'node20', format: 'esm', packages: 'external' };
  const entryPoints = [join(root, 'kernel', 'notebook', 'site.ts')];
  await esbuild.build({ ...options, absWorkingDir: root, entryPoints, outfile, logLevel: 'warning' });
  return import(pathToFileURL(outfile).href);
}

for (const language of ['ko', 'en']) {
  const lessonsIn = folder =>
    existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.ipynb')) : [];
  const lessons = lessonsIn(join(root, 'notebooks', language));
  for (const old of lessonsIn(join(executed, language)).filter(name => !lessons.includes(name)))
    rmSync(join(executed, language, old));
  for (const file of lessons) runLesson(language, file);
}
cpSync(join(root, 'notebooks', 'drawings'), join(executed, 'drawings'), { recursive: true });
await buildScripts();
const { buildSite } = await loadBuilder();
const pages = buildSite({ executed, output, assets });
process.stdout.write(`${pages.length} pages. Open ${join('out', 'site', 'index.html')} in a browser.\n`);
