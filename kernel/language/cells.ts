// The cells that ran, as modules that import from each other. Also those deleted from the notebook since: what
// they declared is still there. A cell is forgotten when nothing that lives comes from it.
import {
  type CellModule,
  moduleOf,
  neededNames,
  type Origin,
  type ParsedCell,
  readCell,
} from './cell-module.ts';
import type { RanCell } from './messages.ts';
import type { DeclaredKind } from './names.ts';

export interface Cell extends ParsedCell {
  readonly serial: number;
  /** Execution count, of the last time it ran. */
  count: number;
  readonly module: string;
  /** Where its names come from; null where that may be anything. */
  readonly imports: Map<string, Cell | null>;
  readonly text: CellModule;
  /** How many living names are its own, and how many cells import from it. */
  holders: number;
  /** Length of the longest chain of cells it rests on. */
  readonly depth: number;
}

/**
 * Cells that keep building on each other's newest values rest on a chain without end, as where two cells that
 * use each other's names are run in turn. Beyond this a name may be anything.
 */
const DEEPEST = 300;

/** Of cells that say `declare global`, the newest are kept. */
const MOST_AUGMENTING = 50;

export class Cells {
  /** By name, the newest cell that declares it. */
  readonly #living = new Map<string, Cell>();
  readonly #byModule = new Map<string, Cell>();
  #augmenting: readonly Cell[] = [];

  /** Serial numbers of the cells that are forgotten thereby. */
  add(serial: number, { code, count }: RanCell): number[] {
    const parsed = readCell(code);
    if (parsed.isBroken) return [serial];
    if (parsed.names.declared.size === 0 && !parsed.names.augments) return [serial];
    const { imports, text } = this.tie(parsed);
    const same = this.#same(parsed, imports);
    if (same) {
      same.count = count;
      for (const name of same.names.declared.keys()) this.#raise(name, same);
      return [serial];
    }
    const from = [...new Set(imports.values())].filter(other => other !== null);
    const depth = 1 + Math.max(0, ...from.map(other => other.depth));
    const cell: Cell = {
      ...{ ...parsed, serial, count, imports, text, depth, holders: 0 },
      module: `[cell ${serial}].ts`,
    };
    for (const other of from) other.holders++;
    this.#byModule.set(cell.module, cell);
    const forgotten = parsed.names.augments ? this.#augment(cell) : [];
    return [...forgotten, ...[...cell.names.declared.keys()].flatMap(name => this.#declare(name, cell))];
  }

  /**
   * The cell, where it ran before and nothing has changed since: it would be another module of the same types,
   * and everything that was found out about it lost. Types of classes and enums are new each time.
   */
  #same({ code, names }: ParsedCell, imports: ReadonlyMap<string, Cell | null>): Cell | undefined {
    const [first] = names.declared.keys();
    const before = first === undefined ? undefined : this.#living.get(first);
    if (before?.code !== code || names.augments) return undefined;
    for (const [name, kind] of names.declared)
      if (this.#living.get(name) !== before || kind === 'class' || kind === 'enum') return undefined;
    if (imports.size !== before.imports.size) return undefined;
    for (const [name, cell] of imports) if (before.imports.get(name) !== cell) return undefined;
    return before;
  }

  /** A cell's module, were it to run now. */
  tie(
    parsed: ParsedCell,
    more: readonly string[] = [],
  ): { imports: Map<string, Cell | null>; text: CellModule } {
    const imports = new Map<string, Cell | null>();
    const origins = new Map<string, Origin>();
    for (const name of new Set([...neededNames(parsed), ...more])) {
      const cell = this.#living.get(name);
      if (!cell) continue;
      const isTooDeep = cell.depth >= DEEPEST;
      imports.set(name, isTooDeep ? null : cell);
      const isVariable = cell.names.declared.get(name) === 'let';
      origins.set(name, { module: isTooDeep ? null : cell.module, isVariable });
    }
    return { imports, text: moduleOf(parsed, origins) };
  }

  find(module: string): Cell | undefined {
    return this.#byModule.get(module);
  }

  /** Who declared a living name, and as what. */
  origin(name: string): { readonly kind: DeclaredKind; readonly count: number } | undefined {
    const cell = this.#living.get(name);
    const kind = cell?.names.declared.get(name);
    return cell && kind ? { kind, count: cell.count } : undefined;
  }

  /** Living names, those declared last first. */
  names(): string[] {
    return [...this.#living.keys()].reverse();
  }

  textOf(module: string): string | undefined {
    return this.#byModule.get(module)?.text.text;
  }

  augmenting(): string[] {
    return this.#augmenting.map(({ module }) => module);
  }

  get size(): number {
    return this.#byModule.size;
  }

  /** The same cell run again takes the place of the one before. */
  #augment(cell: Cell): number[] {
    const all = [...this.#augmenting, cell];
    const replaced = this.#augmenting.filter(({ code }) => code === cell.code);
    const kept = all.filter(one => !replaced.includes(one)).slice(-MOST_AUGMENTING);
    this.#augmenting = kept;
    cell.holders++;
    return all.filter(one => !kept.includes(one)).flatMap(one => this.#release(one));
  }

  #declare(name: string, cell: Cell): number[] {
    const before = this.#living.get(name);
    this.#raise(name, cell);
    cell.holders++;
    return before ? this.#release(before) : [];
  }

  /** The newest stand last. */
  #raise(name: string, cell: Cell): void {
    this.#living.delete(name);
    this.#living.set(name, cell);
  }

  #release(cell: Cell): number[] {
    cell.holders--;
    if (cell.holders > 0) return [];
    this.#byModule.delete(cell.module);
    const from = [...new Set(cell.imports.values())].filter(other => other !== null);
    return [cell.serial, ...from.flatMap(other => this.#release(other))];
  }
}
