// `gatebook install`: the kernelspec that makes Jupyter's front ends find this kernel.
import { mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { environmentDataFolder, kernelSpec, userDataFolder, writeKernelSpec } from '../jupyter/kernelspec.ts';
import { KERNEL_NAME } from '../protocol.ts';
import { type Arguments, BadCall, type Command, say, text } from './command.ts';

const LOGOS = ['logo-svg.svg', 'logo-32x32.png', 'logo-64x64.png'];

export const install: Command = {
  usage: 'gatebook install [--user | --sys-prefix | --prefix DIR] [--name NAME]',
  about: 'tell Jupyter of this kernel: JupyterLab, jupyter console, nbconvert and papermill then find it',
  details: [
    '--user         for you, in every environment (the default)',
    '--sys-prefix   for the Python environment that is active',
    '--prefix DIR   for the environment in DIR',
    `--name NAME    under another name than ${KERNEL_NAME}`,
  ],
  options: {
    user: { type: 'boolean' },
    'sys-prefix': { type: 'boolean' },
    prefix: { type: 'string' },
    name: { type: 'string' },
  },
  run: async ({ values, positionals }, places) => {
    if (positionals.length > 0) throw new BadCall(`"${positionals[0]}" is one argument too many`);
    const name = nameOf(text(values.name) ?? KERNEL_NAME);
    const cli = join(dirname(places.kernel), 'cli.js');
    const logos = LOGOS.map(file => [file, join(dirname(places.kernel), 'kernelspec', file)]);
    const folder = dataFolder(values);
    try {
      mkdirSync(folder, { recursive: true });
      const written = writeKernelSpec(
        folder,
        name,
        kernelSpec(cli, displayName(name)),
        Object.fromEntries(logos),
      );
      say(`Wrote ${written}`);
    } catch (error) {
      throw new Error(`Cannot write a kernelspec into ${folder}: ${(error as Error).message}`);
    }
    say(`Next: jupyter lab, then choose "${displayName(name)}"; or jupyter console --kernel ${name}`);
    return 0;
  },
};

function displayName(name: string): string {
  return name === KERNEL_NAME ? 'Gatebook (TypeScript)' : `Gatebook (TypeScript, ${name})`;
}

/** @throws BadCall */
function nameOf(name: string): string {
  if (/^[a-z0-9._-]+$/i.test(name) && name === basename(name) && !/^\.+$/.test(name)) return name;
  throw new BadCall(`--name "${name}" must consist of letters, digits, and . _ -`);
}

/** @throws BadCall */
function dataFolder(values: Arguments['values']): string {
  const prefix = text(values.prefix);
  const chosen = [values.user, values['sys-prefix'], prefix !== undefined].filter(Boolean);
  if (chosen.length > 1) throw new BadCall('--user, --sys-prefix and --prefix exclude each other');
  if (prefix === '') throw new BadCall('--prefix needs a folder');
  if (prefix !== undefined) return join(resolve(prefix), 'share', 'jupyter');
  return values['sys-prefix'] ? environmentDataFolder() : userDataFolder();
}
