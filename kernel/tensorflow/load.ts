// The only place that loads tfjs. Chooses tensorflow -> wasm -> cpu at the first use, never silently, and
// gives everybody one CommonJS instance: two copies of tfjs half work (`instanceof` fails between them).
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import type * as Tfjs from '@tensorflow/tfjs';
import type * as Wasm from '@tensorflow/tfjs-backend-wasm';
import type { BackendName } from '../protocol.ts';
import {
  askedBackend,
  BACKENDS,
  BackendError,
  CURE,
  chooseHome,
  NO_WASM,
  nativeProblem,
  wasmFolder,
} from './asked.ts';
import type { TfjsHome } from './places.ts';
import { backendStatus, setBackendStatus } from './status.ts';

export { BackendError } from './asked.ts';
export { backendStatus, onBackendStatus } from './status.ts';

/** What `@tensorflow/tfjs` exports; on native TensorFlow it is tfjs-node, with its `node` part besides. */
export type TensorFlow = typeof Tfjs;

let loading: Promise<TensorFlow> | null = null;

/**
 * TensorFlow.js, with its backend ready. Loads once; later calls give the same instance.
 * GATEBOOK_BACKEND=tensorflow|wasm|cpu forces one.
 * @throws BackendError when the forced one cannot be had, or none can.
 */
export function loadTensorFlow(): Promise<TensorFlow> {
  loading ??= load().catch(error => {
    loading = null; // may be tried again, after a cure
    const why = error instanceof Error ? error.message : String(error);
    setBackendStatus({ state: 'failed', why });
    throw error;
  });
  return loading;
}

async function load(): Promise<TensorFlow> {
  setBackendStatus({ state: 'loading' });
  prepareProcess();
  const home = chooseHome();
  const falls: string[] = [];
  for (const backend of candidates()) {
    try {
      return await start(backend, home, falls);
    } catch (error) {
      falls.push(`${NAMES[backend]}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new BackendError(`Cannot start TensorFlow. ${falls.join(' ')}`);
}

const NAMES = { tensorflow: 'Native TensorFlow', wasm: 'WebAssembly', cpu: 'Plain JavaScript' } as const;

function candidates(): readonly BackendName[] {
  const asked = askedBackend();
  return asked === null ? BACKENDS : [asked];
}

async function start(backend: BackendName, home: TfjsHome, falls: readonly string[]): Promise<TensorFlow> {
  const require = createRequire(home.from);
  const tf = backend === 'tensorflow' ? requireNative(require, home) : requireTfjs(require);
  if (backend === 'wasm') pointToWasm(require, home);
  if (!(await tf.setBackend(backend))) throw new BackendError(`the ${backend} backend did not start.`);
  await tf.ready();
  if (backend === 'wasm') dropEmscriptenListeners();
  if (backend === 'cpu') silenceHint(tf);
  const tensorflow = backend === 'tensorflow' ? nativeVersion(tf) : null;
  const why = falls.length > 0 ? falls.join(' ') : null;
  setBackendStatus({ state: 'ready', backend, tensorflow, tfjs: tf.version.tfjs, why });
  return tf;
}

function requireNative(require: NodeJS.Require, home: TfjsHome): TensorFlow {
  const problem = nativeProblem(home);
  if (problem !== null) throw new BackendError(problem);
  try {
    return require('@tensorflow/tfjs-node') as TensorFlow;
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new BackendError(`it did not load (${said}). ${CURE} to build it again.`);
  }
}

function requireTfjs(require: NodeJS.Require): TensorFlow {
  try {
    return require('@tensorflow/tfjs') as TensorFlow;
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new BackendError(`@tensorflow/tfjs did not load (${said}). Install gatebook's packages again.`);
  }
}

/** The Emscripten runtime takes over uncaught errors of the whole process. They are the host's to handle. */
function dropEmscriptenListeners(): void {
  for (const event of ['uncaughtException', 'unhandledRejection'])
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (/ExitStatus|throw reason/.test(String(listener))) process.off(event, listener);
}

function pointToWasm(require: NodeJS.Require, home: TfjsHome): void {
  const folder = wasmFolder(home);
  if (folder === null) throw new BackendError(NO_WASM);
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof Wasm;
  wasm.setWasmPaths(join(folder, 'dist/'));
}

function prepareProcess(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // else TensorFlow's own notes land on stderr
  // tfjs-node 4.22.0 still calls these: deprecated aloud from Node 22 on, the first one gone from Node 23 on.
  const old = util as { isNullOrUndefined: unknown; isArray: unknown };
  old.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  old.isArray = Array.isArray;
}

/** tfjs would advise tfjs-node at the first use; the status already says why it is not in use. */
function silenceHint(tf: TensorFlow): void {
  const backend = tf.backend() as unknown as { firstUse: boolean };
  backend.firstUse = false;
}

function nativeVersion(tf: TensorFlow): string {
  const backend = tf.backend() as unknown as { binding: { TF_Version: string } };
  return backend.binding.TF_Version;
}

/** The loaded backend's name. @throws BackendError before {@link loadTensorFlow} has ended. */
export function backendName(): BackendName {
  const status = backendStatus();
  if (status.state !== 'ready')
    throw new BackendError('TensorFlow is not loaded yet: await loadTensorFlow().');
  return status.backend;
}
