// Activations of the plain loop, by their Keras names, over stretches of an array (one pass each, so that
// the loop has no call per element). Their slopes are given from the value they produced.

/** Activations that the loop knows; every other one is left to tf.layers' own step-by-step LSTM. */
export type ActivationName = 'sigmoid' | 'hardSigmoid' | 'tanh' | 'linear' | 'relu';

export interface Activation {
  /** Replaces values[from..to) by their activation. */
  readonly apply: (values: Float64Array, from: number, to: number) => void;
  /** Derivative where the activation gave `y`. */
  readonly slope: (y: number) => number;
}

const ACTIVATIONS: Readonly<Record<ActivationName, Activation>> = {
  sigmoid: {
    apply: (values, from, to) => {
      for (let at = from; at < to; at++) values[at] = 1 / (1 + Math.exp(-values[at]!));
    },
    slope: y => y * (1 - y),
  },
  // 0.2 x + 0.5, cut at 0 and 1: tfjs-layers' and Keras 2's definition
  hardSigmoid: {
    apply: (values, from, to) => {
      for (let at = from; at < to; at++) values[at] = Math.min(1, Math.max(0, 0.2 * values[at]! + 0.5));
    },
    slope: y => (y > 0 && y < 1 ? 0.2 : 0),
  },
  tanh: {
    apply: (values, from, to) => {
      for (let at = from; at < to; at++) values[at] = Math.tanh(values[at]!);
    },
    slope: y => 1 - y * y,
  },
  linear: { apply: () => {}, slope: () => 1 },
  relu: {
    apply: (values, from, to) => {
      for (let at = from; at < to; at++) values[at] = Math.max(0, values[at]!);
    },
    slope: y => (y > 0 ? 1 : 0),
  },
};

export function activation(name: ActivationName): Activation {
  return ACTIVATIONS[name];
}

/** The loop's activation for a Keras name (`hard_sigmoid` too), or null where it has none. */
export function activationName(name: string): ActivationName | null {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return camel in ACTIVATIONS ? (camel as ActivationName) : null;
}
