// Notebooks for tests in VS Code: writing them to disk, and opening, running and reading them there.
import { writeFile } from 'node:fs/promises';
import type { NotebookCellOutputItem } from 'vscode';
import type { Vscode } from './vscode.ts';

/** Writes a notebook with one code cell a source; `kernel` null leaves the kernelspec out. */
export async function writeNotebook(
  file: string,
  sources: readonly string[],
  kernel: 'gatebook' | 'python3' | null = 'gatebook',
): Promise<void> {
  const language = kernel === 'gatebook' ? 'typescript' : 'python';
  const kernelspec = { name: kernel, display_name: kernel, language };
  const metadata = kernel ? { kernelspec, language_info: { name: language } } : {};
  const cells = sources.map((source, index) => ({
    cell_type: 'code',
    execution_count: null,
    id: `cell-${index}`,
    metadata: {},
    outputs: [],
    source,
  }));
  await writeFile(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1));
}

/** A cell as a test sees it: texts by MIME type, one object an output. */
export interface CellState {
  readonly outputs: readonly Readonly<Record<string, string>>[];
  readonly success: boolean | null;
  readonly order: number | null;
}

export const STDOUT = 'application/vnd.code.notebook.stdout';
export const STDERR = 'application/vnd.code.notebook.stderr';
export const ERROR = 'application/vnd.code.notebook.error';

/** One notebook in a running VS Code. */
export class NotebookHandle {
  readonly #code: Vscode;
  readonly #file: string;

  private constructor(code: Vscode, file: string) {
    this.#code = code;
    this.#file = file;
  }

  /** Opens a notebook as a click in the explorer does: a document opened by API would live on for minutes. */
  static async open(code: Vscode, file: string): Promise<NotebookHandle> {
    await code.call(async (api, path) => {
      await api.commands.executeCommand('vscode.openWith', api.Uri.file(path), 'jupyter-notebook');
      const isThere = () => api.window.activeNotebookEditor?.notebook.uri.path === path;
      while (!isThere()) await new Promise(resolve => setTimeout(resolve, 50));
    }, file);
    return new NotebookHandle(code, file);
  }

  /** One that is open already. */
  static of(code: Vscode, path: string): NotebookHandle {
    return new NotebookHandle(code, path);
  }

  /** What the toolbar calls the kernel. */
  async kernelLabel(expected: string): Promise<string> {
    const label = this.#code.page.locator('.kernel-label:visible').first();
    await label.filter({ hasText: expected }).waitFor({ timeout: 15_000 });
    return (await label.textContent())?.trim() ?? '';
  }

  /** Starts cells and does not wait. */
  start(index: number, end = index + 1): Promise<void> {
    return this.#code.call(
      async (api, { file, start, end }) => {
        const document = api.workspace.notebookDocuments.find(one => one.uri.path === file)!;
        // Its promise settles with the cells, which may run for ever.
        void api.commands.executeCommand('notebook.cell.execute', {
          ranges: [{ start, end }],
          document: document.uri,
        });
      },
      { file: this.#file, start: index, end },
    );
  }

  /** Runs one cell and waits for its end. */
  async run(index: number, seconds = 60): Promise<CellState> {
    const before = await this.cell(index);
    await this.start(index);
    return this.until(
      index,
      cell => cell.success !== null && (cell.order !== before.order || cell.success !== before.success),
      seconds,
    );
  }

  /** Runs all cells; gives what went wrong in those that failed or did not run, and how many there are. */
  runAll(seconds = 150): Promise<{ readonly count: number; readonly failures: readonly string[] }> {
    return this.#code.call(
      async (api, file) => {
        const document = api.workspace.notebookDocuments.find(one => one.uri.path === file)!;
        await api.commands.executeCommand('notebook.execute');
        const cells = document.getCells().filter(cell => cell.kind === api.NotebookCellKind.Code);
        const failed = cells.filter(cell => cell.executionSummary?.success !== true);
        const failures = failed.map(cell => {
          const errors = cell.outputs.flatMap(one => one.items).filter(item => item.mime.endsWith('.error'));
          return `cell ${cell.index}: ${errors.map(item => new TextDecoder().decode(item.data)).join()}`;
        });
        return { count: cells.length, failures };
      },
      this.#file,
      seconds,
    );
  }

  /** Waits until a cell is as wanted. */
  async until(index: number, isSo: (cell: CellState) => boolean, seconds = 30): Promise<CellState> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const cell = await this.cell(index);
      if (isSo(cell)) return cell;
      if (Date.now() > deadline) {
        await this.#code.picture('failed');
        throw new Error(
          `Cell ${index} is not as wanted after ${seconds} s: ${JSON.stringify(cell).slice(0, 2000)}`,
        );
      }
      await this.#code.page.waitForTimeout(100);
    }
  }

  cell(index: number): Promise<CellState> {
    return this.#code.call(
      (api, { file, index }) => {
        const document = api.workspace.notebookDocuments.find(one => one.uri.path === file)!;
        const cell = document.cellAt(index);
        const text = (item: NotebookCellOutputItem) => [item.mime, new TextDecoder().decode(item.data)];
        const { success, executionOrder, timing } = cell.executionSummary ?? {};
        const isOver = success !== undefined && timing?.endTime !== undefined;
        return {
          outputs: cell.outputs.map(
            output => Object.fromEntries(output.items.map(text)) as Record<string, string>,
          ),
          success: isOver ? success : null,
          order: executionOrder ?? null,
        };
      },
      { file: this.#file, index },
    );
  }

  interrupt(): Promise<void> {
    return this.#code.call(async api => {
      await api.commands.executeCommand('notebook.cancelExecution');
    }, null);
  }
}

/** All text of one kind that a cell printed. */
export function printed(cell: CellState, mime = STDOUT): string {
  return cell.outputs.map(output => output[mime] ?? '').join('');
}

/** Name, message and stack of a cell's error, as one text. */
export function errorOf(cell: CellState): string {
  return cell.outputs.map(output => output[ERROR] ?? '').join('');
}
