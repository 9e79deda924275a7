// Golden transcripts: cells in, messages out, as test/golden/kernel/*.txt has them. To write what the
// kernel says now into the files, and read the difference: GATEBOOK_UPDATE=1 node test/run.mjs golden
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Kernel } from '../../kernel/client.ts';
import type { IopubMessage } from '../../kernel/protocol.ts';
import { runCell, startKernel, temporaryFolder } from './kernel.ts';

const GOLDEN = join(process.cwd(), 'test', 'golden', 'kernel');

for (const file of readdirSync(GOLDEN)) {
  test(`transcript ${file}`, async context => {
    const expected = readFileSync(join(GOLDEN, file), 'utf8');
    const folder = temporaryFolder(context);
    writeFixtures(folder);
    const kernel = await startKernel(context, { folder });
    const said = (await transcribe(kernel, expected)).replaceAll(folder, '<folder>');
    if (process.env.GATEBOOK_UPDATE === '1') writeFileSync(join(GOLDEN, file), said);
    else assert.equal(said, expected);
  });
}

/** Runs the cells of a transcript and gives the transcript that comes of it. */
async function transcribe(kernel: Kernel, transcript: string): Promise<string> {
  const steps: string[] = [];
  let late: Promise<IopubMessage> | undefined;
  for (const step of transcript.split(/^=== /m).slice(1)) {
    if (step.startsWith('late')) {
      steps.push(`late\n--- messages\n${describe([await late!])}`);
      continue;
    }
    const [source = ''] = step.slice('cell\n'.length).split(/^--- messages\n/m);
    late = new Promise(resolve => kernel.onLateOutput(resolve));
    const { reply, messages } = await runCell(kernel, source.replace(/\n$/, ''));
    steps.push(`cell\n${source}--- messages\n${describe(messages)}reply ${reply.status}\n`);
  }
  return steps.map(step => `=== ${step}`).join('');
}

/** One line a message and its text indented below; pieces of a stream are joined, as their number varies. */
function describe(messages: readonly IopubMessage[]): string {
  const parts: { head: string; text: string }[] = [];
  for (const message of messages) {
    const part = { head: headOf(message), text: textOf(message) };
    const last = parts.at(-1);
    if (last && last.head === part.head && message.header.msg_type === 'stream') last.text += part.text;
    else parts.push(part);
  }
  return parts.map(({ head, text }) => `${head}\n${text === '' ? '' : indent(text)}`).join('');
}

function headOf({ header, content }: IopubMessage): string {
  if ('execution_state' in content) return `status ${content.execution_state}`;
  if ('code' in content) return `execute_input [${content.execution_count}]`;
  if ('text' in content) return `stream ${content.name}`;
  if ('ename' in content) return 'error';
  if ('wait' in content) return `clear_output wait=${content.wait}`;
  if (!('transient' in content)) return header.msg_type;
  const { display_id = '' } = content.transient;
  const id = /^[0-9a-f-]{36}$/.test(display_id) ? '<id>' : display_id;
  const metadata = Object.keys(content.metadata).length > 0 ? ` ${JSON.stringify(content.metadata)}` : '';
  return `${header.msg_type}${id ? ` ${id}` : ''}${metadata}`;
}

function textOf({ content }: IopubMessage): string {
  if ('text' in content) return content.text;
  if ('traceback' in content) return stripVTControlCharacters(content.traceback.join('\n'));
  if (!('data' in content)) return '';
  return Object.entries(content.data)
    .map(([type, data]) => `${type}: ${typeof data === 'string' ? data : JSON.stringify(data)}\n`)
    .join('');
}

function indent(text: string): string {
  return `${text.replace(/\n$/, '').replace(/^(?=.)/gm, '    ')}\n`;
}

/** What the transcripts import. */
function writeFixtures(folder: string): void {
  const files: Record<string, string> = {
    'local.ts': 'export enum Layer { Input, Hidden }\nexport const twice = (n: number): number => n * 2;\n',
    'data.json': '{ "units": 16 }\n',
    'node_modules/common-package/package.json': '{ "name": "common-package", "main": "index.js" }\n',
    'node_modules/common-package/index.js': "module.exports = { kind: 'CommonJS' };\n",
    'node_modules/modern-package/package.json':
      '{ "name": "modern-package", "type": "module", "exports": "./index.js" }\n',
    'node_modules/modern-package/index.js': "export const kind = 'ESM';\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
