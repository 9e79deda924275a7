// The LSTM of 1997: memory cells in blocks that share their gates, gates that see all gates, no forget gate, and
// learning on-line with the truncated gradient, whose partial derivatives go forward in time with the cell. Also
// the net of Gers et al. 2000, which added forget gates to it. Both unlike the LSTM of today: see `lstm`.
// Source: Hochreiter and Schmidhuber 1997, "Long Short-Term Memory", appendix A.1 and A.2.
// Written for nets of a hundred weights that read a hundred million steps: flat arrays, nothing made in a step, and
// sums over what is not 0 alone (of a one-hot input, one value), which leaves every sum as it was.
import { seededRandom } from '../random.ts';
import { completed, type GateKind, gateKindsOf, type HochreiterOptions } from './hochreiter-options.ts';

export type { Biased, HochreiterOptions } from './hochreiter-options.ts';

interface Weights {
  readonly hidden: Float64Array;
  readonly readout: Float64Array;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** A net that reads one input after another and may learn at each. */
export class Hochreiter1997 {
  readonly options: Required<HochreiterOptions>;
  /** Cell states. */
  readonly states: Float64Array;
  /** What the cells show: o h(s). */
  readonly shown: Float64Array;
  readonly outputs: Float64Array;
  /** Memory cells of all blocks. */
  readonly #count: number;
  /** Hidden units: cells, then input, output and forget gates, block by block. */
  readonly #size: number;
  /** Values that a hidden unit sees: inputs, units of the step before, and 1 for its bias. */
  readonly #seen: number;
  readonly #recurrent: number;
  /** How many values of its row each hidden unit learns: all, or all but the bias. */
  readonly #learnt: Int32Array;
  /** g' is this times σ'. */
  readonly #gScale: 4 | 1;
  /**
   * Weights as `learn` changes them, for tests and for keeping a net. `hidden`: one row a hidden unit (cells, then
   * input, output and forget gates): inputs, units of the step before, bias. `readout`: one row an output: cells,
   * inputs (shortcuts), bias. A bias that a unit has not is 0.
   */
  readonly weights: Weights;
  readonly #gathered: Weights;
  readonly #hidden: Float64Array;
  readonly #readout: Float64Array;
  /** What cells show and gates are, of the step read last. */
  readonly #units: Float64Array;
  readonly #squashed: Float64Array;
  readonly #sums: Float64Array;
  /** Where the gates of a kind begin among the units; -1 where there are none. */
  readonly #first: Readonly<Record<GateKind, number>>;
  /** What hidden units see now, and where it is not 0: the first `#active` of `#places`. */
  readonly #source: Float64Array;
  readonly #places: Int32Array;
  #active = 0;
  readonly #read: Float64Array;
  readonly #readPlaces: Int32Array;
  #readActive = 0;
  /** d s / d w of each cell by the weights of the cell itself, its input gate and its forget gate. */
  readonly #ofCell: Float64Array;
  readonly #ofInput: Float64Array;
  readonly #ofForget: Float64Array;
  readonly #deltas: Float64Array;

  constructor(options: HochreiterOptions) {
    this.options = completed(options);
    const { inputs, blocks, cells, outputs, shortcuts, recurrence, biases } = this.options;
    const kinds = gateKindsOf(this.options);
    const count = blocks * cells;
    const size = count + kinds.length * blocks;
    const first = (kind: GateKind) => (kinds.includes(kind) ? count + kinds.indexOf(kind) * blocks : -1);
    this.#first = { input: first('input'), output: first('output'), forget: first('forget') };
    [this.#count, this.#size] = [count, size];
    this.#gScale = this.options.g === 'centred' ? 4 : 1;
    this.#recurrent = { none: 0, cells: count, all: size }[recurrence];
    this.#seen = inputs + this.#recurrent + 1;
    const values = (length: number) => new Float64Array(length);
    this.#read = values(count + (shortcuts ? inputs : 0) + 1);
    const weights = () => ({
      hidden: values(size * this.#seen),
      readout: values(outputs * this.#read.length),
    });
    [this.weights, this.#gathered] = [weights(), weights()];
    ({ hidden: this.#hidden, readout: this.#readout } = this.weights);
    [this.#units, this.#sums, this.#source] = [values(size), values(size), values(this.#seen)];
    [this.states, this.shown] = [values(count), this.#units.subarray(0, count)];
    [this.#squashed, this.outputs, this.#deltas] = [values(count), values(outputs), values(outputs)];
    [this.#places, this.#readPlaces] = [new Int32Array(this.#seen), new Int32Array(this.#read.length)];
    [this.#ofCell, this.#ofInput] = [values(count * this.#seen), values(count * this.#seen)];
    this.#ofForget = values(this.options.forgetGate ? count * this.#seen : 0);
    this.#learnt = new Int32Array(size);
    this.#source[this.#seen - 1] = 1;
    this.#read[this.#read.length - 1] = biases.includes('outputs') ? 1 : 0;
    this.#initialize(kinds);
  }

  /** Number of weights, biases among them. */
  get weightCount(): number {
    const { biases, outputs } = this.options;
    const hiddenBiases =
      (biases.includes('cells') ? this.#count : 0) +
      (biases.includes('gates') ? this.#size - this.#count : 0);
    const readout = outputs * (this.#read.length - 1);
    return (
      this.#size * (this.#seen - 1) + hiddenBiases + readout + (biases.includes('outputs') ? outputs : 0)
    );
  }

  /** Forgets what was read; the weights stay. */
  reset(): void {
    for (const values of [this.states, this.#units, this.#ofCell, this.#ofInput, this.#ofForget])
      values.fill(0);
  }

  /**
   * Reads one input, gives the outputs. They are this net's own array: valid until the next step.
   * @throws RangeError for an input of another length
   */
  step(x: ArrayLike<number>): Float64Array {
    this.#advance(x);
    return this.#readOut();
  }

  /**
   * Reads a sequence, [steps][inputs], on from where it is; gives the outputs after its last step, as `step` does.
   * @throws RangeError for an input of another length
   */
  read(xs: readonly ArrayLike<number>[]): Float64Array {
    for (const x of xs) this.#advance(x);
    return this.#readOut();
  }

  /** One step down the truncated gradient of half the squared error of the outputs as they are now. */
  learn(target: ArrayLike<number>, rate: number): void {
    this.#descend(target, rate, this.weights);
  }

  /** Adds up that gradient instead, over the steps of a sequence: `learnGathered` goes down the sum. */
  gather(target: ArrayLike<number>): void {
    this.#descend(target, 1, this.#gathered);
  }

  /** One step down the sum of what was gathered since the last such step. */
  learnGathered(rate: number): void {
    for (const part of ['hidden', 'readout'] as const) {
      const [weights, sum] = [this.weights[part], this.#gathered[part]];
      for (let at = 0; at < sum.length; at++) weights[at]! += rate * sum[at]!;
      sum.fill(0);
    }
  }

  #descend(target: ArrayLike<number>, rate: number, into: Weights): void {
    const { blocks, cells, outputs, outputUnits } = this.options;
    for (let k = 0; k < outputs; k++) {
      const y = this.outputs[k]!;
      this.#deltas[k] = (target[k]! - y) * (outputUnits === 'logistic' ? y * (1 - y) : 1);
    }
    for (let block = 0; block < blocks; block++) {
      let onOutputGate = 0;
      for (let cell = block * cells; cell < (block + 1) * cells; cell++)
        onOutputGate += this.#learnCell(cell, block, rate, into.hidden);
      if (this.#first.output >= 0) this.#learnOutputGate(block, rate * onOutputGate, into.hidden);
    }
    const [readout, read, places, width] = [into.readout, this.#read, this.#readPlaces, this.#read.length];
    for (let k = 0; k < outputs; k++) {
      const delta = rate * this.#deltas[k]!;
      for (let n = 0; n < this.#readActive; n++)
        readout[k * width + places[n]!]! += delta * read[places[n]!]!;
    }
  }

  #initialize(kinds: readonly GateKind[]): void {
    const { seed, range, gateBias } = this.options;
    const random = seededRandom(seed);
    const draw = () => (2 * random() - 1) * range;
    for (let at = 0; at < this.#hidden.length; at++) this.#hidden[at] = draw();
    for (let at = 0; at < this.#readout.length; at++) this.#readout[at] = draw();
    const bias = (unit: number, value: number) => {
      this.#hidden[(unit + 1) * this.#seen - 1] = value;
    };
    for (const kind of kinds)
      for (const [block, value] of (gateBias[kind] ?? []).entries()) bias(this.#first[kind] + block, value);
    for (let unit = 0; unit < this.#size; unit++) {
      const hasBias = this.options.biases.includes(unit < this.#count ? 'cells' : 'gates');
      if (!hasBias) bias(unit, 0);
      this.#learnt[unit] = hasBias ? this.#seen : this.#seen - 1;
    }
  }

  /** Puts into the source what hidden units see: before the cells change. */
  #look(x: ArrayLike<number>): void {
    const { inputs } = this.options;
    if (x.length !== inputs)
      throw new RangeError(`Cannot read an input of ${x.length} values: the net has ${inputs} inputs.`);
    const [source, places, units, recurrent] = [this.#source, this.#places, this.#units, this.#recurrent];
    let active = 0;
    for (let at = 0; at < inputs; at++) {
      const value = x[at]!;
      source[at] = value;
      if (value !== 0) places[active++] = at;
    }
    for (let unit = 0, at = inputs; unit < recurrent; unit++, at++) {
      const value = units[unit]!;
      source[at] = value;
      if (value !== 0) places[active++] = at;
    }
    places[active] = this.#seen - 1;
    this.#active = active + 1;
  }

  #advance(x: ArrayLike<number>): void {
    this.#look(x);
    const { blocks, cells } = this.options;
    const [sums, units, size] = [this.#sums, this.#units, this.#size];
    sumUp(this.#hidden, this.#seen, this.#source, this.#places, this.#active, sums);
    for (let unit = this.#count; unit < size; unit++) units[unit] = sigmoid(sums[unit]!);
    const { input, output, forget } = this.#first;
    for (let block = 0; block < blocks; block++) {
      const i = units[input + block]!;
      const o = output < 0 ? 1 : units[output + block]!;
      const f = forget < 0 ? 1 : units[forget + block]!;
      for (let cell = block * cells; cell < (block + 1) * cells; cell++) this.#stepCell(cell, i, o, f);
    }
  }

  #stepCell(cell: number, i: number, o: number, f: number): void {
    const half = sigmoid(this.#sums[cell]!);
    const scale = this.#gScale;
    const g = scale === 4 ? 4 * half - 2 : half;
    const before = this.states[cell]!;
    this.#carrySlopes(cell, f, i * scale * half * (1 - half), g * i * (1 - i));
    if (this.#first.forget >= 0) this.#carryForgetSlopes(cell, f, before * f * (1 - f));
    const s = f * before + i * g;
    const squashed = this.options.h === 'centred' ? 2 * sigmoid(s) - 1 : s;
    this.states[cell] = s;
    this.#squashed[cell] = squashed;
    this.#units[cell] = o * squashed;
  }

  #carrySlopes(cell: number, f: number, perCell: number, perInput: number): void {
    const [ofCell, ofInput, source, places] = [this.#ofCell, this.#ofInput, this.#source, this.#places];
    const [from, active] = [cell * this.#seen, this.#active];
    if (f !== 1)
      for (let at = from; at < from + this.#seen; at++) {
        ofCell[at]! *= f;
        ofInput[at]! *= f;
      }
    for (let n = 0; n < active; n++) {
      const at = places[n]!;
      ofCell[from + at]! += perCell * source[at]!;
      ofInput[from + at]! += perInput * source[at]!;
    }
  }

  #carryForgetSlopes(cell: number, f: number, perForget: number): void {
    const [ofForget, source, from] = [this.#ofForget, this.#source, cell * this.#seen];
    for (let at = 0; at < this.#seen; at++)
      ofForget[from + at] = f * ofForget[from + at]! + perForget * source[at]!;
  }

  #readOut(): Float64Array {
    const { inputs, shortcuts, outputUnits } = this.options;
    const [read, places, count, outputs] = [this.#read, this.#readPlaces, this.#count, this.outputs];
    for (let cell = 0; cell < count; cell++) read[cell] = this.#units[cell]!;
    if (shortcuts) for (let at = 0; at < inputs; at++) read[count + at] = this.#source[at]!;
    let active = 0;
    for (let at = 0; at < read.length; at++) if (read[at] !== 0) places[active++] = at;
    this.#readActive = active;
    sumUp(this.#readout, read.length, read, places, active, outputs);
    if (outputUnits === 'logistic')
      for (let k = 0; k < outputs.length; k++) outputs[k] = sigmoid(outputs[k]!);
    return outputs;
  }

  /** Learns the weights of a cell, its input and forget gate; gives what it says of its output gate. */
  #learnCell(cell: number, block: number, rate: number, into: Float64Array): number {
    const [deltas, width, seen] = [this.#deltas, this.#read.length, this.#seen];
    let onShown = 0;
    for (let k = 0; k < deltas.length; k++) onShown += this.#readout[k * width + cell]! * deltas[k]!;
    const squashed = this.#squashed[cell]!;
    const { input, output, forget } = this.#first;
    const o = output < 0 ? 1 : this.#units[output + block]!;
    const slope = this.options.h === 'centred' ? 0.5 * (1 - squashed * squashed) : 1; // 2 s (1 - s), of s = σ
    const onState = rate * (onShown * o * slope);
    this.#add(into, cell, onState, this.#ofCell, cell * seen);
    this.#add(into, input + block, onState, this.#ofInput, cell * seen);
    if (forget >= 0) this.#add(into, forget + block, onState, this.#ofForget, cell * seen);
    return onShown * squashed;
  }

  #add(into: Float64Array, unit: number, scale: number, slopes: Float64Array, from: number): void {
    const to = unit * this.#seen;
    const length = this.#learnt[unit]!;
    for (let at = 0; at < length; at++) into[to + at]! += scale * slopes[from + at]!;
  }

  #learnOutputGate(block: number, scale: number, into: Float64Array): void {
    const o = this.#units[this.#first.output + block]!;
    this.#add(into, this.#first.output + block, scale * o * (1 - o), this.#source, 0);
  }
}

/** Into `sums`: each row of `weights`, [sums, width], times `source`, at the first `active` of `places`. */
function sumUp(
  weights: Float64Array,
  width: number,
  source: Float64Array,
  places: Int32Array,
  active: number,
  sums: Float64Array,
): void {
  for (let unit = 0, row = 0; unit < sums.length; unit++, row += width) {
    let sum = 0;
    for (let n = 0; n < active; n++) sum += weights[row + places[n]!]! * source[places[n]!]!;
    sums[unit] = sum;
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
  return new Hochreiter1997(options);
}
