// Writes docs/api.md, the reference of the library 'gatebook', from the docstrings of what kernel/lstm/index.ts
// exports: `node docs/api.mjs`. It only parses, so it takes a moment; test/docs/ holds the page against it and
// runs every example.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const INDEX = 'kernel/lstm/index.ts';

/** Heading, and which files (below kernel/lstm) belong under it: the first group that fits has it. */
const GROUPS = [
  ['Layers', /^(layer|rnn|cell|bidirectional|accelerate|tf|\.\.\/tensorflow\/load|\.\.\/protocol)\.ts$/],
  ['Variants', /^variants\//],
  ['Imports', /^imports\//],
  ['Interventions', /^(clamp\.ts|interventions\/)/],
  [
    'Training',
    /^(train.*|fit.*|live-loss|early-stop|snapshots|snapshot-figure|checkpoint|model-folder|random)\.ts$/,
  ],
  ['Tasks of the lessons', /^(latch|sentences|agreement.*|first-word)\.ts$/],
  ['Checks', /^check/],
  ['Trace and figures', /^(trace.*|gate.*|instrument|gradient-.*|round|save-figure)\.ts$|^questions\//],
];
/** In this order on the page. */
const ORDER = [0, 7, 4, 3, 1, 2, 5, 6].map(at => GROUPS[at][0]);

/** What build.mjs declares otherwise than the source says. */
const DECLARED = { tf: "typeof import('@tensorflow/tfjs')" };

const sources = new Map();

function sourceOf(file) {
  if (!sources.has(file)) {
    const text = readFileSync(file, 'utf8');
    sources.set(file, ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  }
  return sources.get(file);
}

/** Declarations of a name in a file (several where it is overloaded), followed through `export … from`. */
function declarationsOf(file, name) {
  const found = [];
  for (const statement of sourceOf(file).statements) {
    if (ts.isVariableStatement(statement)) {
      if (statement.declarationList.declarations.some(one => one.name.getText() === name))
        found.push(statement);
    } else if (statement.name?.text === name) found.push(statement);
    const passed = found.length === 0 && reexported(statement, name);
    if (passed) return declarationsOf(join(dirname(file), statement.moduleSpecifier.text), passed);
  }
  return found;
}

function reexported(statement, name) {
  const list = ts.isExportDeclaration(statement) && statement.moduleSpecifier && statement.exportClause;
  if (!list || !ts.isNamedExports(list)) return null;
  const element = list.elements.find(one => one.name.text === name);
  return element ? (element.propertyName ?? element.name).text : null;
}

/** The docstring before a node without its stars, or ''. */
function docstring(node) {
  const doc = node.jsDoc?.at(-1);
  if (!doc) return '';
  const inner = doc
    .getText()
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '');
  return inner
    .replace(/^[ \t]*\* ?/gm, '')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .trim();
}

/** Text, and tags with theirs. */
function partsOf(doc) {
  const [text, ...rest] = doc.split(/(?:^|\s)@(?=(?:param|returns|throws|example)\b)/);
  const tags = rest.map(tag => {
    const [, name, value] = /^(\w+)\s*([\s\S]*)$/.exec(tag);
    return { name, value: value.trim() };
  });
  return { text: text.trim(), tags };
}

const hidden = member =>
  (member.name && ts.isPrivateIdentifier(member.name)) ||
  ts.isClassStaticBlockDeclaration(member) ||
  (member.modifiers ?? []).some(({ kind }) =>
    [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.OverrideKeyword].includes(kind),
  ) ||
  member.name?.getText() === 'className';

/** A declaration without its body and value. */
function header(node) {
  const text = node.getText();
  const end = node.body ?? node.initializer;
  const cut = end ? text.slice(0, end.getStart() - node.getStart()).replace(/\s*=?\s*$/, '') : text;
  return cut.replace(/^export\s+/, '').replace(/;$/, '');
}

function classText(node) {
  const name = node
    .getText()
    .slice(0, node.members.pos - node.getStart())
    .replace(/^export\s+/, '');
  const members = node.members.filter(member => !hidden(member));
  const lines = members.map(member => {
    const doc = member.jsDoc?.at(-1)?.getText();
    return `${doc ? `  ${doc}\n` : ''}  ${header(member)};`;
  });
  return `${name.trimEnd()}\n${lines.join('\n')}\n}`;
}

function signature(node) {
  if (ts.isClassDeclaration(node)) return classText(node);
  if (!ts.isVariableStatement(node)) return header(node);
  const [declaration] = node.declarationList.declarations;
  const name = declaration.name.getText();
  if (DECLARED[name]) return `const ${name}: ${DECLARED[name]}`;
  if (!declaration.type && declaration.initializer.getText().split('\n').length < 16)
    return node
      .getText()
      .replace(/^export\s+/, '')
      .replace(/;$/, '');
  return `const ${header(declaration)}`;
}

/**
 * @typedef {{name: string, file: string, kind: string, group: string | null, signature: string, doc: string}} Exported
 */

/**
 * What the library exports: name, group, signature and docstring of each, in the order of index.ts.
 * @returns {Exported[]}
 */
export function exportsOf(index = INDEX) {
  const lists = sourceOf(index).statements.filter(ts.isExportDeclaration);
  return lists.flatMap(list =>
    list.exportClause.elements.map(({ name, propertyName }) => {
      const file = join(dirname(index), list.moduleSpecifier.text);
      const found = declarationsOf(file, (propertyName ?? name).text);
      const own = relative('kernel/lstm', file).replaceAll('\\', '/');
      const shown =
        found.length > 1 ? found.filter(one => !ts.isFunctionDeclaration(one) || !one.body) : found;
      return {
        name: name.text,
        file: file.replaceAll('\\', '/'),
        kind: found[0] ? ts.SyntaxKind[found[0].kind] : 'nothing',
        group: GROUPS.find(([, files]) => files.test(own))?.[0] ?? null,
        signature: shown.map(signature).join('\n'),
        doc: found.map(docstring).filter(Boolean).join('\n\n'),
      };
    }),
  );
}

/**
 * Every ```ts block of the docstrings, with the name it stands at.
 * @returns {{name: string, code: string}[]}
 */
export function examplesOf(all = exportsOf()) {
  return all.flatMap(({ name, doc }) =>
    [...doc.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => ({ name, code })),
  );
}

function section({ name, file, signature, doc }) {
  const { text, tags } = partsOf(doc);
  const listed = tags.filter(tag => tag.name !== 'example');
  const examples = tags.filter(tag => tag.name === 'example');
  const lines = listed.map(tag => `- \`@${tag.name}\` ${tag.value.replace(/\s*\n\s*/g, ' ')}`);
  return [
    `### ${name}`,
    `\`\`\`ts\n${signature}\n\`\`\``,
    text,
    lines.join('\n'),
    ...examples.map(({ value }) => `Example:\n\n${value}`),
    `<sub>[${file}](../${file})</sub>`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The page. Functions and classes first in each group, then types. */
export function page(all = exportsOf()) {
  const isType = ({ kind }) => kind === 'InterfaceDeclaration' || kind === 'TypeAliasDeclaration';
  const groups = ORDER.map(group => {
    const members = all.filter(one => one.group === group);
    return { group, members: [...members.filter(one => !isType(one)), ...members.filter(isType)] };
  });
  // As GitHub names headings: the second of a name (latch beside Latch) gets -1.
  const taken = new Map();
  const anchor = heading => {
    const base = heading.toLowerCase().replaceAll(' ', '-');
    const count = taken.get(base) ?? 0;
    taken.set(base, count + 1);
    return count === 0 ? base : `${base}-${count}`;
  };
  const link = heading => `[${heading}](#${anchor(heading)})`;
  anchor('The library gatebook');
  const contents = groups.map(
    ({ group, members }) => `- ${link(group)}: ${members.map(({ name }) => link(name)).join(', ')}`,
  );
  const body = groups.map(({ group, members }) => `## ${group}\n\n${members.map(section).join('\n\n')}`);
  return `# The library \`gatebook\`

<!-- Written by \`node docs/api.mjs\` from the docstrings: change those, not this page. -->

\`npm i gatebook\` in any Node program, or \`import … from 'gatebook'\` in a cell. B is the batch, T the steps,
D the features of a step, H the units; gates and states are i, f, g, o, c, h. Every example here is run by the tests;
a value in a comment behind a line is what that line gives.

${contents.join('\n')}

${body.join('\n\n')}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync('docs/api.md', page());
