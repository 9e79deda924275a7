// Which kernel runs a layer: by what was asked, what the backend has, and size.
import type { BackendName } from '../../protocol.ts';
import type { Activations, Sizes } from './sizes.ts';

/** `BlockLSTMV2`: native TensorFlow's own op, the reference there. `loop`: plain typed arrays, anywhere. */
export type KernelName = 'BlockLSTMV2' | 'loop';
export type KernelChoice = KernelName | 'auto';
const CHOICES: readonly string[] = ['auto', 'BlockLSTMV2', 'loop'] satisfies KernelChoice[];

/**
 * Multiplications up to which the loop is faster than TensorFlow: what its calls cost once, and what its op
 * costs for each step of the sequence. Measured on two cores by bench/lstm.ts.
 */
const LOOP_BELOW = 40_000;
const LOOP_BELOW_PER_STEP = 400;

/** @throws RangeError when BlockLSTMV2 was asked for and cannot run here, or what was asked for is no kernel. */
export function chooseKernel(
  choice: KernelChoice,
  backend: BackendName,
  activations: Activations,
  { batch, steps, inputs, units }: Sizes,
): KernelName {
  if (!CHOICES.includes(choice))
    throw new RangeError(`Cannot run the LSTM on kernel '${choice}': there are ${CHOICES.join(', ')}.`);
  const lack = whyNotBlock(backend, activations);
  if (choice === 'BlockLSTMV2' && lack !== null)
    throw new RangeError(`Cannot run the LSTM on BlockLSTMV2: ${lack}. Use kernel: 'auto' or 'loop'.`);
  if (choice !== 'auto') return choice;
  const sums = steps * batch * (inputs + units) * 4 * units;
  return lack !== null || sums < LOOP_BELOW + LOOP_BELOW_PER_STEP * steps ? 'loop' : 'BlockLSTMV2';
}

function whyNotBlock(backend: BackendName, { gates, values }: Activations): string | null {
  if (backend !== 'tensorflow') return `the backend is ${backend}, not native TensorFlow`;
  if (gates !== 'sigmoid') return `it has sigmoid gates only, not ${gates}`;
  if (values !== 'tanh') return `it has tanh as activation only, not ${values}`;
  return null;
}
