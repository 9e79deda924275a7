// A symbol in one line, for a list of completions: its signature or type.
import type { Node, TypeChecker, Symbol as TypeScriptSymbol } from 'typescript';
import { ts } from '../session/typescript.ts';
import { targetOf } from './docs.ts';

const LONGEST = 200;

/** Names of types as their authors know them, without the modules they come from. */
const FLAGS = ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/** `zeros(shape: number[]): Tensor`, `const x: number`, `class A`. */
export function describe(symbol: TypeScriptSymbol, place: Node, checker: TypeChecker): string {
  const target = targetOf(symbol, checker);
  const text = describeTarget(target, symbol.name, place, checker).replace(/\s+/g, ' ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function describeTarget(target: TypeScriptSymbol, name: string, place: Node, checker: TypeChecker): string {
  const { flags } = target;
  const { SymbolFlags } = ts;
  if (flags & SymbolFlags.Class) return `class ${name}`;
  if (flags & SymbolFlags.Enum) return `enum ${name}`;
  if (!(flags & SymbolFlags.Value)) return describeType(target, name, place, checker);
  if (flags & SymbolFlags.ValueModule && !(flags & (SymbolFlags.Variable | SymbolFlags.Function)))
    return `namespace ${name}`;
  const type = checker.getTypeOfSymbolAtLocation(target, place);
  const signatures = type.getCallSignatures();
  const [first] = signatures;
  if (first) {
    const more = signatures.length > 1 ? ` (+${signatures.length - 1} overloads)` : '';
    return `${name}${checker.signatureToString(first, place, FLAGS)}${more}`;
  }
  return `${name}: ${checker.typeToString(type, place, FLAGS)}`;
}

function describeType(target: TypeScriptSymbol, name: string, place: Node, checker: TypeChecker): string {
  if (target.flags & ts.SymbolFlags.Interface) return `interface ${name}`;
  if (target.flags & ts.SymbolFlags.Namespace) return `namespace ${name}`;
  return `type ${name} = ${checker.typeToString(checker.getDeclaredTypeOfSymbol(target), place, ts.TypeFormatFlags.InTypeAlias | FLAGS)}`;
}
