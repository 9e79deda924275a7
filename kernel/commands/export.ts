// `gatebook export`: a notebook as one self-contained page.
import { resolve } from 'node:path';
import { BadCall, type Command, onePositional, say, text } from './command.ts';

export const exportCommand: Command = {
  usage: 'gatebook export NOTEBOOK --output FILE.html',
  about: 'write one self-contained page: figures alive, no kernel, no network',
  options: { output: { type: 'string' } },
  async run({ values, positionals }) {
    const notebook = onePositional(positionals, 'NOTEBOOK');
    const output = text(values.output);
    if (output === undefined) throw new BadCall('--output FILE.html is missing');
    if (resolve(output) === resolve(notebook)) throw new BadCall('--output would overwrite the notebook');
    const { exportNotebook } = await import('../notebook/export.ts'); // its Markdown and mathematics take a while
    exportNotebook(notebook, output);
    say(output);
    return 0;
  },
};
