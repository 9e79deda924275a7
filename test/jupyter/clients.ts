// Shared by the tests with Jupyter's own clients: the Python environment they live in, our kernelspec in it,
// and folders of their own for whatever those programs would write into the user's home.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import '../data-folder.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the program is ended; the test then fails by its exit code. */
  readonly timeout?: number;
}

/**
 * One test file's use of the clients: a folder that goes away with it, and what it started. The folder's path
 * stands in the environment of every process started here and of their children: how they are found again.
 */
export class Clients {
  readonly folder = mkdtempSync(join(tmpdir(), 'gatebook-jupyter-'));
  readonly venv: string;

  /** @param name of a folder in environments/ */
  constructor(name = 'clients') {
    this.venv = join(process.cwd(), 'test', 'jupyter', 'environments', name, '.venv');
    if (!existsSync(this.venv))
      throw new Error(`Cannot start Jupyter: run \`node test/jupyter/install.mjs ${name}\``);
    for (const name of ['config', 'data', 'runtime', 'ipython', 'home']) mkdirSync(join(this.folder, name));
  }

  /** Registers the built kernel in the environment, as its user would; it will run on `node`. */
  async installKernel(name = 'gatebook', node = process.execPath): Promise<void> {
    const cli = join(process.cwd(), 'dist', 'cli.js');
    const { code, stderr } = await this.#run(node, [cli, 'install', '--prefix', this.venv, '--name', name]);
    assert.equal(code, 0, stderr);
  }

  /** Runs a program of the environment: `run('jupyter', ['kernelspec', 'list'])`. */
  run(program: string, args: readonly string[], options: Options = {}): Promise<Ended> {
    return this.#run(join(this.venv, 'bin', program), args, options);
  }

  /** Runs a Python file of this folder and gives the JSON of the last line that it printed. */
  async python<T>(file: string, args: readonly string[] = [], options: Options = {}): Promise<T> {
    const { code, stdout, stderr } = await this.run('python', [this.file(file), ...args], options);
    assert.equal(code, 0, `${file} ended with ${code}:\n${stdout}\n${stderr}`);
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T;
  }

  file(name: string): string {
    return join(process.cwd(), 'test', 'jupyter', name);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Starts a program that goes on, such as a server. `close` ends it. */
  start(program: string, args: readonly string[], options: Options = {}): ChildProcess {
    return spawn(join(this.venv, 'bin', program), args, {
      cwd: options.cwd ?? this.folder,
      env: { ...this.environment(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      JUPYTER_CONFIG_DIR: this.path('config'),
      JUPYTER_DATA_DIR: this.path('data'),
      JUPYTER_RUNTIME_DIR: this.path('runtime'),
      IPYTHONDIR: this.path('ipython'),
      PYTHONDONTWRITEBYTECODE: '1',
      PYDEVD_DISABLE_FILE_VALIDATION: '1',
      LANG: 'C.UTF-8',
    };
  }

  /** Command lines of processes that were started from here and still live, kernels included. */
  alive(): string[] {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .filter(pid => readProc(pid, 'environ').includes(this.folder))
      .map(pid => readProc(pid, 'cmdline').replaceAll('\0', ' ').trim())
      .filter(line => line !== '');
  }

  /** Asserts that all that was started ended by itself, within the 5 s that a busy machine may take. */
  async assertNoneLeft(): Promise<void> {
    for (let waited = 0; waited < 5000 && this.alive().length > 0; waited += 100) await sleep(100);
    assert.deepEqual(this.alive(), [], 'processes are left');
    const connections = readdirSync(this.path('runtime')).filter(name => name.startsWith('kernel-'));
    assert.deepEqual(connections, [], 'connection files are left');
  }

  /** Removes the folder. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(program: string, args: readonly string[], options: Options = {}): Promise<Ended> {
    const child = spawn(program, args, {
      cwd: options.cwd ?? this.folder,
      env: { ...this.environment(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeout ?? 120_000,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', data => (stdout += data));
    child.stderr.on('data', data => (stderr += data));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', code => resolve({ code, stdout, stderr }));
    });
  }
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile, or is somebody else's
  }
}
