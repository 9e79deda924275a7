// Where a cell's variables live: one reference a name, for the whole session. Compiled cells read and write
// its property `v`.

/**
 * `v` is an own property once the variable has a value. Before that the accessors below stand in for it, so
 * that a hot loop over variables meets plain properties only.
 */
export class Reference {
  readonly name: string;
  /** The running cell declares it: the first assignment is its declaration. */
  isDeclared = false;
  /** Why it has no value, where more can be said than that nothing declared it. */
  reason: string | null = null;

  constructor(name: string) {
    this.name = name;
  }

  get v(): unknown {
    if (this.name in globalThis) return Reflect.get(globalThis, this.name);
    throw new ReferenceError(this.reason ?? `${this.name} is not defined`);
  }

  set v(value: unknown) {
    if (!this.isDeclared) {
      throw new ReferenceError(`${this.name} is not defined: declare it first, with let ${this.name} = …`);
    }
    Object.defineProperty(this, 'v', { value, writable: true, enumerable: true, configurable: true });
  }

  get isSet(): boolean {
    return Object.hasOwn(this, 'v');
  }

  /** For `typeof`, which may ask for a name that nothing declared. */
  get orUndefined(): unknown {
    return this.isSet || this.name in globalThis ? this.v : undefined;
  }

  declare(): void {
    this.isDeclared = true;
  }

  /** Has no value from here on; reading it says why. */
  clear(reason: string): void {
    Reflect.deleteProperty(this, 'v');
    this.reason = reason;
  }
}

/** Stands in for a constant's reference wherever a cell assigns to it. */
export function constant(reference: Reference): { v: unknown } {
  return {
    get v() {
      return reference.v;
    },
    set v(_value) {
      throw new TypeError(`Cannot assign to '${reference.name}': it is a constant`);
    },
  };
}
