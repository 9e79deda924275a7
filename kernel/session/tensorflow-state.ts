// Keeps TensorFlow sound around interrupts: a terminated operation leaves scopes open, its tape on and its
// model "training". Says how the backend fares. Loads nothing by itself.
import type { BackendStatus } from '../protocol.ts';
import { loadTensorFlow, onBackendStatus } from '../tensorflow/load.ts';
import type { Shield } from './shield.ts';

/** The part of tfjs-core's engine used here; one engine a process, kept under a global of its own. */
interface Engine {
  endScope(): void;
  readonly state: {
    readonly scopeStack: readonly unknown[];
    kernelDepth: number;
    gradientDepth: number;
    activeTape: unknown;
  };
}

interface TrainableModel {
  stopTraining: boolean;
  isTraining: boolean;
}

type Fit = (this: TrainableModel, ...args: unknown[]) => Promise<unknown>;

export class TensorFlowState {
  readonly #training = new Set<TrainableModel>();
  #watched = false;
  #scopes = 0;

  constructor(report: (status: BackendStatus) => void, shield: Shield) {
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

  /** Asks models that train to stop after their batch: nothing awaits them any more. */
  stopTraining(): void {
    for (const model of this.#training) model.stopTraining = true;
  }

  /** After a kill: closes what the terminated code left open. */
  repair(): void {
    for (const model of this.#training) model.isTraining = false;
    this.#training.clear();
    const current = engine();
    if (!current) return;
    const { state } = current;
    while (state.scopeStack.length > this.#scopes) current.endScope();
    state.kernelDepth = 0;
    state.gradientDepth = 0;
    state.activeTape = null;
  }

  async #watchTraining(): Promise<void> {
    this.#watched = true;
    const { LayersModel } = (await loadTensorFlow()) as unknown as {
      LayersModel: { prototype: Record<'fit' | 'fitDataset', Fit> };
    };
    for (const name of ['fit', 'fitDataset'] as const) {
      LayersModel.prototype[name] = this.#watching(LayersModel.prototype[name]);
    }
  }

  #watching(fit: Fit): Fit {
    const training = this.#training;
    return async function (...args) {
      training.add(this);
      try {
        return await fit.apply(this, args);
      } finally {
        training.delete(this);
      }
    };
  }
}

function engine(): Engine | undefined {
  return (globalThis as unknown as { _tfengine?: Engine })._tfengine;
}
