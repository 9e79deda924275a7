// The one TensorFlow.js instance of the library, with its backend ready. Everything in this folder that
// computes imports it from here; what is pure does not.
import { backendName, loadTensorFlow } from '../tensorflow/load.ts';
import { fillWasmGaps } from './wasm-gaps.ts';

/** TensorFlow.js on the backend that was chosen; the one instance that the library and its models use. */
export const tf = await loadTensorFlow();
if (backendName() === 'wasm') fillWasmGaps(tf);
