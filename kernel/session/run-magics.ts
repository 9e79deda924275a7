// Follows a cell's magics, before the rest of the cell runs.
import type { Magic } from './magics.ts';
import { magicProblem } from './magics.ts';
import { npm } from './npm.ts';
import { NpmError } from './npm-words.ts';
import { installedVersion, isLoaded } from './packages.ts';
import { CellSyntaxError } from './syntax-error.ts';

interface MagicOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly executionCount: number;
}

/** @throws CellSyntaxError before anything is done, when one of them is none */
export function requireMagics(magics: readonly Magic[]): void {
  const problems = magics.flatMap(magic => {
    const message = magicProblem(magic);
    return message === null ? [] : [{ message, line: magic.line, column: 1 }];
  });
  if (problems.length > 0) throw new CellSyntaxError(problems);
}

/** One after another. @throws NpmError at the magic's line, and what `signal` was aborted with */
export async function runMagics(magics: readonly Magic[], options: MagicOptions): Promise<void> {
  for (const magic of magics) {
    try {
      await runNpm(magic.rest, options);
    } catch (error) {
      throw error instanceof NpmError ? locate(error, magic.line, options.executionCount) : error;
    }
  }
}

async function runNpm(line: string, { folder, signal }: MagicOptions): Promise<void> {
  const before = new Map<string, string | null>();
  const say = (text: string, name: 'stdout' | 'stderr') => void process[name].write(`${text}\n`);
  const note = (names: readonly string[]) => {
    for (const name of names) before.set(name, installedVersion(name, folder));
  };
  const names = await npm(line, { folder, say, signal, note });
  for (const name of names) {
    const now = installedVersion(name, folder);
    if (isLoaded(name) && now !== before.get(name))
      say(
        `${name} ${before.get(name)} is loaded already: restart the kernel to use ${now ?? 'none'}`,
        'stderr',
      );
  }
}

/** As if the line had thrown it. */
function locate(error: NpmError, line: number, executionCount: number): NpmError {
  error.stack = `${error.name}: ${error.message}\n    at Cell In[${executionCount}]:${line}:1`;
  return error;
}
