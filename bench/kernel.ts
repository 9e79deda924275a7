// What a cell costs: a loop over variables of cells against the same loop in a plain function, and compiling
// one cell against what the hand-written equivalent costs Node to compile.
import { tmpdir } from 'node:os';
import { Script } from 'node:vm';
import { Checkpoint } from '../kernel/session/checkpoint.ts';
import { Evaluator } from '../kernel/session/evaluate.ts';

export const about = `Cells against plain JavaScript, in one process of Node ${process.version}`;

interface Measurement {
  readonly case: string;
  readonly ours: string;
  readonly peer: string;
  readonly unit: 'ms';
  readonly oursRun: () => Promise<number>;
  readonly peerRun: () => Promise<number>;
}

const evaluator = new Evaluator({ folder: tmpdir(), check: new Checkpoint() });
let count = 0;

async function runCell(source: string): Promise<unknown> {
  return (await evaluator.run(source, ++count)).value;
}

async function timed(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** `step` reads and writes a variable of the notebook, as learners' loops do. */
function loop(name: string, step: string): Measurement {
  const body = `for (let i = 0; i < 3_000_000; i++) ${step}; return total;`;
  const plain = new Function(`let total = 0; ${body}`) as () => number;
  return {
    case: `loop of 3,000,000, ${name}`,
    ours: 'variable of a cell',
    peer: 'local variable',
    unit: 'ms',
    oursRun: async () => {
      await runCell(`let total = 0; function looped() { ${body} }`);
      return timed(() => runCell('looped()'));
    },
    peerRun: () => timed(plain),
  };
}

const CELL = `interface Row { a: number }
const rows: Row[] = [{ a: 1 }, { a: 2 }];
function sum(of: Row[]): number { return of.reduce((total, { a }) => total + a, 0) }
for (const row of rows) row.a += 2;
sum(rows)`;
const PLAIN = `(() => { const rows = [{ a: 1 }, { a: 2 }];
function sum(of) { return of.reduce((total, { a }) => total + a, 0) }
for (const row of rows) row.a += 2;
return sum(rows) })()`;

const oneCell: Measurement = {
  case: 'compile and run a cell of 5 lines',
  ours: 'TypeScript cell',
  peer: 'vm.Script, JavaScript',
  unit: 'ms',
  oursRun: () => timed(() => runCell(CELL)),
  peerRun: () => timed(() => new Script(PLAIN).runInThisContext()),
};

export function* cases(): Generator<Measurement> {
  yield loop('integers', 'total = (total + i * 3) | 0');
  yield loop('floats', 'total += i * 0.5');
  yield oneCell;
}
