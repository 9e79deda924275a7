// Gathers the declarations that cells are checked against (Node's, tfjs', gatebook's own, and what cells have
// as globals) into one file, dist/declarations.json, with every import in them resolved. So the language
// thread reads one file where it would open 700 and look for 2,000, and needs no package but TypeScript.
// Run by build.mjs after the library's own declarations are there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

const PACKAGES = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgl',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-data',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-node',
];
const NODE = '@types/node';
const CELLS = join('kernel', 'language', 'cells.d.ts');

/** @param {string} root folder of package.json */
export function packDeclarations(root) {
  const entry = join(root, 'entry.ts');
  const library = join(root, 'dist', 'types', 'kernel', 'lstm', 'index.d.ts');
  const options = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ESNext,
    lib: ['lib.esnext.d.ts'],
    types: [NODE.slice('@types/'.length)],
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile;
  const text = PACKAGES.map(name => `import '${name}';`).join('');
  host.readFile = file => (file === entry ? text : read(file));
  host.fileExists = file => file === entry || ts.sys.fileExists(file);
  host.getSourceFile = (file, language) => {
    const source = host.readFile(file);
    return source === undefined ? undefined : ts.createSourceFile(file, source, language);
  };
  const modules = {};
  const entries = {};
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(literal => {
      const resolved = resolve(root, literal.text, containing, options, host);
      if (resolved && containing === entry) entries[literal.text] = nameOf(root, resolved.resolvedFileName);
      else if (resolved) {
        modules[nameOf(root, containing)] ??= {};
        modules[nameOf(root, containing)][literal.text] = nameOf(root, resolved.resolvedFileName);
      }
      return { resolvedModule: resolved };
    });
  const program = ts.createProgram([entry, library, join(root, CELLS)], options, host);
  const files = {};
  for (const source of program.getSourceFiles())
    if (source.fileName.endsWith('.d.ts') && !program.isSourceFileDefaultLibrary(source))
      files[nameOf(root, source.fileName)] = withoutLicense(source.text);
  const named = {
    entries: { ...entries, gatebook: nameOf(root, library) },
    types: { node: { file: `${NODE}/index.d.ts`, version: versionOf(join(root, 'node_modules', NODE)) } },
    cells: nameOf(root, join(root, CELLS)),
  };
  writeFileSync(join(root, 'dist', 'declarations.json'), JSON.stringify({ ...named, files, modules }));
}

function versionOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

/** The globals of cells import `../protocol.ts`, whose declarations lie with the library's. */
function resolve(root, specifier, containing, options, host) {
  const from = containing === join(root, CELLS) ? join(root, 'dist', 'types', CELLS) : containing;
  const { resolvedModule } = ts.resolveModuleName(specifier, from, options, host);
  return resolvedModule?.resolvedFileName.endsWith('.d.ts') ? resolvedModule : undefined;
}

/** `@tensorflow/tfjs-core/dist/tensor.d.ts`, `gatebook/lstm/index.d.ts`: the same wherever npm put the package. */
function nameOf(root, file) {
  const name = relative(root, file).split(sep).join('/');
  const inPackages = name.lastIndexOf('node_modules/');
  if (inPackages !== -1) return name.slice(inPackages + 'node_modules/'.length);
  return name.replace(/^(dist\/types\/)?kernel\//, 'gatebook/');
}

/** tfjs repeats its licence in each of its 600 files; it stands in the package's own LICENSE. */
function withoutLicense(text) {
  return text.replace(/^\s*\/\*\*\s*\n \* @license[\s\S]*?\*\/\n?/, '');
}
