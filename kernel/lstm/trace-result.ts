// A `Trace`: everything an LSTM layer computed over a batch of sequences, and what one asks of it. It holds
// plain arrays and no tensors, so it stays valid whatever is disposed or trained afterwards.
import { figureBundle } from '../figures/bundle.ts';
import {
  type BackendName,
  JUPYTER_DISPLAY_SYMBOL,
  type LedgerFigure,
  type MimeBundle,
  type PanelFigure,
  type UnitFigure,
} from '../protocol.ts';
import { drawsItself } from './drawn.ts';
import { type GateShape, GateValues } from './gate-values.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { type LedgerOptions, ledgerFigure, type UnitOptions, unitFigure } from './trace-figures.ts';
import { type FigureOptions, panelFigure } from './trace-payload.ts';
import {
  halfLives,
  type Ledger,
  ledgerOf,
  meansWhere,
  retentionOf,
  type Saturation,
  saturationOf,
} from './trace-questions.ts';

/** Gates and states by name. */
export const GATE_NAMES = ['f', 'i', 'g', 'c', 'o', 'h'] as const;
/** Gates and states by the field's names. */
export type GateName = (typeof GATE_NAMES)[number];

/** What a trace is made of. */
export interface TraceContents extends Readonly<Record<GateName, Float32Array>> {
  readonly layer: string;
  /** Kind of cell: 'lstm', or the name of a variant. */
  readonly variant: string;
  readonly shape: GateShape;
  readonly c0: Float32Array;
  readonly h0: Float32Array;
  /** Labels of the steps: of every row alike [T], or by row [B][T]. */
  readonly tokens: readonly string[] | readonly (readonly string[])[] | null;
  readonly batchRow: number;
  readonly seed: number | null;
  readonly backend: BackendName;
  readonly kernel: string;
}

/** A part of a trace; what is not named is kept whole. */
export interface Selection {
  /** Steps to keep, in this order. */
  readonly steps?: readonly number[];
  readonly units?: readonly number[];
  /** Batch row that figures and answers are about. */
  readonly row?: number;
}

const SELECTION: Every<Selection> = { steps: true, units: true, row: true };

/**
 * What one LSTM layer computed, gate by gate: plain numbers, no tensors. Made by `trace` and `clamp`. Steps, rows
 * and units are numbered from 0. As a cell's last value it draws itself.
 */
export class Trace {
  /** Name of the layer in its model. */
  readonly layer: string;
  /** Kind of cell: 'lstm', or the name of a variant. */
  readonly variant: string;
  readonly steps: number;
  /** Batch rows. */
  readonly batch: number;
  readonly units: number;
  /** [T, B, H]: shape of every gate and state below. */
  readonly shape: GateShape;
  /** Forget gate, 0..1. */
  readonly f: GateValues;
  /** Input gate, 0..1. */
  readonly i: GateValues;
  /** Candidate, -1..1. */
  readonly g: GateValues;
  /** Cell state after the step. */
  readonly c: GateValues;
  /** Output gate, 0..1. */
  readonly o: GateValues;
  /** Hidden state after the step, -1..1. */
  readonly h: GateValues;
  /** States before the first step, each [B, H]. */
  readonly c0: Float32Array;
  readonly h0: Float32Array;
  readonly batchRow: number;
  readonly seed: number | null;
  readonly backend: BackendName;
  /** Which kernel computed it. */
  readonly kernel: string;
  /** Every traced layer of the model, this one among them. */
  layers: readonly Trace[] = [this];
  #contents: TraceContents;

  constructor(contents: TraceContents) {
    this.#contents = contents;
    this.layer = contents.layer;
    this.variant = contents.variant;
    this.shape = contents.shape;
    [this.steps, this.batch, this.units] = contents.shape;
    const values = (name: GateName) => new GateValues(contents[name], contents.shape);
    [this.f, this.i, this.g] = [values('f'), values('i'), values('g')];
    [this.c, this.o, this.h] = [values('c'), values('o'), values('h')];
    [this.c0, this.h0] = [contents.c0, contents.h0];
    this.batchRow = contents.batchRow;
    this.seed = contents.seed;
    [this.backend, this.kernel] = [contents.backend, contents.kernel];
  }

  /** Labels of the shown row's steps, or null. */
  get tokens(): readonly string[] | null {
    return this.tokensOf(this.batchRow);
  }

  tokensOf(row: number): readonly string[] | null {
    const { tokens } = this.#contents;
    if (!tokens || tokens.length === 0) return null;
    return Array.isArray(tokens[0])
      ? ((tokens[row] as readonly string[]) ?? null)
      : (tokens as readonly string[]);
  }

  /** What was kept of the old cell, f c', and what was added, i g; both [T, B, H], and how exactly they sum to c. */
  ledger(): Ledger {
    return ledgerOf(this);
  }

  /**
   * Share of what stood in the cell after step `from` that is still there after step `to`: the product of
   * f over the steps between, one number a unit, [H]. From -1 means from before the first step.
   */
  retention(from: number, to: number, row: number = this.batchRow): Float32Array {
    return retentionOf(this, from, to, row);
  }

  /** Steps until half is left, one number a unit [H]: ln 2 / mean(-ln f). Infinite where f stays 1. */
  halfLife(row: number = this.batchRow): Float32Array {
    return halfLives(this, row);
  }

  /** By gate, which share of all values is below 0.1 and above 0.9, one number a unit (Karpathy et al. 2015). */
  saturation(): Saturation {
    return saturationOf(this);
  }

  /** Mean over all steps and rows for which `where` holds, one number a unit [H]. NaN where it never does. */
  meanWhere(gate: GateName, where: (step: number, row: number) => boolean): Float32Array {
    return meansWhere(this, gate, where);
  }

  /** A part of the trace as a trace of its own. @throws RangeError for a step, unit or row it has not, or an unknown option. */
  select(selection: Selection): Trace {
    rejectUnknown('select', selection, SELECTION);
    const { steps, units, row = this.batchRow } = selection;
    checkIndices('step', steps, this.steps);
    checkIndices('unit', units, this.units);
    checkIndices('row', [row], this.batch);
    const keep = {
      steps: steps ?? Array.from({ length: this.steps }, (_, step) => step),
      units: units ?? Array.from({ length: this.units }, (_, unit) => unit),
    };
    const shape: GateShape = [keep.steps.length, this.batch, keep.units.length];
    const part = (values: GateValues) => this.#part(values, keep.steps, keep.units);
    const { f, i, g, c, o, h } = this;
    return new Trace({
      ...this.#contents,
      ...{ f: part(f), i: part(i), g: part(g), c: part(c), o: part(o), h: part(h) },
      ...{ shape, batchRow: row, tokens: this.#tokensAt(keep.steps) },
      c0: this.#before(this.c0, this.c, keep.steps[0] ?? 0, keep.units),
      h0: this.#before(this.h0, this.h, keep.steps[0] ?? 0, keep.units),
    });
  }

  /** The gate panel of this layer and of the model's others. As a cell's last value it draws itself. */
  figure(options: FigureOptions = {}): PanelFigure {
    if (this.isDisposed) throw new Error(`Cannot draw the trace of '${this.layer}': it has been disposed.`);
    return drawsItself(panelFigure(this.layers, options));
  }

  /** The account of single units: what each step kept, forgot and added. As a cell's last value it draws itself. */
  ledgerFigure(options: LedgerOptions = {}): LedgerFigure {
    return ledgerFigure(this, options);
  }

  /** All gates of one unit stacked over the steps: of one batch row, or mean and spread of several. */
  unitFigure(options: UnitOptions = {}): UnitFigure {
    return unitFigure(this, options);
  }

  [Symbol.for(JUPYTER_DISPLAY_SYMBOL)](): MimeBundle {
    return figureBundle(this.figure());
  }

  /** Lets go of the arrays, for a trace that stays named while memory is needed. */
  dispose(): void {
    const none = new Float32Array(0);
    const empty = new GateValues(none, [0, 0, 0]);
    Object.assign(this, { f: empty, i: empty, g: empty, c: empty, o: empty, h: empty, c0: none, h0: none });
    this.#contents = { ...this.#contents, f: none, i: none, g: none, c: none, o: none, h: none };
  }

  get isDisposed(): boolean {
    return this.f.length === 0;
  }

  /** Bytes held: a trace is plain memory, freed when nothing refers to it. */
  get bytes(): number {
    return GATE_NAMES.reduce(
      (sum, name) => sum + this[name].byteLength,
      this.c0.byteLength + this.h0.byteLength,
    );
  }

  toString(): string {
    const size = `${this.steps} steps, ${this.batch} ${this.batch === 1 ? 'row' : 'rows'}, ${this.units} units`;
    return `Trace of ${this.layer}: ${size} (${this.kernel} on ${this.backend}, ${(this.bytes / 1024).toFixed(1)} KB)`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.layers.map(layer => layer.toString()).join('\n');
  }

  #part(values: GateValues, steps: readonly number[], units: readonly number[]): Float32Array {
    const out: number[] = [];
    for (const step of steps)
      for (let row = 0; row < this.batch; row++)
        for (const unit of units) out.push(values.value(step, row, unit));
    return Float32Array.from(out);
  }

  #tokensAt(steps: readonly number[]): TraceContents['tokens'] {
    const { tokens } = this.#contents;
    if (!tokens) return null;
    const pick = (row: readonly string[]) => steps.map(step => row[step] ?? '');
    return Array.isArray(tokens[0])
      ? (tokens as readonly (readonly string[])[]).map(pick)
      : pick(tokens as readonly string[]);
  }

  /** State of the units before a step, [B, units]. */
  #before(first: Float32Array, states: GateValues, step: number, units: readonly number[]): Float32Array {
    const rows = Array.from({ length: this.batch }, (_, row) => row);
    const before = (row: number, unit: number) =>
      step === 0 ? first[row * this.units + unit]! : states.value(step - 1, row, unit);
    return Float32Array.from(rows.flatMap(row => units.map(unit => before(row, unit))));
  }
}

function checkIndices(name: string, indices: readonly number[] | undefined, size: number): void {
  const bad = indices?.find(index => !Number.isInteger(index) || index < 0 || index >= size);
  if (bad !== undefined)
    throw new RangeError(`Cannot select ${name} ${bad}: the trace has ${size}, numbered from 0.`);
}
