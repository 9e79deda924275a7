// Modules that need no TypeScript to be read: JavaScript whose folder does not say of which kind it is, and what
// files written for CommonJS expect to find.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import { bare, COMMONJS } from './module-resolution.ts';

export interface Loaded {
  readonly format: 'module' | 'commonjs';
  readonly source: string;
  readonly shortCircuit: true;
}

/** Null for any other URL. */
export function commonJsSource(url: string): string | null {
  if (!url.startsWith(COMMONJS)) return null;
  const path = JSON.stringify(decodeURIComponent(url.slice(COMMONJS.length)));
  return `import { createRequire } from 'node:module';
import { dirname } from 'node:path';
export const __filename = ${path};
export const __dirname = dirname(__filename);
export const require = createRequire(__filename);`;
}

/**
 * The user's JavaScript as a module, if it is written as one. Null: it is not, and Node knows how to load it.
 * (From Node 22 on Node looks itself.)
 */
export function loadScriptAsModule(url: string): Loaded | null {
  const source = readFileSync(fileURLToPath(bare(url)), 'utf8');
  return isModule(source) ? { format: 'module', source, shortCircuit: true } : null;
}

const OF_MODULES =
  /^(?:Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta' outside a module|await is only valid in async functions)/;

function isModule(source: string): boolean {
  try {
    compileFunction(source, ['exports', 'require', 'module', '__filename', '__dirname']);
    return false;
  } catch (error) {
    return error instanceof SyntaxError && OF_MODULES.test(error.message);
  }
}
