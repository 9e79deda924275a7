// What `gatebook doctor` finds of Jupyter: the kernelspecs that start a Gatebook, whether they still can, and the
// library of the sockets.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { environmentDataFolder, userDataFolder } from '../jupyter/kernelspec.ts';

export interface Spec {
  readonly name: string;
  readonly folder: string;
  /** Whether it starts the Gatebook that is asked. */
  readonly isThis: boolean;
  /** Why it cannot start; null where it can. */
  readonly problem: string | null;
}

/** @param cli path of this dist/cli.js */
export function findSpecs(cli: string, folders: readonly string[] = dataFolders()): readonly Spec[] {
  return folders.flatMap(folder => {
    const kernels = join(folder, 'kernels');
    const names = existsSync(kernels) ? readdirSync(kernels) : [];
    return names.flatMap(name => specIn(join(kernels, name), name, cli) ?? []);
  });
}

/** Where Jupyter looks. https://docs.jupyter.org/en/stable/use/jupyter-directories.html */
function dataFolders(env = process.env): readonly string[] {
  const shared =
    process.platform === 'win32'
      ? [join(env.PROGRAMDATA ?? 'C:\\ProgramData', 'jupyter')]
      : ['/usr/local/share/jupyter', '/usr/share/jupyter'];
  const asked = (env.JUPYTER_PATH ?? '').split(delimiter).filter(Boolean);
  return [...new Set([...asked, userDataFolder(), ...environment(), ...shared])];
}

function environment(): string[] {
  try {
    return [environmentDataFolder()];
  } catch {
    return []; // no Python here
  }
}

/** Null for another kernel's. */
function specIn(folder: string, name: string, cli: string): Spec | null {
  const argv = argvIn(join(folder, 'kernel.json'));
  const script = argv?.find(word => /[\\/]dist[\\/]cli\.js$/.test(word));
  if (!argv || script === undefined || !argv.includes('--connection-file')) return null;
  const [node = ''] = argv;
  const missing = [node, script].find(path => /[\\/]/.test(path) && !existsSync(path));
  const problem = missing === undefined ? null : `"${missing}", which it starts, is not there any more`;
  return { name, folder, isThis: script === cli, problem };
}

function argvIn(file: string): readonly string[] | null {
  try {
    const { argv } = JSON.parse(readFileSync(file, 'utf8')) as { argv?: unknown };
    return Array.isArray(argv) ? argv.map(String) : null;
  } catch {
    return null; // no kernelspec, or one that Jupyter cannot read either
  }
}

/** Version of ZeroMQ, or why it cannot be loaded. */
export async function socketLibrary(): Promise<{ readonly version: string } | { readonly why: string }> {
  try {
    return { version: (await import('zeromq')).version };
  } catch (error) {
    return { why: (error as Error).message.split('\n')[0] ?? '' };
  }
}

/** Version of the npm that cells call at `script`. */
export function npmVersion(script: string | null): string | null {
  if (script === null) return null;
  try {
    const manifest = join(dirname(dirname(script)), 'package.json');
    return String(JSON.parse(readFileSync(manifest, 'utf8')).version);
  } catch {
    return null;
  }
}
