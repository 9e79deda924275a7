// One step of training on TensorFlow's tape: any model of tf.layers, with regularizers and a price on |h|.
import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs';
import { inputTensors, lstmLayers, replacingCalls } from './instrument.ts';
import type { TfjsLstm } from './layer.ts';
import { tf } from './tf.ts';
import { crossEntropy, endsInSoftmax, meanSquaredError, type Targets } from './train-loss.ts';
import type { Batch, LossName } from './train-options.ts';

export interface StepGradients {
  readonly loss: number;
  /** Array by array, in the order of the model's trainableWeights. */
  readonly gradients: readonly Float32Array[];
}

export interface StepOptions {
  readonly loss: LossName;
  readonly hiddenL1: number;
}

/** The loss of a batch and its gradients, at the weights that the model has now. Call inside tf.tidy. */
export function tapeStep(model: LayersModel, batch: Batch, options: StepOptions): StepGradients {
  const variables = model.trainableWeights.map(weight => weight.read() as Variable);
  const inputs = inputTensors(model, batch.x);
  const { value, grads } = tf.variableGrads(
    () => pricedLoss(model, inputs, batch, options).asScalar(),
    variables,
  );
  return {
    loss: value.dataSync()[0] as number,
    gradients: variables.map(
      ({ name, size }) => grads[name]?.dataSync<'float32'>() ?? new Float32Array(size),
    ),
  };
}

/** The loss of a batch alone: no dropout, no price on weights or states. Call inside tf.tidy. */
export function plainLoss(model: LayersModel, batch: Batch, loss: LossName): number {
  const output = model.apply(single(inputTensors(model, batch.x)), { training: false }) as Tensor;
  return lossOf(model, output, batch.y, loss).dataSync()[0] as number;
}

function lossOf(model: LayersModel, output: Tensor, y: Targets, loss: LossName): Tensor {
  return loss === 'meanSquaredError'
    ? meanSquaredError(output, y)
    : crossEntropy(output, y, endsInSoftmax(model));
}

function single(inputs: Tensor[]): Tensor | Tensor[] {
  return inputs.length === 1 ? (inputs[0] as Tensor) : inputs;
}

function pricedLoss(
  model: LayersModel,
  inputs: Tensor[],
  { y }: Batch,
  { loss: name, hiddenL1 }: StepOptions,
): Tensor {
  const apply = () => model.apply(single(inputs), { training: true }) as Tensor;
  const { output, shown } = hiddenL1
    ? whileWatching(lstmLayers(model), apply)
    : { output: apply(), shown: [] };
  const loss = lossOf(model, output, y, name);
  const regularizers = model.calculateLosses().reduce<Tensor>((sum, one) => sum.add(one), loss);
  const priced = shown.reduce((sum, one) => sum.add(one.mul(hiddenL1)), regularizers);
  tf.dispose(shown);
  return priced;
}

/** Runs `apply`, and gives mean|h| of each layer besides: kept, as the model tidies its inner tensors away. */
function whileWatching(
  layers: readonly TfjsLstm[],
  apply: () => Tensor,
): { output: Tensor; shown: Tensor[] } {
  const shown: Tensor[] = [];
  const callOf =
    (layer: TfjsLstm) =>
    (...args: Parameters<TfjsLstm['call']>) => {
      const result = Object.getPrototypeOf(layer).call.apply(layer, args) as Tensor | Tensor[];
      const hidden = Array.isArray(result) ? (result[0] as Tensor) : result;
      shown.push(tf.keep(hidden.abs().mean()));
      return result;
    };
  return { output: replacingCalls(layers, callOf as never, apply), shown };
}
