// Hands the kernel's one tfjs, with its backend chosen, to whoever imports it by one of tfjs' own names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendStatus, loadTensorFlow, type TensorFlow } from '../tensorflow/load.ts';
import { packageFolder } from '../tensorflow/places.ts';
import { TFJS_SYMBOL, tfjsManifest } from './tfjs-resolution.ts';

/** For the shims of tfjs-resolution.ts. `folder` is where the notebook lies. */
export function installTfjs(folder: string): void {
  const load = () => {
    warnOfOtherVersion(folder);
    return loadTensorFlow();
  };
  Reflect.set(globalThis, Symbol.for(TFJS_SYMBOL), {
    load,
    loadNode: async () => asNode(await load()),
  });
}

/**
 * Begins to load: native TensorFlow and the plain backend are in use when this returns, WebAssembly soon after.
 * A failure shows in the backend's status.
 */
export function startTensorFlow(): void {
  loadTensorFlow().catch(() => undefined);
}

/** What `@tensorflow/tfjs-node` exports; on another backend its `node` part throws. */
export function asNode(tf: TensorFlow): NodeTensorFlow {
  return isNative(tf) ? tf : { ...tf, node: missingNode() };
}

type NodeTensorFlow = TensorFlow & { readonly node: object };

function isNative(tf: TensorFlow): tf is NodeTensorFlow {
  return 'node' in tf;
}

function missingNode(): object {
  return new Proxy(Object.create(null), {
    get(_target, name) {
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
      throw new Error(explainMissing(name));
    },
  });
}

function explainMissing(name: string): string {
  const status = backendStatus();
  const backend = status.state === 'ready' ? status.backend : 'another one';
  const why = status.state === 'ready' && status.why ? ` ${status.why}` : '';
  const cure = 'Run `gatebook setup` (in a clone: npm run setup), then restart the kernel';
  return `tf.node.${name} needs native TensorFlow, and the backend in use is ${backend}. ${cure}.${why}`;
}

let hasWarned = false;

/** Two copies of tfjs half work: `instanceof` fails between them. So the notebook's own is passed over, aloud. */
function warnOfOtherVersion(folder: string): void {
  if (hasWarned) return;
  hasWarned = true;
  const own = packageFolder('@tensorflow/tfjs', join(folder, 'notebook.ipynb'));
  if (own === null) return;
  const [theirs, ours] = [versionIn(join(own, 'package.json')), versionIn(tfjsManifest())];
  if (theirs === ours) return;
  console.warn(
    `${folder} has @tensorflow/tfjs ${theirs}; the kernel uses its own ${ours} in its place, as two copies do not work together.`,
  );
}

function versionIn(manifest: string): string {
  return String(JSON.parse(readFileSync(manifest, 'utf8')).version);
}
