// Compiles kernels.cc to WebAssembly, with and without relaxed SIMD, by the clang of PyPI's ziglang, which needs no
// rights and takes seconds. The results are committed; a test compiles them again and finds them equal.
//   node kernel/lstm/kernels/compiled/build-wasm.mjs [FOLDER]     FOLDER: here unless given
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const ZIGLANG = '0.17.1';
const EXPORTS = [
  'lstm_width',
  'lstm_pack',
  'lstm_unpack',
  'lstm_pack_transposed',
  'lstm_forward_scratch',
  'lstm_weight_scratch',
  'lstm_forward',
  'lstm_backward',
  'lstm_weight_gradient',
  'lstm_input_gradient',
  'dense_panel',
  'dense_pack',
  'dense_unpack',
  'dense_pack_transposed',
  'dense_forward',
  'dense_backward',
  'softmax_rows',
  'squared_rows',
];
const VARIANTS = {
  'lstm.wasm': 'generic+simd128+bulk_memory',
  'lstm-relaxed.wasm': 'generic+simd128+relaxed_simd+bulk_memory',
};

function run(command, args) {
  const { status, error, stderr } = spawnSync(command, args, { cwd: here, encoding: 'utf8' });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split('\n').at(-1);
  throw new Error(
    `Cannot compile kernels.cc: ${command} ${args.slice(0, 3).join(' ')} ... failed: ${reason}`,
  );
}

/** A Python environment with the compiler, made once. */
function python() {
  const folder = join(here, '..', '..', '..', '..', 'out', `ziglang-${ZIGLANG}`);
  const program = join(folder, 'bin', 'python');
  if (existsSync(join(folder, 'ready'))) return program;
  rmSync(folder, { recursive: true, force: true });
  run('python3', ['-m', 'venv', folder]);
  run(program, ['-m', 'pip', 'install', '--quiet', `ziglang==${ZIGLANG}`]);
  mkdirSync(join(folder, 'ready'));
  return program;
}

/** Writes lstm.wasm and lstm-relaxed.wasm into `folder`. @throws Error in words when that cannot be done */
export function buildWasm(folder = here) {
  const program = python();
  for (const [file, cpu] of Object.entries(VARIANTS))
    run(program, [
      ...['-m', 'ziglang', 'c++', '-target', 'wasm32-freestanding', '-O3', `-mcpu=${cpu}`],
      ...['-fno-exceptions', '-fno-rtti', '-nostdlib', '-ffp-contract=fast', '-mllvm', '-disable-lsr', '-s'],
      ...['-Wl,--no-entry', '-Wl,--import-memory', '-Wl,-z,stack-size=65536'],
      ...EXPORTS.map(name => `-Wl,--export=${name}`),
      ...['-o', join(folder, file), 'kernels.cc'],
    ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildWasm(process.argv[2]);
