// Keeps TensorFlow sound around errors and interrupts: a gradient that throws leaves what its tape kept, a
// terminated operation also its scopes open and its model "training". Says how the backend fares. Loads
// nothing by itself.
import type { BackendStatus } from '../protocol.ts';
import { loadTensorFlow, onBackendStatus } from '../tensorflow/load.ts';
import type { Shield } from './shield.ts';
import { TensorGarbage } from './tensor-garbage.ts';
import type { Trainings } from './trainings.ts';

/** The part of tfjs-core's engine used here; one engine a process, kept under a global of its own. */
interface Engine {
  endScope(): void;
  readonly state: {
    readonly scopeStack: readonly unknown[];
    kernelDepth: number;
    gradientDepth: number;
    activeTape: readonly { readonly saved?: readonly { dispose(): void }[] | null }[] | null;
  };
}

interface TrainableModel {
  stopTraining: boolean;
  isTraining: boolean;
}

type Fit = (this: TrainableModel, ...args: unknown[]) => Promise<unknown>;

export interface TensorFlowStateOptions {
  readonly report: (status: BackendStatus) => void;
  /** Writes a line under the cell of a request (its header as JSON). */
  readonly tell: (text: string, parent: string) => void;
  readonly shield: Shield;
  readonly trainings: Trainings;
}

export class TensorFlowState {
  readonly #trainings: Trainings;
  readonly #tell: (text: string, parent: string) => void;
  #garbage: TensorGarbage | undefined;
  #watched = false;
  #scopes = 0;

  constructor({ report, tell, shield, trainings }: TensorFlowStateOptions) {
    this.#trainings = trainings;
    this.#tell = tell;
    let endLoading = () => {};
    onBackendStatus(status => {
      endLoading();
      if (status.state === 'loading') endLoading = shield.raise();
      report(status);
      if (status.state === 'ready' && !this.#watched) void this.#watchTraining();
    });
  }

  /** Notes how many scopes are open: that many must be open again after an interrupt. */
  cellStarts(): void {
    this.#scopes = engine()?.state.scopeStack.length ?? 0;
  }

  /**
   * After every cell, whether its errors were caught or not: no gradient is under way now, so a tape that is
   * still there belongs to one that threw, and tfjs 4.22 would keep its tensors for ever (engine.ts, gradients).
   */
  cellEnds(): void {
    const state = engine()?.state;
    if (state?.activeTape && state.gradientDepth === 0) dropTape(state);
    this.#garbage?.cellEnded();
  }

  /** After a kill: closes what the terminated code left open. */
  repair(): void {
    const current = engine();
    if (!current) return;
    const { state } = current;
    while (state.scopeStack.length > this.#scopes) current.endScope();
    state.kernelDepth = 0;
    state.gradientDepth = 0;
    dropTape(state);
  }

  async #watchTraining(): Promise<void> {
    this.#watched = true;
    const current = engine();
    if (current) this.#garbage = new TensorGarbage(current, this.#tell);
    const { LayersModel } = (await loadTensorFlow()) as unknown as {
      LayersModel: { prototype: Record<'fit' | 'fitDataset', Fit> };
    };
    for (const name of ['fit', 'fitDataset'] as const) {
      LayersModel.prototype[name] = this.#watching(LayersModel.prototype[name]);
    }
  }

  /** An interrupt asks the model to stop after its batch. */
  #watching(fit: Fit): Fit {
    const trainings = this.#trainings;
    return function (...args) {
      return trainings.during(() => fit.apply(this, args), {
        stop: () => {
          this.stopTraining = true;
        },
        abandon: () => {
          this.isTraining = false; // else fit could not be called again
        },
      });
    };
  }
}

function dropTape(state: Engine['state']): void {
  for (const node of state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose();
  state.activeTape = null;
}

function engine(): Engine | undefined {
  return (globalThis as unknown as { _tfengine?: Engine })._tfengine;
}
