// The kernelspec: the folder in which Jupyter finds how to start this kernel, and where such folders lie.
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: 'message';
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** @param cli path of dist/cli.js. @param displayName what a list of kernels shows. */
export function kernelSpec(cli: string, displayName: string): KernelSpec {
  return {
    argv: [process.execPath, ...process.execArgv, cli, 'kernel', '--connection-file', '{connection_file}'],
    display_name: displayName,
    language: 'typescript',
    interrupt_mode: 'message',
    env: {},
    // What the zeromq package's library was built with: jupyter_client may then ask for encryption.
    metadata: { debugger: false, supported_encryption: 'curve' },
  };
}

/** Where Jupyter looks for what one user installed. https://jupyter-core.readthedocs.io */
export function userDataFolder(env = process.env, platform = process.platform, home = homedir()): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === 'darwin') return join(home, 'Library', 'Jupyter');
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'jupyter');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'jupyter');
}

/** Where the Python environment in use keeps Jupyter's data. @throws Error in words when there is none */
export function environmentDataFolder(env = process.env): string {
  return join(env.VIRTUAL_ENV || env.CONDA_PREFIX || pythonPrefix(), 'share', 'jupyter');
}

function pythonPrefix(): string {
  for (const python of process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    try {
      return execFileSync(python, ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' }).trim();
    } catch {
      // The next name may be the one.
    }
  }
  throw new Error(
    'Cannot find the environment for --sys-prefix: VIRTUAL_ENV and CONDA_PREFIX are not set and python3 ' +
      'does not run. Activate the environment, or name its folder with --prefix.',
  );
}

/**
 * Writes the folder `name` beside its place and renames it there, so that Jupyter never sees half of one.
 * @param pictures files to copy, by their names in the kernelspec. @returns the folder
 */
export function writeKernelSpec(
  dataFolder: string,
  name: string,
  spec: KernelSpec,
  pictures: Readonly<Record<string, string>>,
): string {
  const folder = join(dataFolder, 'kernels', name);
  const beside = join(dataFolder, 'kernels', `.${name}-${process.pid}`);
  mkdirSync(beside, { recursive: true });
  try {
    writeFileSync(join(beside, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
    for (const [file, picture] of Object.entries(pictures)) copyFileSync(picture, join(beside, file));
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
  return folder;
}
