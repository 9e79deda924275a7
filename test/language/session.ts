// A session of cells for the tests of the language service, in this thread. `|` in a cell marks the place asked
// about.
import { join } from 'node:path';
import type { CellDiagnostic, DescribedMatch } from '../../kernel/language/messages.ts';
import { LanguageService } from '../../kernel/language/service.ts';

export class Session {
  readonly service: LanguageService;
  #count = 0;

  constructor(folder = join(process.cwd(), 'test')) {
    this.service = new LanguageService(folder, join(process.cwd(), 'dist', 'declarations'));
  }

  /** Runs cells; gives the serial numbers of those that are forgotten. */
  ran(...cells: readonly string[]): number[] {
    return cells.flatMap(code => [...this.service.ran(++this.#count, { code, count: this.#count })]);
  }

  diagnose(code: string): readonly CellDiagnostic[] {
    return this.service.diagnose({ code, count: this.#count + 1 });
  }

  /** `2:7 TS2322` for each error. */
  errors(code: string): string[] {
    return this.diagnose(code).map(({ line, column, code }) => `${line}:${column} TS${code}`);
  }

  messages(code: string): string[] {
    return this.diagnose(code).map(({ message }) => message);
  }

  complete(marked: string): { texts: string[]; replaced: string; described: readonly DescribedMatch[] } {
    const [code, offset] = unmark(marked);
    const { matches, start, end, metadata } = this.service.complete({ code, offset });
    const described = metadata._jupyter_types_experimental ?? [];
    return { texts: matches, replaced: code.slice(start, end), described };
  }

  inspect(marked: string, detail: 0 | 1 = 0): { plain: string; markdown: string } | null {
    const [code, offset] = unmark(marked);
    const bundle = this.service.inspect({ code, offset, detail });
    if (!bundle) return null;
    return { plain: String(bundle['text/plain']), markdown: String(bundle['text/markdown']) };
  }
}

function unmark(marked: string): [code: string, offset: number] {
  return [marked.replace('|', ''), marked.indexOf('|')];
}
