// Reads a user's TypeScript file for Node.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FileMap } from './file-maps.ts';
import { bare, COMMONJS } from './module-resolution.ts';
import type { Loaded } from './module-script.ts';
import { transpileFile } from './transpile.ts';

/** @throws SyntaxError naming file, line and column */
export function loadTypeScript(url: string, keep: (map: FileMap) => void): Loaded {
  const path = fileURLToPath(bare(url));
  const format = path.endsWith('.cts') ? 'commonjs' : 'module';
  const { code, map } = transpileFile(readFileSync(path, 'utf8'), path, format);
  keep({ name: url, map });
  return { format, source: format === 'module' ? withCommonJs(code, path) : code, shortCircuit: true };
}

const NAMES = ['require', '__dirname', '__filename'];

/** In a module these are not defined; a file that uses them gets them, behind its code so that all places hold. */
function withCommonJs(code: string, path: string): string {
  const names = NAMES.filter(
    name => new RegExp(`(?<![.\\w$])${name}\\b`).test(code) && !isDeclared(name, code),
  );
  if (names.length === 0) return code;
  return `${code}\nimport { ${names.join(', ')} } from '${COMMONJS}${encodeURIComponent(path)}';`;
}

function isDeclared(name: string, code: string): boolean {
  return new RegExp(`\\b(?:const|let|var|function|class)\\s+${name}\\b|\\bimport\\b[^;]*\\b${name}\\b`).test(
    code,
  );
}
