// Every lesson, cell by cell as a learner runs it, is free of type errors under the options that hold without a
// tsconfig.json.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatDiagnostics } from '../../kernel/language/format.ts';
import { Session } from './session.ts';

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

function codeCells(file: string): string[] {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { cells: readonly Cell[] };
  const code = cells.filter(({ cell_type }) => cell_type === 'code');
  return code.map(({ source }) => (typeof source === 'string' ? source : source.join('')));
}

for (const language of ['en', 'ko']) {
  const folder = join(process.cwd(), 'notebooks', language);
  for (const lesson of readdirSync(folder).filter(name => name.endsWith('.ipynb')))
    test(`no type errors: ${language}/${lesson}`, () => {
      const session = new Session(folder);
      const cells = codeCells(join(folder, lesson));
      const told = cells.map((code, index) => {
        const text = formatDiagnostics(code, index + 1, session.diagnose(code));
        session.ran(code);
        return text;
      });
      assert.ok(cells.length > 5);
      assert.equal(told.join(''), '');
    });
}
