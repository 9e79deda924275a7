// The library 'gatebook': what cells and plain Node programs import.
export { backendStatus, type TensorFlow } from '../tensorflow/load.ts';
export { type GateBias, LstmLayer, type LstmOptions, lstm } from './layer.ts';
export { seededRandom } from './random.ts';
export { tf } from './tf.ts';
