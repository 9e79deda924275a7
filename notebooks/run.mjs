// What `npm start` runs after the set-up: every lesson, in Korean and in English, through the kernel.
// Leaves the executed notebook and its page in out/lessons/ and ends with a short report.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const notebooks = dirname(fileURLToPath(import.meta.url));
const root = dirname(notebooks);
const output = join('out', 'lessons');

// Before anything of an earlier run is touched.
const { askedBackendProblem } = await import(pathToFileURL(join(root, 'dist', 'cli.js')).href);
const refused = askedBackendProblem();
if (refused !== null) {
  process.stderr.write(`Cannot run the lessons: ${refused}\n`);
  process.exit(2);
}

// The lessons run as they are shipped: what their reader has predicted and solved elsewhere is none of theirs.
const progress = join(root, output, 'progress');
rmSync(progress, { recursive: true, force: true });
process.env.GATEBOOK_DATA = progress;

const FIGURE_MIME = 'application/vnd.gatebook.figure+json';

function gatebook(...args) {
  return spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  }).status;
}

/** Runs one lesson and writes its page; the page is written even when a cell failed, to show where. */
function runLesson(language, file) {
  const executed = join(output, language, file);
  const page = executed.replace(/\.ipynb$/, '.html');
  process.stdout.write(`\n${language}  ${basename(file, '.ipynb')}\n`);
  const started = performance.now();
  const status = gatebook('run', join('notebooks', language, file), '--output', executed);
  const seconds = (performance.now() - started) / 1000;
  if (status === 2) return { executed, page, status, seconds, cells: 0, figures: 0, backend: null };
  const exported = gatebook('export', executed, '--output', page);
  return { executed, page, status: status || exported, seconds, ...count(executed) };
}

/** Counts what the executed notebook itself holds, so that the report cannot say more than was done. */
function count(file) {
  const notebook = JSON.parse(readFileSync(join(root, file), 'utf8'));
  const cells = notebook.cells.filter(cell => cell.cell_type === 'code' && cell.execution_count);
  const figures = cells.flatMap(cell => cell.outputs).filter(one => one.data?.[FIGURE_MIME]).length;
  return { cells: cells.length, figures, backend: notebook.metadata.gatebook?.backend ?? null };
}

function nameOf(backend) {
  if (!backend) return 'none was loaded';
  if (backend.backend === 'tensorflow') return `TensorFlow ${backend.tensorflow}, native`;
  return `${backend.backend === 'wasm' ? 'WebAssembly' : 'plain JavaScript'} (tfjs ${backend.tfjs})`;
}

function report(lessons) {
  const lines = ['', 'Gatebook', `  Backend   ${nameOf(lessons.find(lesson => lesson.backend)?.backend)}`];
  const why = lessons.find(lesson => lesson.backend?.why)?.backend.why;
  if (why) lines.push(`            ${why}`);
  for (const lesson of lessons) {
    const outcome = lesson.status === 0 ? '' : '  FAILED, see above';
    lines.push(
      `  ${lesson.executed}  ${lesson.cells} cells, ${lesson.figures} figures, ${lesson.seconds.toFixed(0)} s${outcome}`,
      `  ${lesson.page}`,
    );
  }
  lines.push(
    '',
    'Open a .html page in a browser: its figures answer the pointer and the arrow keys.',
    'In VS Code: open this folder, press F5 (Run Extension), then "Gatebook: Open the LSTM tutorial".',
  );
  return lines.join('\n');
}

cpSync(join(notebooks, 'drawings'), join(root, output, 'drawings'), {
  recursive: true,
  filter: from => !from.includes('draw.mjs') && basename(from) !== 'draw',
});
const lessons = ['ko', 'en'].flatMap(language => {
  mkdirSync(join(root, output, language), { recursive: true });
  const files = readdirSync(join(notebooks, language)).filter(file => file.endsWith('.ipynb'));
  return files.sort().map(file => runLesson(language, file));
});
process.stdout.write(`${report(lessons)}\n`);
process.exitCode = lessons.every(lesson => lesson.status === 0) ? 0 : 1;
