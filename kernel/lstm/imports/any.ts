// `importLstm(file)`: a model of another framework, by what the file is.
import { rejectUnknown } from '../known-names.ts';
import { isHdf5 } from './hdf5.ts';
import { fromKeras, type KerasOptions } from './keras.ts';
import { fromOnnx, type OnnxOptions } from './onnx.ts';
import { fromSafetensors, type SafetensorsOptions } from './pytorch.ts';
import { type Content, readSource, type Source } from './source.ts';
import type { ImportedLstm } from './stack.ts';

/** The option that each kind of file has: `prefix` (safetensors), `node` (ONNX), `layer` (Keras). */
export interface ImportOptions extends SafetensorsOptions, OnnxOptions, KerasOptions {}

/**
 * A model of PyTorch (`.safetensors`), ONNX (`.onnx`) or Keras (`.keras`, `.h5`, `model.json`): what the file is, is
 * seen from its first bytes. See fromSafetensors, fromOnnx and fromKeras.
 * @returns `model`, ready for `trace`, and its LSTM `layers`.
 * @throws RangeError for any other file, in words; for an option that this kind of file has not; and what the
 *   three throw.
 * @example
 * ```ts
 * import { importLstm } from 'gatebook';
 * const { found } = await importLstm('test/lstm/imports/references/pytorch-one.safetensors');
 * found; // ['lstm_l0: 3 inputs, 4 units, forward']
 * ```
 */
export async function importLstm(source: Source, options: ImportOptions = {}): Promise<ImportedLstm> {
  rejectUnknown('import a model', options, { prefix: true, node: true, layer: true });
  const content = readSource(source);
  const { read, option } = KINDS[kindOf(content)];
  const other = Object.keys(options).find(name => name !== option);
  if (other !== undefined)
    throw new RangeError(
      `Cannot import ${content.name}: there is no option '${other}' for such a file. It has '${option}'.`,
    );
  return read(content.path ?? content.bytes, options);
}

const KINDS = {
  safetensors: { read: fromSafetensors, option: 'prefix' },
  ONNX: { read: fromOnnx, option: 'node' },
  Keras: { read: fromKeras, option: 'layer' },
} as const;

/** safetensors has a JSON object after 8 bytes of length; ONNX begins with its IR version, field 1 of protobuf. */
function kindOf({ bytes, name }: Content): keyof typeof KINDS {
  if (isHdf5(bytes) || (bytes[0] === 0x50 && bytes[1] === 0x4b)) return 'Keras';
  if (bytes[8] === 0x7b && bytes[7] === 0) return 'safetensors';
  if (/^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 16)))) return 'Keras';
  if (bytes[0] === 0x08) return 'ONNX';
  throw new RangeError(
    `Cannot import ${name}: it is none of .safetensors, .onnx, .keras, .h5 and model.json. A PyTorch model is saved with safetensors.torch.save_file(model.state_dict(), 'model.safetensors').`,
  );
}
