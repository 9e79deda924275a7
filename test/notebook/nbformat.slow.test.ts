// What we write is what Jupyter's own library would write, byte for byte: multi-line sources and outputs, every
// kind of text, mutated notebooks. (nbformat: https://nbformat.readthedocs.io)
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { NotebookError } from '../../kernel/notebook/format.ts';
import { parseNotebook } from '../../kernel/notebook/read.ts';
import { formatNotebook } from '../../kernel/notebook/write.ts';
import { Clients } from '../jupyter/clients.ts';
import { mutatedNotebook } from './mutate.ts';

const CASES = process.env.GATEBOOK_LONG ? 3000 : 300;
const clients = new Clients();
after(() => clients.close());

/** Reads every notebook in a folder, and where it is valid writes it again; prints what became of each. */
const PROGRAM = `
import json, pathlib, sys, nbformat
from nbformat.v4.nbjson import JSONWriter
outcomes = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob('*.ipynb')):
    text = path.read_text('utf8', newline='') if sys.version_info >= (3, 13) else open(path, encoding='utf8', newline='').read()
    try:
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
    except Exception as error:
        outcomes[path.name] = 'invalid: ' + type(error).__name__
        continue
    again = JSONWriter().writes(notebook) + '\\n'
    outcomes[path.name] = 'same' if again == text else again
print(json.dumps(outcomes))
`;

const TEXTS = [
  '',
  'a',
  'a\n',
  '\n',
  'a\nb',
  'a\r\nb\r\n',
  'a\rb',
  '\r\n\r\n',
  'form\ffeed\vtab\x1cfs\x1d\x1e\x85nel\u2028ls\u2029ps',
  '\u0000\u0007\u001b[31m\u007f',
  '한글\n이모지 🙂\n',
  '"quoted" \\ back\\n',
  ' \n \n',
  '\ud83d',
  '</script>\n',
];

function notebookOf(text: string): object {
  const bundle = {
    'text/plain': text,
    'text/html': text,
    'image/svg+xml': text,
    'application/javascript': text,
    'image/png': text,
    'application/x-other': text,
    'application/json': { text: [text] },
  };
  const code = {
    cell_type: 'code',
    id: 'c',
    metadata: { '10': 1, '9': [text] },
    source: text,
    execution_count: 1,
    outputs: [
      { output_type: 'stream', name: 'stdout', text },
      { output_type: 'display_data', data: bundle, metadata: { 'image/png': { width: 1 } } },
      { output_type: 'execute_result', execution_count: 1, data: bundle, metadata: {} },
      { output_type: 'error', ename: text, evalue: text, traceback: [text, text] },
    ],
  };
  const markdown = {
    cell_type: 'markdown',
    id: 'm',
    metadata: {},
    source: text,
    attachments: { 'a.svg': { 'image/svg+xml': text } },
  };
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [code, markdown, { cell_type: 'raw', id: 'r', metadata: {}, source: text }],
  };
}

test(`${TEXTS.length} texts in every place, and ${CASES} mutated notebooks`, async context => {
  const written = new Map<string, string>();
  TEXTS.forEach(
    (text, at) => void written.set(`text-${at}.ipynb`, formatted(JSON.stringify(notebookOf(text)))!),
  );
  for (let seed = 0; seed < CASES; seed++) {
    const text = formatted(mutatedNotebook(seed));
    if (text !== null) written.set(`seed-${seed}.ipynb`, text);
  }
  for (const [name, text] of written) writeFileSync(join(clients.folder, name), text);
  const { code, stdout, stderr } = await clients.run('python', [
    '-W',
    'ignore',
    '-c',
    PROGRAM,
    clients.folder,
  ]);
  assert.equal(code, 0, stderr);
  const outcomes = Object.entries(JSON.parse(stdout) as Record<string, string>);
  // Half a character: we escape it, Python cannot write it at all.
  const isWhole = (name: string) => !/\\ud[89a-f]/.test(written.get(name) ?? '');
  const valid = outcomes.filter(([name, outcome]) => !outcome.startsWith('invalid') && isWhole(name));
  context.diagnostic(`${valid.length} of ${outcomes.length} valid for Jupyter`);
  for (const [name, outcome] of valid)
    if (outcome !== 'same') assert.fail(difference(name, written.get(name) ?? '', outcome));
  assert(
    valid.filter(([name]) => name.startsWith('text')).length === TEXTS.length - 1,
    'all but a lone surrogate',
  );
  assert(valid.length > TEXTS.length + 20);
});

/** As our writer has it; null where the notebook is refused. */
function formatted(text: string): string | null {
  try {
    return formatNotebook(parseNotebook(text, 'x'));
  } catch (error) {
    if (error instanceof NotebookError) return null;
    throw error;
  }
}

/** Where they begin to differ. */
function difference(name: string, ours: string, theirs: string): string {
  let at = 0;
  while (at < ours.length && ours[at] === theirs[at]) at++;
  const [mine, other] = [ours, theirs].map(text => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60)));
  return `${name}: we wrote ${mine}, Jupyter ${other}`;
}
