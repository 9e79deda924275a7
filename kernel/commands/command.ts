// What a subcommand of `gatebook` is: its usage, its options and what it does.
import type { ParseArgsConfig } from 'node:util';

export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/** Where the command's own files lie. */
export interface Places {
  /** Path of dist/kernel.js. */
  readonly kernel: string;
  /** Folder of the lessons as shipped. */
  readonly notebooks: string;
}

export interface Command {
  readonly usage: string;
  /** One line for the list of commands. */
  readonly about: string;
  /** Lines for the command's own help: its options, one a line. */
  readonly details?: readonly string[];
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** Gives the exit code. @throws BadCall for arguments that make no sense */
  run(args: Arguments, places: Places): Promise<number>;
}

/** Arguments that make no sense: exit code 2, with the usage. */
export class BadCall extends Error {}

/** The one positional argument that names a file. @throws BadCall */
export function onePositional(positionals: readonly string[], what: string): string {
  const [first, ...more] = positionals;
  if (first === undefined) throw new BadCall(`${what} is missing`);
  if (more.length > 0) throw new BadCall(`"${more[0]}" is one argument too many`);
  return first;
}

export function text(value: Arguments['values'][string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
