// What a net of 1997 is made of, and the refusal of what cannot be one.
import { suggestion } from '../../near-names.ts';
import { type Every, rejectUnknown } from '../known-names.ts';

/** Which units have a bias. */
export type Biased = 'cells' | 'gates' | 'outputs';

/** Sizes and parts of a net of 1997. */
export interface HochreiterOptions {
  readonly inputs: number;
  readonly blocks: number;
  /** Memory cells of each block. 1 unless given. */
  readonly cells?: number;
  readonly outputs: number;
  /** What cells and gates see of the step before: cells and gates, cells alone, or nothing. 'all' unless given. */
  readonly recurrence?: 'all' | 'cells' | 'none';
  readonly outputGate?: boolean;
  /** Gers et al. 2000; without it f is 1, as in 1997. */
  readonly forgetGate?: boolean;
  /** Inputs also go to the outputs. */
  readonly shortcuts?: boolean;
  readonly biases?: readonly Biased[];
  /** First biases of gates, block by block, where they are not drawn: with 'gates' among `biases`. */
  readonly gateBias?: Partial<Readonly<Record<GateKind, readonly number[]>>>;
  /** Weights begin between minus this and this. 0.1 unless given. */
  readonly range?: number;
  readonly seed?: number;
  /** What the outputs are: logistic units, or their sums themselves. */
  readonly outputUnits?: 'logistic' | 'linear';
  /** What squashes the input of a cell: 4σ − 2, in −2..2 (unless given), or σ, in 0..1 (experiments 2a and 2b). */
  readonly g?: 'centred' | 'logistic';
  /** What squashes the state of a cell: 2σ − 1, in −1..1 (unless given), or nothing (experiments 2a and 2b). */
  readonly h?: 'centred' | 'identity';
}

const OPTIONS: Every<HochreiterOptions> = {
  ...{ inputs: true, blocks: true, cells: true, outputs: true, recurrence: true, outputGate: true },
  ...{ forgetGate: true, shortcuts: true, biases: true, gateBias: true, range: true, seed: true },
  ...{ outputUnits: true, g: true, h: true },
};

const NAMES = {
  recurrence: ['all', 'cells', 'none'],
  outputUnits: ['logistic', 'linear'],
  g: ['centred', 'logistic'],
  h: ['centred', 'identity'],
} as const;

const GATE_KINDS = ['input', 'output', 'forget'] as const;
export type GateKind = (typeof GATE_KINDS)[number];

/** Those that a net has, in the order of its hidden units. */
export function gateKindsOf({ outputGate, forgetGate }: Required<HochreiterOptions>): readonly GateKind[] {
  return GATE_KINDS.filter(kind => (kind === 'output' ? outputGate : kind === 'input' || forgetGate));
}

/** @throws RangeError, see `hochreiter1997` */
export function completed(given: HochreiterOptions): Required<HochreiterOptions> {
  rejectUnknown('make a net of 1997', given, OPTIONS);
  const options: Required<HochreiterOptions> = {
    ...{ cells: 1, recurrence: 'all', outputGate: true, forgetGate: false, shortcuts: false },
    ...{ biases: [], gateBias: {}, range: 0.1, seed: 0, outputUnits: 'logistic', g: 'centred', h: 'centred' },
    ...given,
  };
  for (const name of ['inputs', 'blocks', 'cells', 'outputs'] as const)
    if (!Number.isInteger(options[name]) || options[name] < 1)
      throw refused(`${name} is ${options[name]}, expected a whole number of at least 1`);
  for (const name of ['recurrence', 'outputUnits', 'g', 'h'] as const)
    checkNames(name, [options[name]], NAMES[name]);
  checkNames('biases', options.biases, ['cells', 'gates', 'outputs']);
  checkGateBias(options);
  return options;
}

function refused(why: string): RangeError {
  return new RangeError(`Cannot make a net of 1997: ${why}.`);
}

function checkNames(option: string, names: readonly string[], known: readonly string[]): void {
  const unknown = [...names].find(name => !known.includes(name));
  if (unknown !== undefined)
    throw refused(
      `${option} has '${unknown}'${suggestion(String(unknown), known)}, known are ${known.join(', ')}`,
    );
}

/** A bias that no gate would get looks like one that has no effect. */
function checkGateBias(options: Required<HochreiterOptions>): void {
  const { gateBias, biases, blocks } = options;
  const kinds = Object.keys(gateBias);
  checkNames('gateBias', kinds, GATE_KINDS);
  if (kinds.length > 0 && !biases.includes('gates'))
    throw refused(`gateBias sets ${kinds.join(', ')}, but gates have no biases: put 'gates' into biases`);
  for (const [kind, { length }] of Object.entries(gateBias)) {
    if (!gateKindsOf(options).some(own => own === kind))
      throw refused(`gateBias sets ${kind}, but it has no ${kind} gates: set ${kind}Gate to true`);
    if (length > blocks) throw refused(`gateBias.${kind} has ${length} values for ${blocks} blocks`);
  }
}
