// One step of training on plain arrays, for the models that `stackOf` knows: from a batch to loss and gradients.
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { inputTensors } from './instrument.ts';
import { floatsOf } from './op.ts';
import { stackOf } from './stack.ts';
import { fitsLoss, StackStep } from './stack-step.ts';
import type { StepGradients, StepOptions } from './tape-step.ts';
import { tf } from './tf.ts';
import { classesOf, valuesOf } from './train-loss.ts';
import type { Batch } from './train-options.ts';

export type ArraysStep = (batch: Batch, weights: readonly Float32Array[]) => StepGradients;

/** The step, to be called inside tf.tidy; null for models that need the tape. */
export function arraysStep(model: LayersModel, options: StepOptions): ArraysStep | null {
  const stack = stackOf(model);
  if (!stack || !fitsLoss(stack.head, options.loss)) return null;
  const step = new StackStep(stack, options);
  return (batch, weights) => {
    const [x] = inputTensors(model, batch.x) as [Tensor];
    const [rows, steps] = x.shape as [number, number];
    const shape = outputShape(model, rows, steps);
    const isClasses = options.loss === 'crossEntropy';
    return step.run(
      {
        ...{ batch: rows, steps, x: floatsOf(x) },
        classes: isClasses ? classesOf(batch.y, shape) : null,
        values: isClasses ? null : readValues(batch.y, shape),
      },
      weights,
    );
  };
}

/** As valuesOf, without a copy where there is an array: it is only read. */
function readValues(y: Batch['y'], shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = y instanceof tf.Tensor ? y.dataSync() : y;
  return values instanceof Float32Array && values.length === size ? values : valuesOf(y, shape);
}

function outputShape(model: LayersModel, rows: number, steps: number): number[] {
  const [, ...rest] = model.outputs[0]!.shape as (number | null)[];
  return [rows, ...rest.map(size => size ?? steps)];
}
