// The LSTM of 1997: memory cells in blocks that share their gates, gates that see all gates, no forget gate, and
// learning on-line with the truncated gradient, whose partial derivatives go forward in time with the cell. Also
// the net of Gers et al. 2000, which added forget gates to it. Both unlike the LSTM of today: see `lstm`.
// Source: Hochreiter and Schmidhuber 1997, "Long Short-Term Memory", appendix A.1 and A.2.
import { suggestion } from '../../near-names.ts';
import { type Every, rejectUnknown } from '../known-names.ts';
import { seededRandom } from '../random.ts';

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
  readonly gateBias?: Partial<Readonly<Record<'input' | 'output' | 'forget', readonly number[]>>>;
  /** Weights begin between minus this and this. 0.1 unless given. */
  readonly range?: number;
  readonly seed?: number;
  /** What the outputs are: logistic units, or their sums themselves. */
  readonly outputUnits?: 'logistic' | 'linear';
}

const OPTIONS: Every<HochreiterOptions> = {
  ...{ inputs: true, blocks: true, cells: true, outputs: true, recurrence: true, outputGate: true },
  ...{ forgetGate: true, shortcuts: true, biases: true, gateBias: true, range: true, seed: true },
  outputUnits: true,
};

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** A net that reads one input after another and may learn at each. */
export class Hochreiter1997 {
  readonly options: Required<HochreiterOptions>;
  /** Values that a hidden unit sees: inputs, units of the step before, and 1 where it has a bias. */
  readonly #seen: number;
  readonly #size: number;
  /** One row a hidden unit: cells, input gates, output gates, forget gates, in this order. */
  readonly #hidden: Float64Array;
  /** One row an output: cells, inputs (shortcuts), bias. */
  readonly #readout: Float64Array;
  /** What hidden units see now. */
  readonly #source: Float64Array;
  /** Cell states. */
  readonly states: Float64Array;
  /** What the cells show: o h(s). */
  readonly shown: Float64Array;
  readonly #gates: Float64Array;
  readonly outputs: Float64Array;
  /** d s / d w of each cell by the weights of the cell itself, its input gate and its forget gate. */
  readonly #slopes: {
    readonly cell: Float64Array;
    readonly input: Float64Array;
    readonly forget: Float64Array;
  };
  readonly #squashed: Float64Array;
  readonly #gateKinds: readonly (typeof GATE_KINDS)[number][];
  readonly #readoutSource: Float64Array;

  constructor(options: HochreiterOptions) {
    this.options = completed(options);
    const { inputs, blocks, cells, outputs } = this.options;
    const count = blocks * cells;
    this.#gateKinds = gateKindsOf(this.options);
    this.#size = count + this.#gateKinds.length * blocks;
    this.#seen = inputs + this.#recurrent + 1;
    this.#hidden = new Float64Array(this.#size * this.#seen);
    this.#readout = new Float64Array(outputs * this.#readoutWidth);
    this.#source = new Float64Array(this.#seen);
    [this.states, this.shown] = [new Float64Array(count), new Float64Array(count)];
    [this.#squashed, this.#gates] = [new Float64Array(count), new Float64Array(3 * blocks)];
    this.outputs = new Float64Array(outputs);
    this.#readoutSource = new Float64Array(this.#readoutWidth);
    const slopes = () => new Float64Array(count * this.#seen);
    this.#slopes = { cell: slopes(), input: slopes(), forget: slopes() };
    this.#initialize();
  }

  /** Number of weights, biases among them. */
  get weightCount(): number {
    const { biases, outputs, blocks, cells } = this.options;
    const count = blocks * cells;
    const hidden = this.#size * (this.#seen - 1);
    const hiddenBiases =
      (biases.includes('cells') ? count : 0) + (biases.includes('gates') ? this.#size - count : 0);
    const readout = outputs * (this.#readoutWidth - 1);
    return hidden + hiddenBiases + readout + (biases.includes('outputs') ? outputs : 0);
  }

  /** Forgets what was read; the weights stay. */
  reset(): void {
    const { cell, input, forget } = this.#slopes;
    for (const values of [this.states, this.shown, this.#gates, cell, input, forget]) values.fill(0);
  }

  /** Reads one input, gives the outputs. They are this net's own array: valid until the next step. */
  step(x: ArrayLike<number>): Float64Array {
    const { blocks, cells } = this.options;
    this.#look(x);
    const sums = this.#sums();
    const gate = (kind: (typeof GATE_KINDS)[number], block: number) => {
      const at = this.#gateKinds.indexOf(kind);
      return at < 0 ? 1 : sigmoid(sums[blocks * cells + at * blocks + block]!);
    };
    for (let block = 0; block < blocks; block++) {
      const values = GATE_KINDS.map(kind => gate(kind, block)) as [number, number, number];
      for (let cell = block * cells; cell < (block + 1) * cells; cell++)
        this.#stepCell(cell, sums[cell]!, values);
      for (const [at, value] of values.entries()) this.#gates[at * blocks + block] = value;
    }
    this.#readOut();
    return this.outputs;
  }

  /** One step down the truncated gradient of half the squared error of the outputs as they are now. */
  learn(target: ArrayLike<number>, rate: number): void {
    const { blocks, cells, outputs } = this.options;
    const count = blocks * cells;
    const deltas = Float64Array.from({ length: outputs }, (_, k) => this.#delta(k, target[k]!));
    const onShown = Float64Array.from({ length: count }, (_, cell) => {
      let sum = 0;
      for (let k = 0; k < outputs; k++) sum += this.#readout[k * this.#readoutWidth + cell]! * deltas[k]!;
      return sum;
    });
    for (let block = 0; block < blocks; block++) this.#learnBlock(block, onShown, rate);
    const read = this.#readoutSource;
    for (let k = 0; k < outputs; k++)
      for (let at = 0; at < read.length; at++)
        this.#readout[k * this.#readoutWidth + at]! += rate * deltas[k]! * read[at]!;
  }

  /** Weights by unit, as `learn` changes them; for tests and for keeping a net. */
  get weights(): { readonly hidden: Float64Array; readonly readout: Float64Array } {
    return { hidden: this.#hidden, readout: this.#readout };
  }

  get #recurrent(): number {
    const { recurrence, blocks, cells } = this.options;
    if (recurrence === 'none') return 0;
    return recurrence === 'cells' ? blocks * cells : this.#size;
  }

  get #readoutWidth(): number {
    const { blocks, cells, shortcuts, inputs } = this.options;
    return blocks * cells + (shortcuts ? inputs : 0) + 1;
  }

  #initialize(): void {
    const { seed, range, gateBias, blocks, cells } = this.options;
    const random = seededRandom(seed);
    const draw = () => (2 * random() - 1) * range;
    for (let at = 0; at < this.#hidden.length; at++) this.#hidden[at] = draw();
    for (let at = 0; at < this.#readout.length; at++) this.#readout[at] = draw();
    for (const [which, kind] of this.#gateKinds.entries())
      for (const [block, bias] of (gateBias[kind] ?? []).entries())
        this.#hidden[(blocks * cells + which * blocks + block + 1) * this.#seen - 1] = bias;
  }

  #hasBias(unit: number): boolean {
    const { biases, blocks, cells } = this.options;
    return biases.includes(unit < blocks * cells ? 'cells' : 'gates');
  }

  /** Puts into the source what hidden units see: before the cells change. */
  #look(x: ArrayLike<number>): void {
    const { inputs, recurrence } = this.options;
    if (x.length !== inputs)
      throw new RangeError(`Cannot read an input of ${x.length} values: the net has ${inputs} inputs.`);
    for (let at = 0; at < inputs; at++) this.#source[at] = x[at]!;
    if (recurrence !== 'none') this.#source.set(this.shown, inputs);
    if (recurrence === 'all') {
      const { blocks } = this.options;
      for (const [which, kind] of this.#gateKinds.entries()) {
        const from = GATE_KINDS.indexOf(kind) * blocks;
        this.#source.set(
          this.#gates.subarray(from, from + blocks),
          inputs + this.shown.length + which * blocks,
        );
      }
    }
  }

  #sums(): Float64Array {
    const sums = new Float64Array(this.#size);
    for (let unit = 0; unit < this.#size; unit++) {
      this.#source[this.#seen - 1] = this.#hasBias(unit) ? 1 : 0;
      let sum = 0;
      for (let at = 0; at < this.#seen; at++)
        sum += this.#hidden[unit * this.#seen + at]! * this.#source[at]!;
      sums[unit] = sum;
    }
    return sums;
  }

  /** g is 4 sigmoid - 2, h is 2 sigmoid - 1, as in 1997. */
  #stepCell(cell: number, sum: number, [i, o, f]: readonly [number, number, number]): void {
    const half = sigmoid(sum);
    const g = 4 * half - 2;
    const before = this.states[cell]!;
    const { cell: ofCell, input: ofInput, forget: ofForget } = this.#slopes;
    const perCell = i * 4 * half * (1 - half);
    const perInput = g * i * (1 - i);
    const perForget = before * f * (1 - f);
    for (let at = 0, to = cell * this.#seen; at < this.#seen; at++, to++) {
      const seen = at === this.#seen - 1 ? 1 : this.#source[at]!;
      ofCell[to] = f * ofCell[to]! + perCell * seen;
      ofInput[to] = f * ofInput[to]! + perInput * seen;
      ofForget[to] = f * ofForget[to]! + perForget * seen;
    }
    this.states[cell] = f * before + i * g;
    this.#squashed[cell] = 2 * sigmoid(this.states[cell]!) - 1;
    this.shown[cell] = o * this.#squashed[cell]!;
  }

  #readOut(): void {
    const { shortcuts, biases, inputs } = this.options;
    const source = this.#readoutSource;
    source.set(this.shown);
    if (shortcuts) source.set(this.#source.subarray(0, inputs), this.shown.length);
    source[source.length - 1] = biases.includes('outputs') ? 1 : 0;
    for (let k = 0; k < this.outputs.length; k++) {
      let sum = 0;
      for (let at = 0; at < source.length; at++) sum += this.#readout[k * source.length + at]! * source[at]!;
      this.outputs[k] = this.options.outputUnits === 'logistic' ? sigmoid(sum) : sum;
    }
  }

  #delta(k: number, target: number): number {
    const y = this.outputs[k]!;
    return (target - y) * (this.options.outputUnits === 'logistic' ? y * (1 - y) : 1);
  }

  #learnBlock(block: number, onShown: Float64Array, rate: number): void {
    const { blocks, cells } = this.options;
    const count = blocks * cells;
    const seen = this.#seen;
    const row = (kind: (typeof GATE_KINDS)[number]) =>
      (count + this.#gateKinds.indexOf(kind) * blocks + block) * seen;
    const o = this.#gates[blocks + block]!;
    let onOutputGate = 0;
    for (let cell = block * cells; cell < (block + 1) * cells; cell++) {
      const squashed = this.#squashed[cell]!;
      onOutputGate += onShown[cell]! * squashed;
      const onState = onShown[cell]! * o * 0.5 * (1 - squashed * squashed); // h' = 2 s (1 - s)
      const add = (to: number, slopes: Float64Array, hasBias: boolean) => {
        const length = hasBias ? seen : seen - 1;
        for (let at = 0; at < length; at++)
          this.#hidden[to + at]! += rate * onState * slopes[cell * seen + at]!;
      };
      add(cell * seen, this.#slopes.cell, this.#hasBias(cell));
      add(row('input'), this.#slopes.input, this.#hasBias(count));
      if (this.options.forgetGate) add(row('forget'), this.#slopes.forget, this.#hasBias(count));
    }
    if (!this.options.outputGate) return;
    const slope = rate * onOutputGate * o * (1 - o);
    for (let at = 0; at < seen - 1; at++) this.#hidden[row('output') + at]! += slope * this.#source[at]!;
    if (this.#hasBias(count)) this.#hidden[row('output') + seen - 1]! += slope;
  }
}

const GATE_KINDS = ['input', 'output', 'forget'] as const;

/** Those that a net has, in the order of its hidden units. */
function gateKindsOf({ outputGate, forgetGate }: Required<HochreiterOptions>) {
  return GATE_KINDS.filter(kind => (kind === 'output' ? outputGate : kind === 'input' || forgetGate));
}

function completed(given: HochreiterOptions): Required<HochreiterOptions> {
  const options: Required<HochreiterOptions> = {
    ...{ cells: 1, recurrence: 'all', outputGate: true, forgetGate: false, shortcuts: false },
    ...{ biases: [], gateBias: {}, range: 0.1, seed: 0, outputUnits: 'logistic' },
    ...given,
  };
  for (const name of ['inputs', 'blocks', 'cells', 'outputs'] as const)
    if (!Number.isInteger(options[name]) || options[name] < 1)
      throw refused(`${name} is ${options[name]}, expected a whole number of at least 1`);
  checkNames('recurrence', [options.recurrence], ['all', 'cells', 'none']);
  checkNames('outputUnits', [options.outputUnits], ['logistic', 'linear']);
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

/**
 * The net of Hochreiter and Schmidhuber 1997 (with `forgetGate`, of Gers et al. 2000).
 * @throws RangeError for an unknown option or name, sizes that are no whole numbers of at least 1, and first biases
 *   of gates that it has not or that have none.
 * @example
 * ```ts
 * import { gates, hochreiter1997 } from 'gatebook';
 * const net = hochreiter1997({ inputs: 7, blocks: 4, outputs: 7, biases: ['gates'], seed: 1 });
 * net.weightCount; // 264
 * net.step([1, 0, 0, 0, 0, 0, 0]);
 * net.learn([0, 1, 0, 0, 0, 0, 0], 0.1);
 * net.reset();
 * ```
 */
export function hochreiter1997(options: HochreiterOptions): Hochreiter1997 {
  rejectUnknown('make a net of 1997', options, OPTIONS);
  return new Hochreiter1997(options);
}
