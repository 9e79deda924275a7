// The bar of `model.fit` and `model.fitDataset`: epoch, batches, rate, time left, losses and metrics. tfjs has a
// place for what is shown unless `verbose: 0` asks for silence (registerCallbackConstructor); tfjs-node's own
// lines, which are made for a terminal, fall silent.
import { createRequire } from 'node:module';
import { loadTensorFlow, onBackendStatus } from '../tensorflow/load.ts';
import type { Bar, Bars } from './progress-bars.ts';

/** What tfjs-layers tells a callback at the start (base_callbacks.ts, configureCallbacks). */
interface FitParams {
  readonly epochs?: number;
  readonly initialEpoch?: number;
  /** Examples, where their number is known; else steps in an epoch, for a dataset with batchesPerEpoch. */
  readonly samples?: number | null;
  readonly steps?: number | null;
  readonly batchSize?: number | null;
}

/** Numbers, or scalars that tfjs disposes of later. */
type Logs = Readonly<Record<string, number | { dataSync(): ArrayLike<number> }>>;

/** Registers with tfjs as soon as it is loaded. */
export function showFits(bars: Bars): void {
  let registered = false;
  onBackendStatus(({ state }) => {
    if (state !== 'ready' || registered) return;
    registered = true;
    void loadTensorFlow().then(tf => {
      silenceTfjsNode();
      tf.registerCallbackConstructor(1, fitCallback(bars) as never);
    });
  });
}

/** A class, as tfjs wants it: one object a training. */
export function fitCallback(bars: Bars): new () => object {
  return class {
    #params: FitParams = {};
    #bar: Bar | undefined;
    /** Batches of an epoch, once known, and of all epochs before this one. */
    #batches: number | null = null;
    #before = 0;
    #metrics: Record<string, number> = {};

    setParams(params: FitParams): void {
      this.#params = params;
    }

    setModel(): void {}

    async onTrainBegin(): Promise<void> {
      const { samples, steps, batchSize } = this.#params;
      this.#batches = samples && batchSize ? Math.ceil(samples / batchSize) : (steps ?? null);
      this.#bar = bars.make(this.#total());
    }

    async onEpochBegin(epoch: number): Promise<void> {
      if (this.#bar) this.#bar.label = `epoch ${epoch + 1}/${this.#params.epochs ?? 1}`;
    }

    async onBatchBegin(): Promise<void> {}

    async onBatchEnd(batch: number, logs: Logs = {}): Promise<void> {
      if (!this.#bar) return;
      const note = this.#bar.isDue ? this.#note(logs) : undefined;
      this.#bar.to(this.#before + batch + 1, note);
    }

    async onEpochEnd(_epoch: number, logs: Logs = {}): Promise<void> {
      if (!this.#bar) return;
      this.#batches ??= this.#bar.done - this.#before;
      this.#before += this.#batches;
      this.#bar.total = this.#total();
      this.#bar.to(this.#before, this.#note(logs));
    }

    async onTrainEnd(): Promise<void> {
      this.#bar?.end();
    }

    #total(): number | null {
      const { epochs = 1, initialEpoch = 0 } = this.#params;
      return this.#batches === null ? null : this.#batches * Math.max(0, epochs - initialEpoch);
    }

    /** What is new over what was known: a batch has no values of the validation. */
    #note(logs: Logs): string {
      for (const [name, value] of Object.entries(logs)) {
        if (name === 'batch' || name === 'size') continue;
        this.#metrics[name] = typeof value === 'number' ? value : Number(value.dataSync()[0]);
      }
      return metricsText(this.#metrics);
    }
  };
}

/** `loss 0.0312  acc 0.941` */
export function metricsText(metrics: Readonly<Record<string, number>>): string {
  const isOfValidation = ([name]: [string, number]) => Number(name.startsWith('val_'));
  return Object.entries(metrics)
    .sort((a, b) => isOfValidation(a) - isOfValidation(b))
    .map(([name, value]) => `${name} ${Number.isFinite(value) ? Number(value.toPrecision(3)) : value}`)
    .join('  ');
}

interface ProgbarModule {
  readonly progressBarHelper?: { log: unknown; ProgressBar: unknown };
}

/** Its bar asks for the width of stderr, which is no terminal here, and logs two lines an epoch. */
function silenceTfjsNode(): void {
  const { cache } = createRequire(import.meta.url);
  for (const [file, module] of Object.entries(cache)) {
    if (!/tfjs-node(-gpu)?[\\/]dist[\\/]callbacks\.js$/.test(file)) continue;
    const helper = (module?.exports as ProgbarModule | undefined)?.progressBarHelper;
    if (!helper) continue;
    helper.log = () => {};
    helper.ProgressBar = class {
      tick(): void {}
    };
  }
}
