// `gatebook export`: a notebook as one self-contained page.
import { resolve } from 'node:path';
import { isCode, type Notebook } from '../notebook/format.ts';
import { readNotebook } from '../notebook/read.ts';
import { BadCall, type Command, complain, onePositional, say, text } from './command.ts';

export const exportCommand: Command = {
  usage: 'gatebook export NOTEBOOK --output FILE.html',
  about: 'write one self-contained page: figures alive, no kernel, no network',
  options: { output: { type: 'string' } },
  async run({ values, positionals }) {
    const notebook = onePositional(positionals, 'NOTEBOOK');
    const output = text(values.output);
    if (output === undefined) throw new BadCall('--output FILE.html is missing');
    if (resolve(output) === resolve(notebook)) throw new BadCall('--output would overwrite the notebook');
    if (!/\.html?$/i.test(output))
      throw new BadCall(`--output is '${output}', expected FILE.html: a page (a browser prints it as PDF)`);
    const { exportNotebook } = await import('../notebook/export.ts'); // its Markdown and mathematics take a while
    exportNotebook(notebook, output);
    say(output);
    if (wasNeverRun(readNotebook(notebook)))
      complain(
        `No cell of it has been run, so the page has no figures. Run it first: gatebook run ${notebook}`,
      );
    return 0;
  },
};

function wasNeverRun(notebook: Notebook): boolean {
  const code = notebook.cells.filter(isCode).filter(cell => cell.source.trim() !== '');
  return code.length > 0 && code.every(cell => cell.execution_count === null && cell.outputs.length === 0);
}
