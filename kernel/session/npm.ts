// `%npm install NAME` in a cell: npm as it would run in a terminal in the notebook's folder, its progress in the
// cell, its failures in words. A cell may run any code, so npm may too: install scripts run as npm is configured
// (`ignore-scripts` in .npmrc, or --ignore-scripts on the line).
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { explainNpm, NpmError } from './npm-words.ts';

export interface NpmOptions {
  /** The notebook's. */
  readonly folder: string;
  /** Takes whole lines, to be shown in the cell. */
  readonly say: (line: string, name: 'stdout' | 'stderr') => void;
  /** Ends npm. */
  readonly signal: AbortSignal;
  /** Told which packages the line names, before npm begins. */
  readonly note?: (names: readonly string[]) => void;
}

/** What may be said, and how npm calls it. */
const COMMANDS: Readonly<Record<string, 'install' | 'uninstall' | 'ls'>> = {
  install: 'install',
  i: 'install',
  add: 'install',
  uninstall: 'uninstall',
  remove: 'uninstall',
  rm: 'uninstall',
  un: 'uninstall',
  ls: 'ls',
  list: 'ls',
};

/** Every request is told, so that there is progress without a terminal; a network that is gone is not waited for. */
const QUIET = ['--no-fund', '--no-audit', '--no-progress', '--no-update-notifier', '--color=false'];
const TOLD = ['--loglevel=http', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', ...QUIET];

/**
 * Runs what a line says behind `%npm`; resolves with the names of the packages installed or removed.
 * @throws NpmError in words, and what `signal` was aborted with
 */
export async function npm(
  line: string,
  { folder, say, signal, note }: NpmOptions,
): Promise<readonly string[]> {
  const [word = '', ...words] = splitWords(line);
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  const names = words.filter(one => !one.startsWith('-')).map(nameOf);
  if (command === undefined) throw new NpmError(unknown(word, words));
  const home = homeOf(folder);
  refuse(command, words, names, home ?? folder);
  note?.(names);
  const isNew = command === 'install' && !existsSync(join(home ?? folder, 'package.json'));
  if (command !== 'ls' && home !== null && home !== folder)
    say(`In ${home}, to which this folder belongs (npm's rule: the nearest package.json above)`, 'stdout');
  const flags = command === 'ls' ? QUIET : TOLD;
  const errors = await ended(start([command, ...flags, ...words], folder), { say, signal }, command === 'ls');
  if (errors !== null) throw new NpmError(explainNpm(errors, `${word} ${words.join(' ')}`.trim()));
  if (isNew) say(`New: ${join(home ?? folder, 'package.json')}, where npm notes what is installed`, 'stdout');
  return names;
}

function splitWords(line: string): string[] {
  return (line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map(word => word.replace(/["']/g, ''));
}

/** `@a/b@1.2` is the package `@a/b`. */
function nameOf(wanted: string): string {
  return wanted.replace(/(?<=.)@.*$/, '');
}

function unknown(word: string, words: readonly string[]): string {
  if (word === '') return 'Cannot run %npm: it needs a command. Write %npm install NAME';
  const line = ['npm', word, ...words].join(' ');
  return `Cannot run "%npm ${word}" in a cell: it knows install, uninstall and ls. For the rest a terminal is the place: ${line}`;
}

/** @throws NpmError */
function refuse(command: string, words: readonly string[], names: readonly string[], home: string): void {
  if (words.some(word => /^(?:-g|--global|--location=global)$/.test(word)))
    throw new NpmError(
      `Cannot ${command} globally: cells import only from the notebook's folder. Leave the option away`,
    );
  if (command === 'ls' || names.length > 0) return;
  if (command === 'uninstall')
    throw new NpmError('Cannot uninstall: no package is named. Write %npm uninstall NAME');
  if (!existsSync(join(home, 'package.json')))
    throw new NpmError(
      `Cannot install: no package is named and ${home} has no package.json. Write %npm install NAME`,
    );
}

/** The folder npm works in: the nearest with a package.json or packages. Null: it will be the notebook's. */
function homeOf(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const isHome = existsSync(join(at, 'package.json')) || existsSync(join(at, 'node_modules'));
    if (isHome && basename(at) !== 'node_modules') return at;
    if (dirname(at) === at) return null;
  }
}

function start(words: readonly string[], cwd: string): ChildProcess {
  const script = npmScript();
  const isWindows = process.platform === 'win32';
  // In the kernel's process group: what npm starts ends with the kernel and hears of interrupts (process-group.ts).
  const options = { cwd, stdio: ['ignore', 'pipe', 'pipe'] as ('ignore' | 'pipe')[] };
  return script === null
    ? spawn(isWindows ? 'npm.cmd' : 'npm', [...words], { ...options, shell: isWindows })
    : spawn(process.execPath, [script, ...words], options);
}

/** npm as it comes with Node: beside the Node that runs this, else wherever the PATH has one. Null: left to the PATH. */
export function npmScript(): string | null {
  const inside = ['node_modules', 'npm', 'bin', 'npm-cli.js'];
  const folder = dirname(process.execPath);
  const places = [join(folder, ...inside), join(folder, '..', 'lib', ...inside)];
  for (const entry of (process.env.PATH ?? '').split(delimiter).filter(Boolean))
    places.push(join(entry, ...inside), join(entry, '..', 'lib', ...inside));
  return places.find(place => existsSync(place)) ?? null;
}

/** Milliseconds it has to end when asked to. */
const PATIENCE = 2000;

/** Resolves with what it said on stderr where it failed, else null; its exit code is no failure when `tolerant`. */
function ended(
  child: ChildProcess,
  { say, signal }: Pick<NpmOptions, 'say' | 'signal'>,
  tolerant: boolean,
): Promise<string | null> {
  const errors: string[] = [];
  const progress = new Progress(say);
  onLine(child.stdout, line => signal.aborted || say(line, 'stdout'));
  onLine(child.stderr, line => {
    if (signal.aborted || progress.takes(line)) return;
    if (isFailure(line)) errors.push(line);
    else say(line, 'stderr');
  });
  const interrupt = () => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), PATIENCE).unref();
  };
  const onExit = () => void child.kill('SIGKILL');
  process.once('exit', onExit);
  signal.addEventListener('abort', interrupt);
  return new Promise<string | null>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    child.once('error', error =>
      resolve(`npm error code ${Reflect.get(error, 'code')}\nnpm error spawn ${error.message}`),
    );
    child.once('close', (code, killed) => {
      const end = () => resolve(code === 0 || tolerant ? null : errors.join('\n'));
      // An interrupt may reach npm first.
      if (killed === null && (code ?? 0) < 128) end();
      else setTimeout(end, PATIENCE);
    });
  }).finally(() => {
    progress.end();
    process.removeListener('exit', onExit);
  });
}

function isFailure(line: string): boolean {
  return /^npm (?:error|ERR!)/.test(line);
}

function onLine(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
  if (!stream) return;
  createInterface({ input: stream }).on('line', line => {
    if (line.trim() !== '') take(line);
  });
}

/** Requests that npm makes, told once a second at most; and that it is still at work where it makes none. */
class Progress {
  readonly #say: NpmOptions['say'];
  readonly #began = Date.now();
  readonly #timer: NodeJS.Timeout;
  #requests = 0;
  #told = 0;
  #newest = '';

  constructor(say: NpmOptions['say']) {
    this.#say = say;
    this.#timer = setInterval(() => this.#tell(), 1000).unref();
  }

  /** Whether the line is one of npm's about its requests. */
  takes(line: string): boolean {
    const [, what] = /^npm http (.*)$/.exec(line) ?? [];
    if (what === undefined) return false;
    this.#requests++;
    this.#newest = inWords(what);
    return true;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    const seconds = Math.round((Date.now() - this.#began) / 1000);
    if (this.#requests === this.#told && seconds % 10 !== 1) return;
    this.#told = this.#requests;
    const newest = this.#newest === '' ? '' : `, now ${this.#newest}`;
    this.#say(`… ${seconds} s, ${this.#requests} requests${newest}`, 'stdout');
  }
}

/** `fetch GET 200 https://host/left-pad/-/left-pad-1.3.0.tgz 11ms (cache miss)` is about left-pad-1.3.0.tgz. */
function inWords(request: string): string {
  const [, address = '', rest = ''] = /(https?:\/\/\S+)(.*)$/.exec(request) ?? [];
  const name = decodeURIComponent(address.replace(/^.*\/-\//, '').replace(/^https?:\/\/[^/]+\//, ''));
  const failed = /failed with (\w+)/.exec(rest)?.[1];
  return failed === undefined ? name : `${name} (no answer: ${failed}; trying again)`;
}
