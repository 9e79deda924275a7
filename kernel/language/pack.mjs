// Writes the declarations that cells are checked against as a few files into dist/declarations/: Node's, those
// of all tfjs packages, gatebook's own, and what cells have as globals. Each file of a package becomes an
// ambient module (`declare module "@tensorflow/tfjs-core/dist/tensor" { … }`), its imports named in full. So
// TypeScript reads 4 files where it would look for 2,000 and keep 760 up to date at each keystroke, and cells
// need no package but TypeScript. Run by build.mjs once the library's own declarations are there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

const TFJS = ['tfjs', ...['backend-cpu', 'backend-wasm', 'backend-webgl'].map(name => `tfjs-${name}`)]
  .concat(['tfjs-converter', 'tfjs-core', 'tfjs-data', 'tfjs-layers', 'tfjs-node'])
  .map(name => `@tensorflow/${name}`);

/** What cell-globals.d.ts is made of. */
const CELLS = ['gatebook/protocol', 'gatebook/session/display-types'];

const OPTIONS = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ESNext,
  lib: ['lib.esnext.d.ts'],
  types: ['node'],
  noEmit: true,
};

/** @param {string} root folder of package.json */
export function packDeclarations(root) {
  const pack = new Pack(root);
  const folder = join(root, 'dist', 'declarations');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of pack.bundles()) writeFileSync(join(folder, `${name}.d.ts`), text);
  writeFileSync(join(folder, LAST), pack.licenses());
}

const LAST = 'LICENSES.txt';

/** Whether they are there, and whole. @param {string} root folder of package.json */
export function isPacked(root) {
  return existsSync(join(root, 'dist', 'declarations', LAST));
}

class Pack {
  /** File name to the name of its module. */
  #names = new Map();

  constructor(root) {
    this.root = root;
    this.library = join(root, 'dist', 'types', 'kernel', 'lstm', 'index.d.ts');
    this.cells = join(root, 'kernel', 'language', 'cell-globals.d.ts');
    const entry = join(root, 'entry.ts');
    const text = TFJS.map(name => `import '${name}';`).join('');
    this.host = ts.createCompilerHost(OPTIONS);
    const { readFile, fileExists } = this.host;
    this.host.readFile = file => (file === entry ? text : readFile(file));
    this.host.fileExists = file => file === entry || fileExists(file);
    this.host.getSourceFile = (file, language) => {
      const source = this.host.readFile(file);
      return source === undefined ? undefined : ts.createSourceFile(file, source, language, true);
    };
    this.host.resolveModuleNameLiterals = (literals, from) =>
      literals.map(({ text }) => ({ resolvedModule: this.resolve(text, from) }));
    this.program = ts.createProgram([entry, this.library, this.cells], OPTIONS, this.host);
    for (const name of TFJS) this.#names.set(this.resolve(name, entry).resolvedFileName, name);
    this.#names.set(this.library, 'gatebook');
    this.files = this.program
      .getSourceFiles()
      .filter(file => file.fileName.endsWith('.d.ts') && !this.program.isSourceFileDefaultLibrary(file));
  }

  bundles() {
    const texts = { node: [], tfjs: [], gatebook: [], cells: [] };
    for (const file of this.files) texts[this.bundleOf(file.fileName)].push(this.textOf(file));
    const { version } = JSON.parse(
      readFileSync(join(this.root, 'node_modules', '@types', 'node', 'package.json'), 'utf8'),
    );
    const head = { node: `// @types/node ${version}\n` };
    return Object.entries(texts).map(([name, parts]) => [name, (head[name] ?? '') + parts.join('\n')]);
  }

  /** Of the packages whose declarations are in the files. */
  licenses() {
    const folders = this.files.flatMap(
      ({ fileName }) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(fileName) ?? [],
    );
    const texts = [...new Set(folders)].map(folder => {
      const file = ['LICENSE', 'LICENSE.txt', 'LICENSE.md'].map(name => join(folder, name)).find(existsSync);
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8') : ''}`;
    });
    return texts.join(`\n${'-'.repeat(80)}\n`);
  }

  bundleOf(file) {
    const name = this.nameOf(file);
    if (file === this.cells || CELLS.includes(name)) return 'cells';
    if (name.startsWith('gatebook')) return 'gatebook';
    return name.startsWith('@tensorflow/') || name.startsWith('@webgpu/') ? 'tfjs' : 'node';
  }

  /** `@tensorflow/tfjs-core/dist/tensor`, `gatebook/lstm/trace`; a package's own name for its first file. */
  nameOf(file) {
    const known = this.#names.get(file);
    if (known) return known;
    const name = relative(this.root, file)
      .split(sep)
      .join('/')
      .replace(/\.d\.ts$/, '');
    const packages = name.lastIndexOf('node_modules/');
    if (packages !== -1)
      return name.slice(packages + 'node_modules/'.length).replace(/^(undici-types)\/index$/, '$1');
    return name.replace(/^(dist\/types\/)?kernel\//, 'gatebook/');
  }

  /** The globals of cells import `../protocol.ts`, whose declarations lie with the library's. */
  resolve(specifier, from) {
    const place = from === this.cells ? join(this.root, 'dist', 'types', relative(this.root, from)) : from;
    const { resolvedModule } = ts.resolveModuleName(specifier, place, OPTIONS, this.host);
    return resolvedModule?.resolvedFileName.endsWith('.d.ts') ? resolvedModule : undefined;
  }

  textOf(file) {
    const text = withoutHead(this.renamed(file));
    return ts.isExternalModule(file) ? `declare module "${this.nameOf(file.fileName)}" {\n${text}\n}` : text;
  }

  /** With every import named as the module it means. */
  renamed(file) {
    const edits = [];
    const visit = node => {
      const literal = specifierOf(node);
      const resolved = literal && this.resolve(literal.text, file.fileName);
      if (resolved) edits.push([literal.getStart(file), literal.end, this.nameOf(resolved.resolvedFileName)]);
      ts.forEachChild(node, visit);
    };
    if (ts.isExternalModule(file)) visit(file);
    return edits
      .sort(([one], [other]) => other - one)
      .reduce((text, [start, end, name]) => `${text.slice(0, start)}"${name}"${text.slice(end)}`, file.text);
  }
}

/** The string by which a node names another module. */
function specifierOf(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  if (ts.isExternalModuleReference(node)) return node.expression;
  return ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name) ? node.name : undefined;
}

/** tfjs repeats its licence in each of 600 files; references are followed by now. */
function withoutHead(text) {
  return text
    .replace(/^\s*\/\*\*\s*\n \* @license[\s\S]*?\*\/\n?/, '')
    .replace(/^\/\/\/ <reference .*$/gm, '')
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
    .trim();
}
