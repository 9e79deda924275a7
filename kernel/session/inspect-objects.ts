// What a plain object is, and reading its members without calling anything of the user's.
import { inspect, types } from 'node:util';

/** Made by a literal, JSON or Object.create(null): not an instance of a class, which may have its own ways. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Reflect.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return !Reflect.has(value, inspect.custom) && !Reflect.has(value, Symbol.toStringTag);
}

/** Stands for a getter, which is not called: it may throw, or change something. */
export const GETTER = Symbol('getter');

/** An own member's value, undefined where there is none. */
export function member(object: object, key: string): unknown {
  const property = Reflect.getOwnPropertyDescriptor(object, key);
  return property && ('value' in property ? property.value : GETTER);
}

/**
 * A member, also an inherited one. Getters of a class are its interface and are called; those of the object
 * itself may be anything, and are not.
 */
export function peek(object: object, key: string): unknown {
  const own = Reflect.getOwnPropertyDescriptor(object, key);
  if (own) return own.value;
  return Reflect.getPrototypeOf(object) === Object.prototype ? undefined : Reflect.get(object, key);
}
