// What a completion costs: the first after the start of the language thread, against the first of tsserver, which
// is what VS Code asks; and later ones in a session of 100 cells with tfjs' types loaded, against TypeScript's
// service over the same cells as one file. Ours come with the signatures of those on the screen; of the one file
// VS Code asks for the list, then for the signature of the entry it puts the cursor on.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { LanguageClient } from '../kernel/language/client.ts';

export const about = `Completions, in one process of Node ${process.version}`;

interface Measurement {
  readonly case: string;
  readonly ours: string;
  readonly peer: string;
  readonly unit: 'ms';
  readonly seconds?: number;
  readonly oursRun: () => Promise<number>;
  readonly peerRun: () => Promise<number>;
  readonly dispose?: () => Promise<void>;
}

const folder = process.cwd();
const worker = pathToFileURL(join(folder, 'dist', 'language-thread.js'));
const ours = 'gatebook, a module a cell';
const peer = 'TypeScript, one file';

async function timed(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** A service as an editor makes it: packages from node_modules, the file's whole text at each keystroke. */
class OneFile {
  readonly #name = join(folder, 'cells.ts');
  readonly #service: ts.LanguageService;
  #text = '';
  #version = 0;

  constructor() {
    const snapshots = new Map<string, ts.IScriptSnapshot>();
    const read = (file: string) => {
      const text = ts.sys.readFile(file);
      if (text !== undefined) snapshots.set(file, ts.ScriptSnapshot.fromString(text));
      return snapshots.get(file);
    };
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => ({
        ...{ target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts'], types: ['node'], strict: true },
        ...{ module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
        ...{ skipLibCheck: true, noEmit: true },
      }),
      getScriptFileNames: () => [this.#name],
      getScriptVersion: file => (file === this.#name ? String(this.#version) : '1'),
      getScriptSnapshot: file =>
        file === this.#name ? ts.ScriptSnapshot.fromString(this.#text) : (snapshots.get(file) ?? read(file)),
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: file => file === this.#name || ts.sys.fileExists(file),
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      realpath: path => ts.sys.realpath?.(path) ?? path,
    });
  }

  complete(cells: readonly string[], code: string): number {
    this.#write(cells, code);
    const place = this.#text.length;
    const { entries } = this.#service.getCompletionsAtPosition(this.#name, place, {}) ?? { entries: [] };
    const first = entries.find(({ name }) => name.startsWith(/\w*$/.exec(code)?.[0] ?? ''));
    if (first)
      this.#service.getCompletionEntryDetails(
        this.#name,
        place,
        first.name,
        {},
        first.source,
        {},
        first.data,
      );
    return entries.length;
  }

  diagnose(cells: readonly string[], code: string): number {
    this.#write(cells, code);
    return this.#service.getSemanticDiagnostics(this.#name).length;
  }

  #write(cells: readonly string[], code: string): void {
    this.#text = [...cells, code].join('\n');
    this.#version++;
  }

  dispose(): void {
    this.#service.dispose();
  }
}

const TFJS = "import * as tf from '@tensorflow/tfjs'; ";

/** From nothing to the first list. */
function first(what: string, code: string): Measurement {
  return {
    ...{ case: `first completion, ${what}`, ours: 'gatebook, a new thread', peer: 'tsserver, a new process' },
    ...{ unit: 'ms', seconds: 8 },
    oursRun: async () => {
      const client = new LanguageClient({ folder, worker });
      const time = await timed(async () => some((await client.complete(code, code.length)).matches.length));
      await client.dispose();
      return time;
    },
    peerRun: async () => {
      const server = new Tsserver();
      const time = await timed(async () => some(await server.complete(code)));
      server.end();
      return time;
    },
  };
}

function some(count: number): void {
  if (count === 0) throw new Error('No completions came');
}

/** Speaks its protocol: requests as lines, answers behind a Content-Length. */
class Tsserver {
  readonly #process = spawn(
    process.execPath,
    [join(folder, 'node_modules', 'typescript', 'lib', 'tsserver.js'), '--disableAutomaticTypingAcquisition'],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );

  complete(code: string): Promise<number> {
    const file = join(folder, 'cells.ts');
    this.#send(1, 'open', { file, fileContent: code });
    this.#send(2, 'completionInfo', { file, line: 1, offset: code.length + 1 });
    return new Promise((resolve, reject) => {
      let text = '';
      this.#process.once('error', reject);
      this.#process.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const answer = text.split('\n').find(line => line.includes('"request_seq":2') && line.endsWith('}'));
        if (answer)
          resolve((JSON.parse(answer) as { body?: { entries: unknown[] } }).body?.entries.length ?? 0);
      });
    });
  }

  end(): void {
    this.#process.kill();
  }

  #send(seq: number, command: string, args: object): void {
    this.#process.stdin.write(`${JSON.stringify({ seq, type: 'request', command, arguments: args })}\n`);
  }
}

const CELLS = [
  TFJS,
  ...Array.from(
    { length: 99 },
    (_, at) => `const value${at} = tf.zeros([${at + 1}]); let n${at}: number = ${at};`,
  ),
];

async function* later(): AsyncGenerator<Measurement> {
  const client = new LanguageClient({ folder, worker });
  const file = new OneFile();
  for (const [at, code] of CELLS.entries()) client.ran(code, at + 1);
  let turn = 0;
  const measure = (what: string, code: (turn: number) => string): Measurement => ({
    ...{ case: `completion at 100 cells, ${what}`, ours, peer, unit: 'ms' },
    oursRun: () => {
      const text = code(++turn);
      return timed(() => client.complete(text, text.length));
    },
    peerRun: () => timed(() => file.complete(CELLS, code(++turn))),
  });
  yield measure('member of a tensor', n => `value${n % 99}.`);
  yield measure('member of tf', n => `/*${n}*/ tf.ze`);
  yield measure('name', n => `/*${n}*/ val`);
  yield measure('another letter of a word', n => `tf.${'zerosLike'.slice(0, 1 + (n % 9))}`);
  yield {
    ...{ case: 'type errors of a cell at 100 cells', ours, peer, unit: 'ms' },
    oursRun: () => timed(() => client.diagnose(`const s${++turn}: string = value${turn % 99}.rank`, 101)),
    peerRun: () => timed(() => file.diagnose(CELLS, `const s${++turn}: string = value${turn % 99}.rank`)),
    dispose: async () => {
      file.dispose();
      await client.dispose();
    },
  };
}

export async function* cases(): AsyncGenerator<Measurement> {
  yield first('plain values', 'const x = [1]; x.fi');
  yield first('tfjs', `${TFJS}tf.ze`);
  yield* later();
}
