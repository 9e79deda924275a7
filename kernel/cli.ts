#!/usr/bin/env node
// The `gatebook` command: a table of subcommands. setup.mjs and notebooks/run.mjs import from here.
import { existsSync, realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { version } from '../package.json';
import { BadCall, type Command, complain, type Places, say } from './commands/command.ts';
import { NotebookError } from './notebook/format.ts';
import { askedBackendProblem } from './tensorflow/asked.ts';

export { askedBackendProblem };

type Setup = typeof import('./commands/setup.ts').setup;
export const setup: Setup = async (...options) => (await import('./commands/setup.ts')).setup(...options);

const places: Places = {
  kernel: fileURLToPath(new URL('./kernel.js', import.meta.url)),
  notebooks: fileURLToPath(new URL('../notebooks', import.meta.url)),
};

/** Each is loaded when it is called: Jupyter waits for `kernel`. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  tutorial: async () => (await import('./commands/tutorial.ts')).tutorial,
  setup: async () => ({
    usage: 'gatebook setup',
    about: 'make TensorFlow native on this machine, with progress',
    run: async () => ((await setup(say)).backend === 'tensorflow' ? 0 : 1),
  }),
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  install: async () => (await import('./commands/install.ts')).install,
  kernel: async () => (await import('./commands/kernel.ts')).kernel,
};

/** Runs the command line (without node and script) and gives the exit code: 0, 1 failed, 2 a bad call. */
export async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') return help(name === undefined ? 2 : 0);
  if (name === '--version') return print(version);
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) return refuse(`There is no command "${name}". Commands: ${Object.keys(COMMANDS).join(', ')}`);
  const command = await load();
  if (rest.includes('--help')) return print(helpOf(command));
  try {
    return await command.run(parse(command, rest), places);
  } catch (error) {
    if (error instanceof BadCall) return refuse(`${error.message}. Usage: ${command.usage}`);
    complain(error instanceof Error ? error.message : String(error));
    return error instanceof NotebookError ? 2 : 1;
  }
}

/** @throws BadCall */
function parse(command: Command, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: command.options ?? {}, allowPositionals: true });
  } catch (error) {
    throw new BadCall((error as Error).message.split('. ')[0]);
  }
}

async function help(code: number): Promise<number> {
  const commands = await Promise.all(Object.values(COMMANDS).map(load => load()));
  const lines = commands.map(({ usage, about }) => `  ${usage}\n      ${about}`);
  (code === 0 ? say : complain)(['Usage:', ...lines, ...inClone()].join('\n'));
  return code;
}

function helpOf({ usage, about, details = [] }: Command): string {
  return [usage, `  ${about}`, ...details.map(line => `  ${line}`), ...inClone()].join('\n');
}

/** In a clone nothing has put `gatebook` on the path. */
function inClone(): string[] {
  if (!existsSync(fileURLToPath(new URL('../build.mjs', import.meta.url)))) return [];
  const path = relative(process.cwd(), fileURLToPath(import.meta.url));
  return ['', `In this clone, write "node ${path}" for "gatebook".`];
}

function print(line: string): number {
  say(line);
  return 0;
}

function refuse(line: string): number {
  complain(line);
  return 2;
}

const isMain =
  process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isMain) process.exitCode = await main(process.argv.slice(2));
