// Reads Reber symbols with a net's weights as they are, without what learning needs: several times quicker than
// `Hochreiter1997`, for test streams of a million symbols. A test holds it against `step`.
import type { Hochreiter1997 } from '../kernel/lstm/index.ts';
import { REBER_SYMBOLS, type ReberSymbol } from './reber.ts';

const SYMBOLS = REBER_SYMBOLS.length;
const INDEX = new Map(REBER_SYMBOLS.map((symbol, at) => [symbol, at]));

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export interface ReberReader {
  /** Reads a symbol, gives the outputs: the reader's own array, valid until the next symbol. */
  step(symbol: ReberSymbol): Float64Array;
  reset(): void;
}

/** Goes on from the state the net is in. @throws RangeError for another net than that of Gers et al. 2000 */
export function reberReader(net: Hochreiter1997): ReberReader {
  const { inputs, outputs, blocks, cells, recurrence, shortcuts, outputGate, forgetGate } = net.options;
  if (inputs !== SYMBOLS || outputs !== SYMBOLS || recurrence !== 'cells' || !shortcuts || !outputGate)
    throw new RangeError('Cannot read Reber symbols: the net is not that of Gers et al. 2000');
  const count = blocks * cells;
  const units = count + (forgetGate ? 3 : 2) * blocks;
  const { hidden, readout } = net.weights;
  const [ofSymbol, ofCells] = split(hidden, units, count, 0, SYMBOLS);
  const [outOfSymbol, outOfCells] = split(readout, SYMBOLS, count, count, 0);
  const [states, shown] = [net.states.slice(), net.shown.slice()];
  const [sums, out] = [new Float64Array(units), new Float64Array(SYMBOLS)];

  function stepBlock(block: number): void {
    const i = sigmoid(sums[count + block]!);
    const o = sigmoid(sums[count + blocks + block]!);
    const f = forgetGate ? sigmoid(sums[count + 2 * blocks + block]!) : 1;
    for (let cell = block * cells; cell < (block + 1) * cells; cell++) {
      states[cell] = f * states[cell]! + i * (4 * sigmoid(sums[cell]!) - 2);
      shown[cell] = o * (2 * sigmoid(states[cell]!) - 1);
    }
  }

  return {
    step(symbol) {
      const at = INDEX.get(symbol)!;
      weigh(ofSymbol, at * units, ofCells, shown, sums);
      for (let block = 0; block < blocks; block++) stepBlock(block);
      weigh(outOfSymbol, at * SYMBOLS, outOfCells, shown, out);
      for (let k = 0; k < SYMBOLS; k++) out[k] = sigmoid(out[k]!);
      return out;
    },
    reset() {
      states.fill(0);
      shown.fill(0);
    },
  };
}

/** Rows of weights as [symbol][row], the bias in it, and as [row][cell]. */
function split(weights: Float64Array, rows: number, count: number, symbolsFrom: number, cellsFrom: number) {
  const width = weights.length / rows;
  const ofSymbol = new Float64Array(SYMBOLS * rows);
  const ofCells = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const bias = weights[from + width - 1]!;
    for (let at = 0; at < SYMBOLS; at++) ofSymbol[at * rows + row] = weights[from + symbolsFrom + at]! + bias;
    for (let cell = 0; cell < count; cell++) ofCells[row * count + cell] = weights[from + cellsFrom + cell]!;
  }
  return [ofSymbol, ofCells] as const;
}

/** Into `sums`: what the symbol says, and the cells. */
function weigh(
  ofSymbol: Float64Array,
  from: number,
  ofCells: Float64Array,
  shown: Float64Array,
  sums: Float64Array,
): void {
  for (let row = 0, at = 0; row < sums.length; row++) {
    let sum = ofSymbol[from + row]!;
    for (let cell = 0; cell < shown.length; cell++) sum += ofCells[at++]! * shown[cell]!;
    sums[row] = sum;
  }
}
