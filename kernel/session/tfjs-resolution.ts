// Which file every `@tensorflow/tfjs*` means, whoever imports it: the kernel's own. Runs in the hooks' thread
// too, so nothing here loads tfjs.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { addonFile, tfjsHomes } from '../tensorflow/places.ts';
import { isInstallationFile, libraryUrl } from './installation.ts';

const TFJS = /^@tensorflow\/tfjs(-core|-layers|-converter|-data|-node|-node-gpu|-backend-[\w-]+)?(\/|$)/;
/** What `@tensorflow/tfjs` itself depends on, found from where it lies. */
const PART = /^@tensorflow\/tfjs-(core|layers|converter|data|backend-cpu|backend-webgl)(\/|$)/;
const NODE = /^@tensorflow\/tfjs-node(-gpu)?$/;
/** What computes, and so needs a backend. */
const WAITING = /^@tensorflow\/tfjs(-core|-layers|-converter|-data|-node|-node-gpu)?$/;
const SHIM = 'gatebook-tfjs:';

/** Global under which a shim finds what {@link shimSource} calls. */
export const TFJS_SYMBOL = 'gatebook.tfjs';

export function isTfjs(specifier: string): boolean {
  return TFJS.test(specifier);
}

export function isTfjsNode(specifier: string): boolean {
  return NODE.test(specifier);
}

/** Null where the kernel's tfjs has no such file: a backend that only the user has. */
export function tfjsPath(specifier: string): string | null {
  try {
    const from = PART.test(specifier) ? resolveFrom(home(), '@tensorflow/tfjs/package.json') : home();
    return resolveFrom(from, NODE.test(specifier) ? '@tensorflow/tfjs' : specifier);
  } catch {
    return null;
  }
}

/** The file of native TensorFlow's package, null where there is none. */
export function tfjsNodePath(): string | null {
  try {
    return resolveFrom(home(), '@tensorflow/tfjs-node');
  } catch {
    return null;
  }
}

function resolveFrom(file: string, specifier: string): string {
  return createRequire(file).resolve(specifier);
}

let chosen: string | null = null;

/** The file from which kernel/tensorflow/load.ts takes all of tfjs: where it is native, else beside gatebook. */
function home(): string {
  if (chosen) return chosen;
  const homes = tfjsHomes(fileURLToPath(libraryUrl));
  const built = homes.find(({ tfjsNode }) => tfjsNode !== null && existsSync(addonFile(tfjsNode)));
  chosen = (built ?? homes[0])?.from ?? fileURLToPath(libraryUrl);
  return chosen;
}

/** tfjs' own parts, and gatebook, ask for the files that lie beside them and need no help. */
export function isKernelsOwn(parent: string | undefined): boolean {
  if (!parent) return false;
  const path = parent.startsWith('file:') ? fileURLToPath(parent.replace(/[?#].*/, '')) : parent;
  return path === home() || isInstallationFile(path) || path.startsWith(packagesFolder());
}

let packages: string | null = null;

/** `…/node_modules/@tensorflow/` of the home. */
function packagesFolder(): string {
  packages ??= dirname(dirname(resolveFrom(home(), '@tensorflow/tfjs/package.json'))) + sep;
  return packages;
}

/** Version of the kernel's tfjs, and where it lies. */
export function tfjsManifest(): string {
  return join(packagesFolder(), 'tfjs', 'package.json');
}

/** URL of a module that waits for the backend before it gives the instance. Null: needs no wait. */
export function shimUrl(specifier: string): string | null {
  if (!WAITING.test(specifier)) return null;
  return SHIM + encodeURIComponent(specifier);
}

/** Null for any other URL. */
export function shimSource(url: string): string | null {
  if (!url.startsWith(SHIM)) return null;
  const specifier = decodeURIComponent(url.slice(SHIM.length));
  const file = JSON.stringify(pathToFileURL(tfjsPath(specifier) ?? '').href);
  const kernel = `globalThis[Symbol.for('${TFJS_SYMBOL}')]`;
  if (!NODE.test(specifier)) {
    return `export * from ${file};\nexport { default } from ${file};\nawait ${kernel}.load();`;
  }
  return `export * from ${file};
const whole = await ${kernel}.loadNode();
export const { node, io, version } = whole;
export default whole;`;
}
