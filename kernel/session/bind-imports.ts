// What an import declaration of a cell does once its module is there: hands the exports to the references that
// import them. As in any module, a name that is not there is a SyntaxError at the import, also when nothing
// uses it: else a misspelt one would show late, or never.
import { suggestion } from '../near-names.ts';
import type { Reference } from './references.ts';

type Exports = Readonly<Record<string, unknown>>;

/**
 * One name of an import. `isMaybeType`: the cell uses it as no value, but mentions it, so that it may be a type,
 * of which nothing is left when code runs. Reading it is an error then.
 */
export type ImportedPair = readonly [exported: string, reference: Reference, isMaybeType: boolean];

/** @throws SyntaxError, before any of the names has a value, with the export that may have been meant */
export function bindImports(module: Exports, specifier: string, pairs: readonly ImportedPair[]): void {
  const found = pairs.map(([exported]) => find(module, exported));
  const missing = pairs.filter(([, , isMaybeType], at) => found[at] === null && !isMaybeType);
  if (missing.length > 0) throw new SyntaxError(complaint(module, specifier, missing));
  for (const [at, [exported, reference]] of pairs.entries()) {
    const export_ = found[at];
    if (export_) reference.v = export_.value;
    else reference.clear(`${reference.name} is not defined: ${lacks(module, specifier, exported)}`);
  }
}

/** CommonJS modules show some of their names only on what they export as a whole. */
function find(module: Exports, exported: string): { readonly value: unknown } | null {
  if (exported === '*') return { value: module };
  if (exported in module) return { value: module[exported] };
  const whole = wholeOf(module);
  return whole && exported in whole ? { value: Reflect.get(whole, exported) } : null;
}

function wholeOf({ default: whole }: Exports): object | null {
  return (typeof whole === 'object' && whole !== null) || typeof whole === 'function' ? whole : null;
}

function complaint(module: Exports, specifier: string, missing: readonly ImportedPair[]): string {
  return missing.map(([exported]) => lacks(module, specifier, exported)).join('. ');
}

/** With what would mend it, where that can be told. */
function lacks(module: Exports, specifier: string, exported: string): string {
  const known = [...Object.keys(module), ...Object.keys(wholeOf(module) ?? {})];
  if (exported === 'default') return `${specifier} has no default export${listed(known)}`;
  const near = suggestion(
    exported,
    [...new Set(known)].filter(name => name !== 'default'),
  );
  const cure = near || `; if it is a type, write import { type ${exported} }`;
  return `${specifier} has no export '${exported}'${cure}`;
}

const MOST_LISTED = 5;

function listed(names: readonly string[]): string {
  const more = names.length > MOST_LISTED ? ', …' : '';
  return names.length === 0 ? '' : `; it has ${names.slice(0, MOST_LISTED).join(', ')}${more}`;
}
