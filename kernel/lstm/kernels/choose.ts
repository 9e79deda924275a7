// Which kernel runs a layer: by what was asked, what this machine has, and size.
import type { BackendName } from '../../protocol.ts';
import { addonKernel } from './compiled/addon.ts';
import { wasmKernel } from './compiled/wasm.ts';
import type { Activations, Sizes } from './sizes.ts';

/**
 * `addon`: our native kernel, built by `gatebook setup`. `wasm`: the same source as WebAssembly SIMD.
 * `BlockLSTMV2`: native TensorFlow's own op, the reference there. `loop`: plain typed arrays, anywhere.
 */
export type KernelName = 'addon' | 'wasm' | 'BlockLSTMV2' | 'loop';
export type KernelChoice = KernelName | 'auto';
export const CHOICES: readonly string[] = [
  'auto',
  'addon',
  'wasm',
  'BlockLSTMV2',
  'loop',
] satisfies KernelChoice[];

/**
 * Multiplications from which native TensorFlow's op is ahead of WebAssembly on one thread: forward with all gates,
 * two cores with AVX-512, B,T,D,H: 1,100,32,64 (2.5 million) .24 ms against .34; 4,100,32,64 (9.8) .52 against .44;
 * 8,100,32,64 (20) 1.0 against .57; 1,100,64,256 (33) 2.7 against 1.9.
 */
const BLOCK_FROM = 6_000_000;

/** @throws RangeError when what was asked for cannot run here, or is no kernel. */
export function chooseKernel(
  choice: KernelChoice,
  backend: BackendName,
  activations: Activations,
  sizes: Sizes,
): KernelName {
  if (!CHOICES.includes(choice))
    throw new RangeError(`Cannot run the LSTM on kernel '${choice}': there are ${CHOICES.join(', ')}.`);
  if (choice === 'loop') return choice;
  if (choice === 'auto') return bestKernel(backend, activations, sizes);
  const lack = whyNot(choice, backend, activations);
  if (lack === null) return choice;
  throw new RangeError(`Cannot run the LSTM on ${choice}: ${lack}. Use kernel: 'auto' or 'loop'.`);
}

/**
 * The same among the kernels that work on arrays, for masks and recurrent dropout: BlockLSTMV2 has neither, and
 * where it was asked for the best of the others runs.
 */
export function chooseArrayKernel(
  choice: KernelChoice,
  backend: BackendName,
  activations: Activations,
  sizes: Sizes,
): Exclude<KernelName, 'BlockLSTMV2'> {
  const own = choice === 'BlockLSTMV2' ? 'auto' : choice;
  const kernel = chooseKernel(own, backend, activations, sizes);
  if (kernel !== 'BlockLSTMV2') return kernel;
  return whyNot('wasm', backend, activations) === null ? 'wasm' : 'loop';
}

function bestKernel(backend: BackendName, activations: Activations, sizes: Sizes): KernelName {
  const can = (kernel: Exclude<KernelName, 'loop'>) => whyNot(kernel, backend, activations) === null;
  const { batch, steps, inputs, units } = sizes;
  const isLarge = steps * batch * (inputs + units) * 4 * units >= BLOCK_FROM;
  if (can('addon')) return 'addon';
  if (can('wasm') && !(isLarge && can('BlockLSTMV2'))) return 'wasm';
  return can('BlockLSTMV2') ? 'BlockLSTMV2' : 'loop';
}

function whyNot(
  kernel: Exclude<KernelName, 'loop'>,
  backend: BackendName,
  { gates, values }: Activations,
): string | null {
  const known = kernel === 'BlockLSTMV2' ? ['sigmoid'] : ['sigmoid', 'hardSigmoid'];
  if (!known.includes(gates)) return `it has ${known.join(' and ')} gates only, not ${gates}`;
  if (values !== 'tanh') return `it has tanh as activation only, not ${values}`;
  if (kernel === 'addon')
    return addonKernel() ? null : 'it is not built here; `gatebook setup` builds it and says what it lacks';
  if (kernel === 'wasm') return wasmKernel() ? null : 'this JavaScript engine has no WebAssembly with SIMD';
  return backend === 'tensorflow' ? null : `the backend is ${backend}, not native TensorFlow`;
}
