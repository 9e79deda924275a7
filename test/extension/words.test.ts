// Every sentence of the extension exists in Korean, with the same placeholders, and none is left over.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import manifest from '../../package.json' with { type: 'json' };

const root = process.cwd();
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, string>;
const placeholders = (text: string) => (text.match(/\{\d\}/g) ?? []).sort();

/** First arguments of all calls of `vscode.l10n.t` below extension/. */
function sentences(): string[] {
  const files = readdirSync(join(root, 'extension')).filter(file => file.endsWith('.ts'));
  return files.flatMap(file => {
    const text = readFileSync(join(root, 'extension', file), 'utf8');
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText().endsWith('l10n.t')) {
        const [first] = node.arguments;
        assert.ok(first && ts.isStringLiteralLike(first), `${file}: ${node.getText()} is no plain string`);
        found.push(first.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    return found;
  });
}

test('every sentence of the extension has its Korean one, with the same placeholders', () => {
  const korean = read('l10n/bundle.l10n.ko.json');
  assert.deepEqual([...new Set(sentences())].sort(), Object.keys(korean).sort());
  for (const [english, translated] of Object.entries(korean)) {
    assert.deepEqual(placeholders(translated), placeholders(english), translated);
    assert.match(translated, /[가-힣]/);
  }
});

test('every %word% of the manifest is there in both languages', () => {
  const used = JSON.stringify(manifest)
    .match(/"%\w+%"/g)!
    .map(word => word.slice(2, -2));
  const english = read('package.nls.json');
  assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
  assert.deepEqual(Object.keys(read('package.nls.ko.json')).sort(), Object.keys(english).sort());
});
