// Lines of a cell that are no TypeScript but a word to the kernel: `%npm install NAME`. Found before TypeScript
// sees the cell, and blanked for it, here and in the language service. Imports nothing: both sides use it.

/** A line that begins, in its first column, with % and a letter; or a shell's `!command …`, which is refused. */
export interface Magic {
  /** `npm` of `%npm install x`; with its percent sign for a whole cell's, `%bash`; `!` for a shell's line. */
  readonly name: string;
  /** What follows the name, trimmed. */
  readonly rest: string;
  /** Counted from 1. */
  readonly line: number;
}

export interface SplitCell {
  /** The cell with every magic as `;` and spaces: of the same length, so that all places hold. */
  readonly code: string;
  readonly magics: readonly Magic[];
}

/** `!ls` may be an expression; a known command with something behind it that no operator begins is none. */
const SHELL =
  /^!\s*(?:npm|npx|yarn|pnpm|bun|pip3?|conda|apt|brew|git|node|python3?|ls|cat|cd|cp|mv|rm|mkdir|echo|curl|wget|bash|sh|sudo)\s+[-\w./~@'"$]/;
const LINE = /^%(%?[A-Za-z]\w*)(?:[ \t]+(.*))?$/;

/** A magic within a template or a block comment is none. */
export function splitMagics(source: string): SplitCell {
  if (!/^(?:%%?[A-Za-z]|!)/m.test(source)) return { code: source, magics: [] };
  const magics: Magic[] = [];
  const state: State = { inside: [], before: '' };
  const lines = source.split('\n').map((whole, at) => {
    const text = whole.replace(/\s+$/, '');
    const magic = state.inside.includes('`') || state.inside.at(-1) === '*' ? null : read(text, at + 1);
    if (magic === null) {
      follow(whole, state);
      return whole;
    }
    magics.push(magic);
    state.before = ';';
    return `;${' '.repeat(text.length - 1)}${whole.slice(text.length)}`;
  });
  return { code: lines.join('\n'), magics };
}

function read(text: string, line: number): Magic | null {
  if (SHELL.test(text)) return { name: '!', rest: text.slice(1).trim(), line };
  const [, name, rest = ''] = LINE.exec(text) ?? [];
  return name === undefined ? null : { name, rest: rest.trim(), line };
}

/** What is open at a place of the code: ` a template, { a brace within one, * a block comment. */
interface State {
  readonly inside: ('`' | '{' | '*')[];
  /** The last letters that were code: whether a slash may begin a regular expression. */
  before: string;
}

const TEMPLATE = /\\[\s\S]|\$\{|`/g;
const CODE = /\/\/.*|\/\*|`|[{}]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\/|[^\s/`{}'"]+/g;
const REGULAR_EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\//y;
const BEFORE_EXPRESSION = /(?:^|[([{,;=:!&|?+\-*%<>~^}]|\b(?:return|typeof|case|of|in|await|yield|void))$/;

/** Reads one line of code and keeps what is open behind it. */
function follow(line: string, state: State): void {
  let at = 0;
  while (at < line.length) {
    const open = state.inside.at(-1);
    if (open === '*') at = leave(line, at, '*/', state);
    else if (open === '`') at = inTemplate(line, at, state);
    else at = inCode(line, at, state);
  }
}

function leave(line: string, at: number, end: string, { inside }: State): number {
  const found = line.indexOf(end, at);
  if (found === -1) return line.length;
  inside.pop();
  return found + end.length;
}

function inTemplate(line: string, at: number, state: State): number {
  TEMPLATE.lastIndex = at;
  const found = TEMPLATE.exec(line);
  if (!found) return line.length;
  if (found[0] === '`') state.inside.pop();
  else if (found[0] === '${') state.inside.push('{');
  state.before = found[0] === '`' ? '`' : '';
  return TEMPLATE.lastIndex;
}

function inCode(line: string, at: number, state: State): number {
  CODE.lastIndex = at;
  const [token = ''] = CODE.exec(line) ?? [];
  if (token === '') return line.length;
  const end = CODE.lastIndex;
  if (token === '/*') state.inside.push('*');
  else if (token === '`') state.inside.push('`');
  else if (token === '{' && state.inside.length > 0) state.inside.push('{');
  else if (token === '}') state.inside.pop();
  if (token === '/' && BEFORE_EXPRESSION.test(state.before)) {
    REGULAR_EXPRESSION.lastIndex = end - 1;
    state.before = ')';
    return REGULAR_EXPRESSION.test(line) ? REGULAR_EXPRESSION.lastIndex : end;
  }
  if (!token.startsWith('//') && token !== '/*') state.before = token.slice(-10);
  return end;
}

const CURES: Readonly<Record<string, string>> = {
  cd: "write process.chdir('FOLDER')",
  pwd: 'write process.cwd()',
  ls: "write require('node:fs').readdirSync('.')",
  env: "write process.env.NAME, or process.env.NAME = 'value'",
  time: "write console.time('it') before and console.timeEnd('it') after",
  timeit: "write console.time('it') before and console.timeEnd('it') after",
  matplotlib: 'nothing has to be switched on: display(…) shows pictures, tables and Plotly figures',
  autoreload: 'a file that changed is read again by the next import of it',
  load_ext: 'there are no extensions: import what is needed',
  run: "write import './FILE.ts'",
  reset: 'restart the kernel',
  html: 'write display.html(`…`)',
  markdown: 'write display.markdown(`…`)',
  latex: 'write display.latex(`…`)',
  writefile: "write require('node:fs').writeFileSync('FILE', text)",
  pip: 'packages of TypeScript and JavaScript come by %npm install NAME',
  conda: 'packages of TypeScript and JavaScript come by %npm install NAME',
  yarn: 'write %npm install NAME',
  pnpm: 'write %npm install NAME',
  bun: 'write %npm install NAME',
};
const SHELL_CURE = "require('node:child_process').execSync('…', { stdio: 'inherit' })";

/** Why a magic cannot be followed and what to write in its place; null where it can. */
export function magicProblem({ name, rest }: Magic): string | null {
  if (name === 'npm') return null;
  if (name === '!') return shellProblem(rest);
  const bare = name.replace('%', '');
  if (['bash', 'sh', 'script', 'cmd', 'sx', 'system'].includes(bare))
    return `%${name} runs a shell, and a cell is TypeScript: write ${SHELL_CURE}`;
  if (/^(?:type|java)script$|^[tj]s$/.test(bare))
    return `%${name} is not needed: a cell is TypeScript, and so JavaScript too`;
  const cure = Object.hasOwn(CURES, bare) ? CURES[bare] : null;
  return `There is no magic %${name}: ${cure ?? 'the only one is %npm install NAME (also uninstall, ls)'}`;
}

function shellProblem(command: string): string {
  const npm = /^npm\s+(.*)$/.exec(command)?.[1];
  if (npm !== undefined) return `A cell is TypeScript, and "!" runs no shell: write %npm ${npm}`;
  if (/^(?:yarn|pnpm|bun|pip3?|conda)\s/.test(command))
    return `A cell is TypeScript, and "!" runs no shell: packages come by %npm install NAME`;
  return `A cell is TypeScript, and "!" runs no shell: write ${SHELL_CURE.replace('…', command.replace(/'/g, "\\'"))}`;
}
