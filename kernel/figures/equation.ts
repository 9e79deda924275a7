// The two equations at one step and unit, with numbers a reader can check by hand:
// c_t = f_t * c_{t-1} + i_t * g_t and h_t = o_t * tanh(c_t).
import { fixed, rounded } from './numbers.ts';
import { cellBefore, type Gate, type TraceModel, valueAt } from './trace-model.ts';

export type TermName = Gate | 'cBefore' | 'tanhC';

/** '=' checks with the numbers shown, '≈' only before rounding, '≠' not even then (another variant). */
export type Relation = '=' | '≈' | '≠';

export interface Term {
  readonly name: TermName;
  readonly value: number;
  readonly shown: string;
}

export interface Equation {
  readonly cell: readonly [c: Term, f: Term, cBefore: Term, i: Term, g: Term];
  readonly cellRelation: Relation;
  readonly hidden: readonly [h: Term, o: Term, tanhC: Term];
  readonly hiddenRelation: Relation;
  /** f * c_{t-1} and i * g, of the exact values. */
  readonly kept: number;
  readonly added: number;
}

/** Float32 sums of a few terms are this near, relative to their size. */
const FLOAT32_SLACK = 1e-5;

export function equationAt(trace: TraceModel, step: number, unit: number): Equation {
  const at = (gate: Gate) => valueAt(trace, gate, step, unit);
  const [c, f, i, g, h, o] = [at('c'), at('f'), at('i'), at('g'), at('h'), at('o')];
  const before = cellBefore(trace, step, unit);
  const squashed = Math.tanh(c);
  const decimals = decimalsThatCheck({ c, f, before, i, g, h, o, squashed });
  const term = (name: TermName, value: number): Term => ({ name, value, shown: fixed(value, decimals) });
  return {
    cell: [
      { name: 'c', value: c, shown: fixed(c) },
      term('f', f),
      term('cBefore', before),
      term('i', i),
      term('g', g),
    ],
    cellRelation: relation(
      c,
      [
        [f, before],
        [i, g],
      ],
      decimals,
    ),
    hidden: [{ name: 'h', value: h, shown: fixed(h) }, term('o', o), term('tanhC', squashed)],
    hiddenRelation: relation(h, [[o, squashed]], decimals),
    kept: f * before,
    added: i * g,
  };
}

interface Parts {
  readonly [name: string]: number;
}

/** Three decimals on the right-hand sides where two would not check and three do; both equations alike. */
function decimalsThatCheck({ c, f, before, i, g, h, o, squashed }: Parts): 2 | 3 {
  const checks = (decimals: number) =>
    relation(
      c!,
      [
        [f!, before!],
        [i!, g!],
      ],
      decimals,
    ) === '=' && relation(h!, [[o!, squashed!]], decimals) === '=';
  return !checks(2) && checks(3) ? 3 : 2;
}

type Products = readonly (readonly [number, number])[];

function relation(result: number, products: Products, decimals: number): Relation {
  const shown = sum(products.map(([a, b]) => rounded(a, decimals) * rounded(b, decimals)));
  if (fixed(shown) === fixed(result)) return '=';
  const exact = sum(products.map(([a, b]) => a * b));
  const size = Math.abs(result) + sum(products.map(([a, b]) => Math.abs(a * b)));
  return Math.abs(exact - result) <= FLOAT32_SLACK * Math.max(1, size) ? '≈' : '≠';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
