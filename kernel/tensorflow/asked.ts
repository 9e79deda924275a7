// The backend that GATEBOOK_BACKEND asks for, and whether it can be had: known before TensorFlow is loaded, so
// that a run can be refused before it has done anything.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '../protocol.ts';
import { addonFile, type Environment, here, packageFolder, type TfjsHome, tfjsHomes } from './places.ts';

export const BACKENDS: readonly BackendName[] = ['tensorflow', 'wasm', 'cpu'];
export const CURE = 'Run `gatebook setup` (in a clone: npm run setup)';

/** Could not be had; says what would mend it. */
export class BackendError extends Error {
  override name = 'BackendError';
}

/**
 * What GATEBOOK_BACKEND asks for; null where it is unset or empty, and the best there is will do.
 * @throws BackendError where it names no backend
 */
export function askedBackend(environment: Environment = process.env): BackendName | null {
  const asked = environment.GATEBOOK_BACKEND;
  if (!asked) return null;
  const known = BACKENDS.find(backend => backend === asked);
  if (known) return known;
  throw new BackendError(
    `GATEBOOK_BACKEND is '${asked}', which is no backend. Set it to tensorflow, wasm or cpu, or unset it to have the best one chosen.`,
  );
}

/**
 * One sentence why the backend asked for cannot be had, and what would mend it; null where nothing is known
 * against it, or none is asked for. Looks only at what is installed: what does not load shows at the first use.
 */
export function askedBackendProblem(environment: Environment = process.env): string | null {
  try {
    const asked = askedBackend(environment);
    const why = asked === null ? null : missing(asked, environment);
    return why && `GATEBOOK_BACKEND is ${asked}, which cannot be had: ${why} ${ELSE}`;
  } catch (error) {
    if (error instanceof BackendError) return error.message;
    throw error;
  }
}

const ELSE = 'Or unset GATEBOOK_BACKEND to have the best one chosen.';

function missing(asked: BackendName, environment: Environment): string | null {
  const home = chooseHome(environment);
  if (asked === 'tensorflow') return nativeProblem(home);
  return asked === 'wasm' && wasmFolder(home) === null ? NO_WASM : null;
}

/** One home for all of tfjs: the first where native TensorFlow was built, else beside gatebook. */
export function chooseHome(environment: Environment = process.env): TfjsHome {
  const homes = tfjsHomes(fileURLToPath(here), environment);
  return homes.find(home => nativeProblem(home) === null) ?? (homes[0] as TfjsHome);
}

/** Why native TensorFlow cannot even be tried there, or null. */
export function nativeProblem({ tfjsNode }: TfjsHome): string | null {
  if (tfjsNode === null) return `@tensorflow/tfjs-node is not installed. ${CURE}.`;
  return existsSync(addonFile(tfjsNode)) ? null : `it has not been built for this machine. ${CURE}.`;
}

export function wasmFolder({ from }: TfjsHome): string | null {
  return packageFolder('@tensorflow/tfjs-backend-wasm', from);
}

export const NO_WASM =
  '@tensorflow/tfjs-backend-wasm is not installed. Run npm i @tensorflow/tfjs-backend-wasm.';
