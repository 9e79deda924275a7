// Finds the Node that runs kernels: the one the user set, else one on PATH or where version managers put
// it, tried by running it. Pure but for the injected `Machine`: no vscode in here.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

export const OLDEST_NODE = 20;

/** What the search needs to know of a machine; tests give another. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names in a folder, [] where there is none. */
  list(folder: string): readonly string[];
  /** What `file --version` printed. Rejects where it cannot be run. */
  version(file: string): Promise<string>;
}

export type NodeChoice =
  | { readonly kind: 'found'; readonly path: string; readonly version: string }
  /** Nothing of use; `tried` tells what was wrong with the ones that were there. */
  | { readonly kind: 'none'; readonly tried: readonly Tried[] };

export type Tried =
  | { readonly path: string; readonly problem: 'old'; readonly version: string }
  | { readonly path: string; readonly problem: 'missing' }
  | { readonly path: string; readonly problem: 'broken'; readonly message: string };

/**
 * The first Node of `OLDEST_NODE` or later. A path that the user set is the only one tried: silently taking
 * another would hide the mistake.
 */
export async function findNode(setting: string, machine: Machine): Promise<NodeChoice> {
  const tried: Tried[] = [];
  for (const path of setting ? [setting] : candidates(machine)) {
    const outcome = await attempt(path, machine);
    if ('problem' in outcome) tried.push(outcome);
    else return outcome;
  }
  return { kind: 'none', tried: setting ? tried : tried.filter(one => one.problem === 'old') };
}

async function attempt(path: string, machine: Machine): Promise<Tried | NodeChoice> {
  try {
    const version = parseVersion(await machine.version(path));
    if (version.major < OLDEST_NODE) return { path, problem: 'old', version: version.text };
    return { kind: 'found', path, version: version.text };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { path, problem: 'missing' };
    return { path, problem: 'broken', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Reads `v20.11.1`, also with a suffix. @throws when it is no version of Node. */
export function parseVersion(printed: string): { readonly text: string; readonly major: number } {
  const match = /^v((\d+)\.\d+\.\d+\S*)$/.exec(printed.trim());
  if (!match) throw new Error(`it printed "${printed.trim().slice(0, 80)}", not a version of Node`);
  return { text: match[1]!, major: Number(match[2]) };
}

/** Files that may be a Node, the preferred first: PATH, then where managers and installers put it. */
export function candidates(machine: Machine): readonly string[] {
  const found = machine.platform === 'win32' ? windowsPlaces(machine) : unixPlaces(machine);
  return [...new Set([...onPath(machine), ...found])];
}

function onPath({ platform, env, list }: Machine): string[] {
  const isWindows = platform === 'win32';
  const { join, delimiter } = isWindows ? win32 : posix;
  const name = isWindows ? 'node.exe' : 'node';
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter(folder => folder !== '');
  return folders.filter(folder => list(folder).includes(name)).map(folder => join(folder, name));
}

function unixPlaces({ home, env, list }: Machine): string[] {
  const { join } = posix;
  const versions = (folder: string, tail: string) =>
    newestFirst(list(folder)).map(version => join(folder, version, tail));
  const data = env.XDG_DATA_HOME ?? join(home, '.local', 'share');
  return [
    ...versions(join(env.NVM_DIR ?? join(home, '.nvm'), 'versions', 'node'), 'bin/node'),
    ...versions(join(env.VOLTA_HOME ?? join(home, '.volta'), 'tools', 'image', 'node'), 'bin/node'),
    ...versions(join(env.FNM_DIR ?? join(data, 'fnm'), 'node-versions'), 'installation/bin/node'),
    ...versions(join(home, '.fnm', 'node-versions'), 'installation/bin/node'),
    ...versions(join(home, '.asdf', 'installs', 'nodejs'), 'bin/node'),
    ...versions(join(data, 'mise', 'installs', 'node'), 'bin/node'),
    ...['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin', '/snap/bin']
      .filter(folder => list(folder).includes('node'))
      .map(folder => join(folder, 'node')),
  ];
}

function windowsPlaces({ env, list }: Machine): string[] {
  const { join } = win32;
  const roots = [env.ProgramFiles, env.LOCALAPPDATA && join(env.LOCALAPPDATA, 'Programs')];
  const installed = roots
    .filter(root => root !== undefined && root !== '')
    .map(root => join(root!, 'nodejs'));
  const nvm = env.NVM_HOME ?? join(env.APPDATA ?? '', 'nvm');
  const managed = newestFirst(list(nvm)).map(version => join(nvm, version));
  return [...managed, ...installed]
    .filter(folder => list(folder).includes('node.exe'))
    .map(folder => join(folder, 'node.exe'));
}

/** Folder names that are versions, newest first. */
function newestFirst(names: readonly string[]): string[] {
  const numbers = (name: string) => name.replace(/^v/, '').split('.').map(Number);
  return names
    .filter(name => /^v?\d+\.\d+\.\d+/.test(name))
    .sort((one, other) => {
      const [a, b] = [numbers(one), numbers(other)];
      return b[0]! - a[0]! || b[1]! - a[1]! || b[2]! - a[2]!;
    });
}

export const thisMachine: Machine = {
  platform: process.platform,
  home: homedir(),
  env: process.env,
  list: folder => {
    try {
      return readdirSync(folder);
    } catch {
      return []; // no such folder, or none of ours to read
    }
  },
  version: file =>
    new Promise((resolve, reject) => {
      execFile(file, ['--version'], { timeout: 10_000 }, (error, stdout) => {
        if (error) reject(error);
        else resolve(stdout);
      });
    }),
};
