// Compiles addon.cc, and kernels.cc once for each width of vectors, into the user's cache folder, and knows where
// it lies there. The sources travel inside the bundle; the file's name changes with them, so an old addon is never
// taken for a new one.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLine, runChild } from '../../../tensorflow/child.ts';
import {
  cacheFolder,
  type Environment,
  here,
  ownPackagesFolder,
  packageFolder,
} from '../../../tensorflow/places.ts';
import adam from './adam.cc';
import addon from './addon.cc';
import buffers from './buffers.h';
import dense from './dense.cc';
import kernels from './kernels.cc';
import kernelsTable from './kernels.h';
import lstm from './lstm.cc';
import lstmStructs from './lstm.h';
import pool from './pool.h';
import products from './products.h';
import vectors from './vectors.h';

const FLAGS = ['-O3', '-std=c++17', '-fPIC', '-pthread', '-ffp-contract=fast'];
const SOURCES = {
  'adam.cc': adam,
  'addon.cc': addon,
  'buffers.h': buffers,
  'dense.cc': dense,
  'kernels.cc': kernels,
  'kernels.h': kernelsTable,
  'lstm.cc': lstm,
  'lstm.h': lstmStructs,
  'pool.h': pool,
  'products.h': products,
  'vectors.h': vectors,
};
const AVX2 = ['-mavx2', '-mfma'];
const AVX512 = ['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mprefer-vector-width=512'];
/** Arguments by object file. What asks the processor is compiled for any. */
const OBJECTS = {
  'addon.o': ['addon.cc', '-DNAPI_VERSION=8'],
  'avx2.o': ['kernels.cc', '-DKERNELS=kernels_avx2', ...AVX2],
  'avx512.o': ['kernels.cc', '-DKERNELS=kernels_avx512', ...AVX2, ...AVX512],
};
const KEY = createHash('sha256')
  .update([...FLAGS, ...Object.values(OBJECTS).flat(), ...Object.values(SOURCES)].join('\n'))
  .digest('hex')
  .slice(0, 12);

function fileIn(cache: string): string {
  return join(cache, `lstm-${KEY}.node`);
}

/** Path of the compiled addon, or null where it was not built. */
export function lstmAddonFile(environment: Environment = process.env): string | null {
  const file = fileIn(cacheFolder(environment));
  return existsSync(file) ? file : null;
}

/** Why this machine cannot have the addon, or null. */
function unfit(): string | null {
  const isKnown = process.arch === 'x64' && (process.platform === 'linux' || process.platform === 'darwin');
  return isKnown ? null : `it is made for x86-64 on Linux and macOS, not ${process.platform} ${process.arch}`;
}

/**
 * Compiles the addon where it is not there yet, in seconds. Never throws for what the machine lacks: the LSTM
 * then runs on WebAssembly or TensorFlow, and `report` is told why.
 * @returns whether it is there
 */
export async function buildLstmAddon(
  report: (line: string) => void,
  environment: Environment = process.env,
): Promise<boolean> {
  const cache = cacheFolder(environment);
  if (existsSync(fileIn(cache))) return true;
  const problem = unfit() ?? (await compile(cache, report).catch((error: Error) => error.message));
  if (problem === null) return true;
  report(`The native LSTM kernel is not built: ${problem}. The others are used.`);
  return false;
}

/** @returns what went wrong, or null */
async function compile(cache: string, report: (line: string) => void): Promise<string | null> {
  const headers =
    packageFolder('node-api-headers', fileURLToPath(here)) ??
    packageFolder('node-api-headers', join(ownPackagesFolder(cache), 'from.js'));
  if (!headers) return 'the package node-api-headers is missing (npm i node-api-headers)';
  report('Compiling the native LSTM kernel ...');
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'partial-'));
  try {
    for (const [name, text] of Object.entries(SOURCES)) await writeFile(join(work, name), text);
    const link = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
    const compiled = Object.entries(OBJECTS).map(([file, args]) =>
      runCompiler([...FLAGS, '-c', ...args, `-I${join(headers, 'include')}`, '-o', file], work),
    );
    const problem =
      (await Promise.all(compiled)).find(Boolean) ??
      (await runCompiler(
        ['-shared', '-pthread', ...link, ...Object.keys(OBJECTS), '-ldl', '-o', 'lstm.node'],
        work,
      ));
    if (problem) return problem;
    await rename(join(work, 'lstm.node'), fileIn(cache)); // whole, or not at all
    return null;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @returns what went wrong, or null */
async function runCompiler(args: readonly string[], cwd: string): Promise<string | null> {
  const compiler = process.env.CXX || 'g++';
  const { code, missing, stderr } = await runChild(compiler, args, { cwd });
  if (missing) return `${compiler} is not on this machine (Debian, Ubuntu: apt install g++)`;
  if (code === 0) return null;
  return `${compiler} failed: ${/error: (.+)$/m.exec(stderr)?.[1] ?? lastLine(stderr)}`;
}
