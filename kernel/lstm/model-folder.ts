// `modelFolder(path)`: tfjs' own format in a folder, model.json beside weights.bin, also where tfjs-node with its
// file:// is not: for model.save, tf.loadLayersModel, and the checkpoints of `train`.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { io } from '@tensorflow/tfjs';
import { bytesBeside } from './beside.ts';
import { reasonOf } from './imports/source.ts';
import { tf } from './tf.ts';

const MODEL = 'model.json';

/** tfjs' io handler with the folder that it is for. */
export interface ModelFolder extends io.IOHandler {
  readonly path: string;
  save(artifacts: io.ModelArtifacts): Promise<io.SaveResult>;
  load(): Promise<io.ModelArtifacts>;
}

/**
 * `await model.save(modelFolder('a'))` writes, `await tf.loadLayersModel(modelFolder('a'))` reads. Any tool that
 * knows tfjs' format reads the folder. It is made where it is not there; other files in it stay.
 * @throws Error saying which file could not be read, and what to do
 */
export function modelFolder(path: string): ModelFolder {
  return {
    path,
    save: async artifacts => {
      writeModel(path, artifacts, 'weights.bin');
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    },
    load: async () =>
      tf.io.getModelArtifactsForJSON(readModelJson(path), async manifest => [
        manifest.flatMap(group => group.weights),
        weightBytes(path, manifest),
      ]),
  };
}

/**
 * Writes the weights under a name of their own and then model.json, which names them, in one move: whoever stops
 * in between leaves the model of before whole.
 * @param more further fields of model.json, which tfjs passes over
 */
export function writeModel(
  path: string,
  artifacts: io.ModelArtifacts,
  weightsName: string,
  more: object = {},
): void {
  writeWhole(join(path, weightsName), new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData)));
  const { modelTopology, weightSpecs = [], weightData: _, ...about } = artifacts;
  const weightsManifest = [{ paths: [weightsName], weights: weightSpecs }];
  writeWhole(join(path, MODEL), JSON.stringify({ modelTopology, ...about, weightsManifest, ...more }));
}

/** Under another name first, so that a file is whole or is not there. */
export function writeWhole(file: string, contents: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, contents);
  renameSync(`${file}.part`, file);
}

/** Removes what of the files `name-<step>.bin` is not of this step. */
export function removeOthers(path: string, names: readonly string[], kept: readonly string[]): void {
  for (const file of readdirSync(path)) {
    const isOld = names.some(name => file.startsWith(`${name}-`)) && /-\d+\.bin(\.part)?$/.test(file);
    if (isOld && !kept.includes(file)) rmSync(join(path, file));
  }
}

export function readModelJson(path: string): io.ModelJSON {
  try {
    return JSON.parse(readFileSync(join(path, MODEL), 'utf8')) as io.ModelJSON;
  } catch (error) {
    throw new Error(
      `Cannot read the model in '${path}': ${reasonOf(error)} (${MODEL}). Give a folder that holds ${MODEL} as tfjs writes it.`,
    );
  }
}

/** The weights' bytes, of all files. @throws RangeError for a file that is not there, not in the folder, or not whole */
export function weightBytes(path: string, manifest: io.WeightsManifestConfig): ArrayBuffer {
  const parts = manifest.flatMap(group => group.paths.map(name => readBeside(path, name)));
  checkLength(path, manifest, parts);
  return tf.io.CompositeArrayBuffer.join(parts);
}

/** tfjs would say of a file cut off that some tensor has another shape than its values. */
function checkLength(path: string, manifest: io.WeightsManifestConfig, parts: readonly ArrayBuffer[]): void {
  const weights = manifest.flatMap(group => group.weights);
  if (weights.some(({ dtype, quantization }) => quantization || !['float32', 'int32'].includes(dtype)))
    return;
  const wanted = weights.reduce((sum, { shape }) => sum + 4 * tf.util.sizeFromShape(shape), 0);
  const found = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (found !== wanted)
    throw new RangeError(
      `Cannot read the model in '${path}': its weights take ${wanted} bytes, ${manifest.flatMap(group => group.paths).join(', ')} beside ${MODEL} have ${found}. Copy the model again, it is not whole.`,
    );
}

/** Bytes of a file that model.json names, in a buffer of their own. @throws RangeError as `bytesBeside` */
export function readBeside(folder: string, name: string): ArrayBuffer {
  return Uint8Array.from(bytesBeside(folder, name, MODEL, `read the model in '${folder}'`)).buffer;
}
