// What the session holds under a name, looked up for completion and documentation where the types know nothing.
// Nothing of the user's runs for it: no getter, no trap of a proxy.
import { inspect, types } from 'node:util';
import type { PeekAsk, Peeked } from '../link.ts';

/** Front ends show some dozens. */
const MOST = 2000;

/** An array's own keys are its indices: nobody wants those. */
const MOST_OWN_OF_ARRAY = 100;

const LONGEST_TEXT = 1000;

type Variables = Iterable<readonly [name: string, value: unknown]>;
type Found = readonly [value: unknown] | null;

export class Peek {
  readonly #variables: () => Variables;
  /** Globals from before the first cell. */
  readonly #before: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));

  /** @param variables of the session that have a value */
  constructor(variables: () => Variables) {
    this.#variables = variables;
  }

  answer({ kind, path }: PeekAsk): Peeked {
    try {
      if (kind === 'names') return { members: this.#names(), text: null };
      const found = this.#find(path);
      if (!found) return NOTHING;
      if (kind === 'about') return { members: [], text: about(found[0]) };
      return { members: membersOf(found[0]), text: null };
    } catch {
      return NOTHING; // a host object that does not let itself be looked at
    }
  }

  /** Of the session, and globals that cells made. */
  #names(): Peeked['members'] {
    const own = [...this.#variables()].map(([name, value]) => [name, kindOf(value)] as const);
    const globals = Object.getOwnPropertyNames(globalThis).filter(name => !this.#before.has(name));
    return [...own, ...globals.map(name => [name, kindOfProperty(globalThis, name)] as const)].slice(0, MOST);
  }

  #find([root, ...steps]: readonly string[]): Found {
    if (root === undefined) return null;
    const variable = [...this.#variables()].find(([name]) => name === root);
    let found: Found = variable ? [variable[1]] : lookUp(globalThis, root);
    for (const step of steps) found = found && lookUp(found[0], step);
    return found;
  }
}

const NOTHING: Peeked = { members: [], text: null };

/** Itself and its prototypes, up to where a proxy stands in the way; of null and undefined none. */
function chainOf(value: unknown): object[] {
  if (value === null || value === undefined) return [];
  const chain: object[] = [];
  let next: object | null = Object(value);
  while (next !== null && !types.isProxy(next)) {
    chain.push(next);
    next = Object.getPrototypeOf(next);
  }
  return chain;
}

/** Of an array, a map or a set so many are shown, and looked at. */
const MOST_SHOWN = 10;
/** An object with more properties is not shown. */
const MOST_PROPERTIES = 1000;

/** Whether inspecting it, as deep as it is going to be shown, runs nothing of the user's and ends soon. */
function isPlain(value: unknown, depth: number): boolean {
  if (value === null || !['object', 'function'].includes(typeof value) || types.isProxy(value)) return true;
  const chain = chainOf(value);
  if (Object.getPrototypeOf(chain.at(-1)) !== null || !chain.every(isNamedPlainly)) return false;
  if (depth === 0 || ArrayBuffer.isView(value)) return true;
  const inner = innerValues(chain[0]!);
  return inner?.every(one => isPlain(one, depth - 1)) ?? false;
}

const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** `inspect` asks for these names, and whether the object is an instance of its class. */
function isNamedPlainly(object: object): boolean {
  const maker: unknown = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  if (object !== TYPED_ARRAY && isAccessor(object, Symbol.toStringTag)) return false;
  if (typeof maker !== 'function') return true;
  return chainOf(maker).every(
    one =>
      !isAccessor(one, 'name') &&
      (one === Function.prototype || !Object.getOwnPropertyDescriptor(one, Symbol.hasInstance)),
  );
}

function isAccessor(object: object, name: PropertyKey): boolean {
  return Object.getOwnPropertyDescriptor(object, name)?.get !== undefined;
}

/** By the language's own iterators, not by the object's; null where there is too much of it. */
function innerValues(object: object): unknown[] | null {
  if (types.isMap(object)) return first(Map.prototype.entries.call(object)).flat();
  if (types.isSet(object)) return first(Set.prototype.values.call(object));
  if (Array.isArray(object)) return ownValues(object, first(Array.prototype.keys.call(object)).map(String));
  const names = Object.getOwnPropertyNames(object);
  return names.length > MOST_PROPERTIES ? null : ownValues(object, names);
}

function first<Value>(values: IterableIterator<Value>): Value[] {
  const some: Value[] = [];
  for (let next = values.next(); !next.done && some.length < MOST_SHOWN; next = values.next())
    some.push(next.value);
  return some;
}

function ownValues(object: object, names: readonly string[]): unknown[] {
  return names.map(name => Object.getOwnPropertyDescriptor(object, name)?.value as unknown);
}

/** Null where it has none, or a getter would have to be asked. */
function lookUp(holder: unknown, name: string): Found {
  for (const object of chainOf(holder)) {
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (property) return 'value' in property ? [property.value] : null;
  }
  return null;
}

/** Without what every object has. */
function membersOf(value: unknown): Peeked['members'] {
  const chain = chainOf(value).filter((object, at) => at === 0 || object !== Object.prototype);
  const names = new Map<string, string>();
  for (const object of chain) {
    for (const name of ownNames(object))
      if (name !== 'constructor' && !names.has(name)) names.set(name, kindOfProperty(object, name));
    if (names.size >= MOST) break;
  }
  return [...names].slice(0, MOST);
}

function ownNames(object: object): string[] {
  const isLong = ArrayBuffer.isView(object) || (Array.isArray(object) && object.length > MOST_OWN_OF_ARRAY);
  if (isLong) return ['length'];
  return Object.getOwnPropertyNames(object).filter(name => !/^\d+$/.test(name) || !isIndexed(object));
}

function isIndexed(object: object): boolean {
  return Array.isArray(object) || object instanceof String;
}

function kindOfProperty(object: object, name: string): string {
  const property = Object.getOwnPropertyDescriptor(object, name);
  const kind = property && 'value' in property ? kindOf(property.value) : 'property';
  return kind === 'variable' && object !== globalThis ? 'property' : kind;
}

function kindOf(value: unknown): string {
  if (typeof value !== 'function') return 'variable';
  const isClass = !types.isProxy(value) && /^class\b/.test(Function.prototype.toString.call(value));
  return isClass ? 'class' : 'function';
}

/** Null where inspecting it would meet a proxy among prototypes, and run its traps. */
function about(value: unknown): string | null {
  if (!isPlain(value, 2)) return null;
  const text = inspect(value, {
    ...{ depth: 1, customInspect: false, showProxy: true, getters: false },
    ...{ maxArrayLength: MOST_SHOWN, maxStringLength: 200, compact: 3 },
  });
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
