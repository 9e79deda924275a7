// The one TensorFlow.js instance of the library, with its backend ready. Everything in this folder that
// computes imports it from here; what is pure does not.
import { loadTensorFlow } from '../tensorflow/load.ts';

export const tf = await loadTensorFlow();
