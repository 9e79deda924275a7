// The reference of the library: it is what the docstrings say now, and there is one for everything exported.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { examplesOf, exportsOf, page } from '../../docs/api.mjs';
import * as library from '../../kernel/lstm/index.ts';

const all = exportsOf();

test('docs/api.md is what the docstrings say', () => {
  const committed = readFileSync('docs/api.md', 'utf8');
  assert.ok(committed === page(all), 'docs/api.md is older than the docstrings. Run `node docs/api.mjs`.');
});

test('everything exported has a docstring, a signature and a place on the page', () => {
  const names = (poor: (one: (typeof all)[number]) => boolean) => all.filter(poor).map(({ name }) => name);
  assert.deepEqual(
    names(({ doc }) => doc.length < 10),
    [],
    'no docstring',
  );
  assert.deepEqual(
    names(({ signature, name }) => !signature.includes(name)),
    [],
    'no signature',
  );
  assert.deepEqual(
    names(({ group }) => group === null),
    [],
    'no group: add the file to GROUPS of docs/api.mjs',
  );
});

test('the page has every value that the built library exports', () => {
  const known = new Set(all.map(({ name }) => name));
  assert.deepEqual(
    Object.keys(library).filter(name => !known.has(name)),
    [],
  );
});

test('the main functions have an example', () => {
  const shown = new Set(examplesOf(all).map(({ name }) => name));
  const main = ['lstm', 'variant', 'hochreiter1997', 'trace', 'gates', 'clamp', 'train', 'check'];
  const tasks = ['gradientThroughTime', 'latch', 'sentences', 'agreement'];
  assert.deepEqual(
    [...main, ...tasks].filter(name => !shown.has(name)),
    [],
  );
});
