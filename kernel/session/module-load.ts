// Reads a user's TypeScript file for Node.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FileMap } from './file-maps.ts';
import { bare } from './module-resolution.ts';
import { transpileFile } from './transpile.ts';

export interface Loaded {
  readonly format: 'module' | 'commonjs';
  readonly source: string;
  readonly shortCircuit: true;
}

/** @throws SyntaxError naming file, line and column */
export function loadTypeScript(url: string, keep: (map: FileMap) => void): Loaded {
  const path = fileURLToPath(bare(url));
  const format = path.endsWith('.cts') ? 'commonjs' : 'module';
  const { code, map } = transpileFile(readFileSync(path, 'utf8'), path, format);
  keep({ name: url, map });
  return { format, source: code, shortCircuit: true };
}
