// Names of the options of tf.layers' recurrent layers, which tf.layers itself passes over when it does not know
// one. The compiler holds them to its types.
import type { layers } from '@tensorflow/tfjs';
import type { Every } from './known-names.ts';

type Of<Make extends (args: never) => unknown> = Omit<Parameters<Make>[0], 'cell'>;

/** Not ours to give, but every layer's getConfig() has it, from which one makes a layer alike. */
type OfConfig = Readonly<Record<'cell', true>>;

/** tf.layers.simpleRNN's. */
export const RNN_ARGS: Every<Of<typeof layers.simpleRNN>> & OfConfig = {
  ...{ units: true, activation: true, useBias: true },
  ...{ returnSequences: true, returnState: true, goBackwards: true, stateful: true, unroll: true },
  ...{ inputShape: true, batchInputShape: true, batchSize: true, inputDim: true, inputLength: true },
  ...{ kernelInitializer: true, recurrentInitializer: true, biasInitializer: true },
  ...{ kernelRegularizer: true, recurrentRegularizer: true, biasRegularizer: true },
  ...{ kernelConstraint: true, recurrentConstraint: true, biasConstraint: true },
  ...{ dropout: true, recurrentDropout: true, dropoutFunc: true },
  ...{ name: true, dtype: true, trainable: true, weights: true, inputDType: true, cell: true },
};

/** tf.layers.lstm's. */
export const LSTM_ARGS: Every<Of<typeof layers.lstm>> & OfConfig = {
  ...RNN_ARGS,
  ...{ recurrentActivation: true, unitForgetBias: true, implementation: true },
};

/** tf.layers.lstmCell's. */
export const CELL_ARGS: Every<Parameters<typeof layers.lstmCell>[0]> = {
  ...{ units: true, activation: true, recurrentActivation: true, useBias: true },
  ...{ unitForgetBias: true, implementation: true },
  ...{ inputShape: true, batchInputShape: true, batchSize: true },
  ...{ kernelInitializer: true, recurrentInitializer: true, biasInitializer: true },
  ...{ kernelRegularizer: true, recurrentRegularizer: true, biasRegularizer: true },
  ...{ kernelConstraint: true, recurrentConstraint: true, biasConstraint: true },
  ...{ dropout: true, recurrentDropout: true, dropoutFunc: true },
  ...{ name: true, dtype: true, trainable: true, weights: true, inputDType: true },
};
