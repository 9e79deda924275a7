// The kernels that work on typed arrays, by name: the plain loop and the two compiled from lstm.cc.
import type { KernelName } from './choose.ts';
import { addonKernel } from './compiled/addon.ts';
import type { CompiledKernel } from './compiled/compiled.ts';
import { wasmKernel } from './compiled/wasm.ts';
import { emptyGates, forward, type Run } from './loop.ts';
import { backward, type Gradients, type OutputGradients } from './loop-gradient.ts';
import { backwardWithoutPadding, forwardWithoutPadding, hasPadding } from './padding.ts';
import type { Gates } from './sizes.ts';

export type ArrayKernelName = Exclude<KernelName, 'BlockLSTMV2'>;

/** Fills `gates` (fresh ones unless given) and returns them. `forced` runs on the loop alone. */
export function forwardOn(name: ArrayKernelName, run: Run, gates: Gates = emptyGates(run.sizes)): Gates {
  const compiled = compiledKernel(name);
  if (!compiled || run.forced) return forward(run, gates);
  if (hasPadding(run)) forwardWithoutPadding(compiled, run, gates);
  else compiled.forward(run, gates);
  return gates;
}

/** A loss on a gate itself is for the loop, whichever kernel gave the gates. */
export function backwardOn(name: ArrayKernelName, run: Run, gates: Gates, given: OutputGradients): Gradients {
  const compiled = compiledKernel(name);
  const isOnGate = Boolean(given.i ?? given.f ?? given.g ?? given.o ?? given.a);
  if (!compiled || isOnGate) return backward(run, gates, given);
  return hasPadding(run)
    ? backwardWithoutPadding(compiled, run, gates, given)
    : compiled.backward(run, gates, given);
}

/** Null for the loop, and where there is no such kernel. */
export function compiledKernel(name: ArrayKernelName): CompiledKernel | null {
  if (name === 'loop') return null;
  return name === 'addon' ? addonKernel() : wasmKernel();
}
