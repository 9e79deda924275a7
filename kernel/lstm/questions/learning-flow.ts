// Where learning flows: the gradient of a loss with respect to every gate, state and input of each step, one
// backward pass on plain arrays for each LSTM layer, tfjs' tape between them.
import { inspect } from 'node:util';
import type { Tensor } from '@tensorflow/tfjs';
import { figureBundle } from '../../figures/bundle.ts';
import { type GradientFigure, JUPYTER_DISPLAY_SYMBOL, type MimeBundle } from '../../protocol.ts';

import { GateValues } from '../gate-values.ts';
import { type GradientFigureOptions, gradientFigure } from '../gradient-figure.ts';
import type { GradientOptions } from '../gradient-through-time.ts';
import { inputTensors, isModel, type Layer, type ModelInput } from '../instrument.ts';
import { emptyFlow, type Flow } from '../interventions/flow.ts';
import type { HeardCall } from '../interventions/layer-op.ts';
import { listenDifferentiably } from '../interventions/listen.ts';
import { rejectUnknown } from '../known-names.ts';
import { tidyAround } from '../run-layer.ts';
import { tf } from '../tf.ts';
import { requireLstm } from '../trace.ts';
import { endsInSoftmax } from '../train.ts';
import { crossEntropy, meanSquaredError, type Targets } from '../train-loss.ts';

/** A loss of one's own: a scalar tensor from the model's output (the first of `outputs`). */
export type LossOf = (output: Tensor, outputs: readonly Tensor[]) => Tensor;

const FLOWS = ['f', 'i', 'g', 'o', 'c', 'h', 'x'] as const;
/** What a gradient can be taken by: gates, states and the input. */
export type FlowName = (typeof FLOWS)[number];

/**
 * Gradients of one loss within one LSTM layer, made by `learningFlow`. Each is the total derivative: how the loss
 * changes when that one value does and all that follows from it runs on. Steps in the order the layer runs them.
 */
export class LearningFlow {
  readonly layer: string;
  /** d loss / d of each gate and state after the activation, [T, B, H]. Zero for gates of padded steps. */
  readonly f: GateValues;
  readonly i: GateValues;
  readonly g: GateValues;
  readonly o: GateValues;
  /** Of the cell state after the step, through h and through every later step. */
  readonly c: GateValues;
  readonly h: GateValues;
  /** Of the layer's input, [T, B, D]. */
  readonly x: GateValues;
  /** Of the states before the first step, each [B, H]. */
  readonly c0: Float32Array;
  readonly h0: Float32Array;
  /** The loss itself. */
  readonly loss: number;
  /** Every LSTM layer's, in the order they ran, this one among them. */
  layers: readonly LearningFlow[] = [this];

  constructor({ run, flow }: HeardCall, loss: number) {
    const { batch, steps, inputs, units } = run.sizes;
    const slopes: Flow = flow ?? emptyFlow(run.sizes);
    const values = (name: FlowName) =>
      new GateValues(slopes[name], [steps, batch, name === 'x' ? inputs : units]);
    this.layer = run.layer.name;
    [this.f, this.i, this.g, this.o] = [values('f'), values('i'), values('g'), values('o')];
    [this.c, this.h, this.x] = [values('c'), values('h'), values('x')];
    [this.c0, this.h0, this.loss] = [slopes.c0, slopes.h0, loss];
  }

  /**
   * Norm by step, [T]: ‖∂ loss / ∂ value_t‖ over the units (or features) of each batch row, summed over the B rows,
   * as `gradientThroughTime` has it. @throws RangeError for another name than f, i, g, o, c, h, x
   */
  norms(name: FlowName): Float32Array {
    if (!FLOWS.includes(name))
      throw new RangeError(
        `Cannot give the norms of '${name}': the gates, states and input are ${FLOWS.join(', ')}.`,
      );
    const [steps, rows, width] = this[name].shape;
    return Float32Array.from({ length: steps }, (_, step) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const from = (step * rows + row) * width;
        sum += Math.hypot(...this[name].subarray(from, from + width));
      }
      return sum;
    });
  }

  /** Norms of x (or h) by step of every LSTM layer, on a logarithmic axis. As a cell's last value it draws itself. */
  figure(options: GradientFigureOptions = {}): GradientFigure {
    const of = options.of ?? 'x';
    return gradientFigure(Object.fromEntries(this.layers.map(flow => [flow.layer, flow.norms(of)])), options);
  }

  [Symbol.for(JUPYTER_DISPLAY_SYMBOL)](): MimeBundle {
    return figureBundle(this.figure());
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const [steps, batch, units] = this.f.shape;
    const of = (flow: LearningFlow) => `${flow.layer} (loss ${Number(flow.loss.toPrecision(4))})`;
    const named = FLOWS.map(name => `  ${name} ${inspect(this[name])}`);
    const others =
      this.layers.length > 1 ? [`  layers: ${this.layers.map(({ layer }) => layer).join(', ')}`] : [];
    return [
      `LearningFlow of ${of(this)}: ${steps} steps, ${batch} rows, ${units} units`,
      ...named,
      ...others,
    ].join('\n');
  }
}

/**
 * Backpropagation through time, kept: gradients of a loss with respect to every gate, state and input of each step.
 * With several LSTM layers the result is the first one's, with all of them in `layers`.
 * @param x as `trace` takes it, token ids too. @param y targets as `train` takes them (the loss is `train`'s, the
 *   mean over all targets), or a loss of one's own.
 * @throws RangeError when shapes do not fit or for an unknown option, TypeError when there is no LSTM layer, or
 *   when targets are given for a model with several outputs.
 * @example
 * ```ts
 * import { learningFlow, lstm, tf } from 'gatebook';
 * const model = tf.sequential({
 *   layers: [lstm({ units: 3, seed: 1, inputShape: [6, 2] }), tf.layers.dense({ units: 2, activation: 'softmax' })],
 * });
 * const flow = learningFlow(model, tf.ones([1, 6, 2]), [1]);
 * flow.f.shape; // [6, 1, 3]
 * flow.norms('c').length; // 6
 * ```
 */
export function learningFlow(
  target: Layer,
  x: ModelInput,
  y: Targets | LossOf,
  options: GradientOptions = {},
): LearningFlow {
  rejectUnknown('follow the learning', options, { loss: true });
  const layers = requireLstm(target);
  const lossOf = typeof y === 'function' ? y : lossFor(target, y, options);
  return tidyAround(() => {
    const inputs = inputTensors(target, x);
    let calls: readonly HeardCall[] = [];
    let loss = Number.NaN;
    gradientOf(probe => {
      const heard = listenDifferentiably(
        layers,
        () => null,
        probe,
        () => outputsOf(target, inputs),
      );
      calls = heard.calls;
      const value = lossOf(heard.result[0]!, heard.result).asScalar();
      loss = value.dataSync()[0]!;
      return value;
    });
    const flows = calls.map(call => new LearningFlow(call, loss));
    for (const flow of flows) flow.layers = flows;
    return flows[0]!;
  });
}

/** Sends gradients back from `work` to a scalar that every call of an LSTM layer counts as depending on. */
function gradientOf(work: (probe: Tensor) => Tensor): void {
  try {
    tf.grad(work)(tf.scalar(0));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('Cannot compute gradient of y=f(x)'))
      throw error;
    throw new Error(
      'Cannot follow the learning: the loss does not depend on any LSTM layer. Compute it from the output by tf operations.',
      { cause: error },
    );
  }
}

function outputsOf(target: Layer, inputs: Tensor[]): readonly Tensor[] {
  const outputs = target.apply(inputs.length === 1 ? inputs[0]! : inputs) as Tensor | Tensor[];
  return Array.isArray(outputs) ? outputs : [outputs];
}

function lossFor(target: Layer, y: Targets, { loss }: GradientOptions): LossOf {
  return (output, outputs) => {
    if (outputs.length > 1)
      throw new TypeError(
        `Cannot tell which of ${outputs.length} outputs the targets are for: give a loss, such as (_, outputs) => outputs[1].mean().`,
      );
    if (loss === 'meanSquaredError') return meanSquaredError(output, y);
    return crossEntropy(output, y, isModel(target) && endsInSoftmax(target));
  };
}
