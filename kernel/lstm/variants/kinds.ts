// The LSTM and its single changes, as Greff et al. 2015 ("LSTM: A Search Space Odyssey", section 3) name them,
// and the forget-gate LSTM of Gers et al. 2000 as everybody uses it now.

/** What a variant has and has not, compared with the LSTM that Keras and `lstm` compute. */
export interface Kind {
  /** In a few words. */
  readonly about: string;
  /** Gates see the cell state: i and f the old one, o the new. */
  readonly peepholes: boolean;
  /** i, f and o of the step before are seen by i, f and o: nine more matrices. */
  readonly gateRecurrence: boolean;
  /** A gate that is not there is 1 throughout. */
  readonly inputGate: boolean;
  readonly forgetGate: boolean;
  readonly outputGate: boolean;
  /** f = 1 - i. */
  readonly coupled: boolean;
  /** g = tanh(z), else z itself. */
  readonly inputActivation: boolean;
  /** h = o tanh(c), else o c. */
  readonly outputActivation: boolean;
}

const VANILLA: Kind = {
  about: 'vanilla: all gates, with peepholes',
  peepholes: true,
  gateRecurrence: false,
  inputGate: true,
  forgetGate: true,
  outputGate: true,
  coupled: false,
  inputActivation: true,
  outputActivation: true,
};

/** By Greff's names: V and its eight single changes. NP is the LSTM of Gers et al. 2000, Keras and `lstm`. */
export const KINDS = {
  V: VANILLA,
  NIG: { ...VANILLA, about: 'no input gate: i = 1', inputGate: false },
  NFG: { ...VANILLA, about: 'no forget gate: f = 1', forgetGate: false },
  NOG: { ...VANILLA, about: 'no output gate: o = 1', outputGate: false },
  NIAF: { ...VANILLA, about: 'no input activation: g is not squashed', inputActivation: false },
  NOAF: { ...VANILLA, about: 'no output activation: h = o c', outputActivation: false },
  CIFG: { ...VANILLA, about: 'coupled input and forget gate: f = 1 - i', coupled: true },
  NP: { ...VANILLA, about: 'no peepholes: the usual LSTM', peepholes: false },
  FGR: {
    ...VANILLA,
    about: 'full gate recurrence: gates see the gates of the step before',
    gateRecurrence: true,
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** A name of one of Greff's networks. */
export type KindName = keyof typeof KINDS;
