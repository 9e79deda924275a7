// A cell's outputs as HTML.
import { renderBundle } from './export-bundle.ts';
import { type OutputContext, printed } from './export-text.ts';
import type { Output } from './format.ts';

/** HTML of all outputs of a cell; neighbouring pieces of one stream are one text. */
export function renderOutputs(outputs: readonly Output[], context: OutputContext): string {
  return joinStreams(outputs)
    .map(output => renderOutput(output, context))
    .join('\n');
}

function renderOutput(output: Output, context: OutputContext): string {
  switch (output.output_type) {
    case 'stream':
      return printed(output.name === 'stderr' ? 'stderr' : 'stdout', output.text);
    case 'error':
      return printed('error', tracebackOf(output.traceback, output.ename, output.evalue));
    default:
      return renderBundle(output.data, { ...context, metadata: output.metadata });
  }
}

function tracebackOf(traceback: string | readonly string[], name: string, value: string): string {
  const lines = typeof traceback === 'string' ? traceback : traceback.join('\n');
  return lines.trim() === '' ? `${name}: ${value}` : lines;
}

function joinStreams(outputs: readonly Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name)
      joined[joined.length - 1] = { ...last, text: last.text + output.text };
    else joined.push(output);
  }
  return joined;
}
