// A cell as the module that TypeScript sees: a head that ties it to earlier cells, the cell itself, and a tail
// that exports what it declares. Places differ by the head's length, and by nothing else.
import { splitMagics } from '../session/magics.ts';
import { type CellNames, namesOf, parseCell } from './names.ts';

/** A cell by itself: what can be said without knowing the others. */
export interface ParsedCell {
  /** As TypeScript reads it: lines for the kernel alone are blanked. */
  readonly code: string;
  readonly names: CellNames;
  /** It cannot be parsed, so it never ran, and declares nothing. */
  readonly isBroken: boolean;
}

/** Where a name of a cell comes from. */
export interface Origin {
  /** Null: from a cell that is forgotten; such a name may be anything. */
  readonly module: string | null;
  /** `let` may be assigned to by later cells. */
  readonly isVariable: boolean;
}

export interface CellModule {
  readonly head: string;
  readonly text: string;
  /** Stand-ins in `text` for names of earlier cells that this cell declares again. */
  readonly standIns: ReadonlyMap<string, string>;
}

export function readCell(source: string): ParsedCell {
  const { code } = splitMagics(source);
  const tree = parseCell(code);
  const { parseDiagnostics } = tree as unknown as { readonly parseDiagnostics: readonly unknown[] };
  return { code, names: namesOf(tree), isBroken: parseDiagnostics.length > 0 };
}

/** Names the cell needs from others, with those it reads before it declares them itself. */
export function neededNames({ names }: ParsedCell): string[] {
  const foreign = [...names.used].filter(name => !names.declared.has(name));
  return [...foreign, ...new Set(names.before.map(({ name }) => name))];
}

/** @param origins of the needed names that earlier cells have */
export function moduleOf(cell: ParsedCell, origins: ReadonlyMap<string, Origin>): CellModule {
  const { code, names } = cell;
  const standIns = new Map<string, string>();
  const imports = new Map<string, string[]>();
  let variables = '';
  for (const [name, { module, isVariable }] of origins) {
    const isAgain = names.declared.has(name);
    const local = isAgain ? standInFor(name, standIns.size) : name;
    if (isAgain) standIns.set(local, name);
    if (module === null) {
      variables += `declare let ${local}: any; type ${local} = any; `;
      continue;
    }
    const isAssigned = !isAgain && isVariable && names.assigned.has(name);
    const imported = isAssigned ? `${name}$` : local;
    // An imported name cannot be assigned to, nor is what is assigned checked: a variable of the same type can.
    if (isAssigned) variables += `declare let ${name}: typeof ${imported}; `;
    const clause = imported === name ? name : `${name} as ${imported}`;
    imports.set(module, [...(imports.get(module) ?? []), clause]);
  }
  const lines = [...imports].map(
    ([module, clauses]) => `import { ${clauses.join(', ')} } from "./${module}"; `,
  );
  const head = `${directives(code)}${lines.join('')}${variables}\n`;
  return { head, text: `${head}${withStandIns(cell, standIns)}${tail(names)}`, standIns };
}

function tail({ declared, exported }: CellNames): string {
  const names = [...declared.keys()].filter(name => !exported.has(name));
  return `\nexport { ${names.join(', ')} };\n`;
}

const FIRST_LETTER = 0xa000;

/** Of the same length: one letter of the Yi script in the place of the first. */
function standInFor(name: string, index: number): string {
  return String.fromCharCode(FIRST_LETTER + (index % 1000)) + name.slice(1);
}

function withStandIns({ code, names }: ParsedCell, standIns: ReadonlyMap<string, string>): string {
  const byName = new Map([...standIns].map(([local, name]) => [name, local]));
  let text = code;
  for (const { name, offset } of names.before) {
    const local = byName.get(name);
    if (local) text = text.slice(0, offset) + local + text.slice(offset + name.length);
  }
  return text;
}

/** `// @ts-nocheck` and `/// <reference …>` hold only at the top. */
function directives(code: string): string {
  const lines = /^(?:\s*\/\/.*\n?)*/.exec(code)?.[0].split('\n') ?? [];
  const found = lines.filter(line => /^\s*\/\/\s*@ts-nocheck|^\s*\/\/\/\s*</.test(line));
  return found.map(line => `${line.trim()}\n`).join('');
}
