// Whole programs as one cell, with thousands of top-level names: they must work as their originals do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import katex from 'katex';
import { runCells } from './cells.ts';

const require = createRequire(join(process.cwd(), 'package.json'));

test('KaTeX, a module with exports', async () => {
  const source = readFileSync(join(process.cwd(), 'node_modules/katex/dist/katex.mjs'), 'utf8');
  const formula = String.raw`c_t = f_t \odot c_{t-1} + \sigma\left(\frac{a}{\sqrt{b}}\right) \tilde{c}_t`;
  const { value } = await runCells([source, `katex.renderToString(${JSON.stringify(formula)})`]);
  assert.equal(value, katex.renderToString(formula));
});

test('the TypeScript compiler, nine megabytes', async () => {
  const source = readFileSync(require.resolve('typescript'), 'utf8');
  const program =
    'enum E { A = 1 }\nclass P<T> { constructor(private x: T) {} }\nexport const p = new P(E.A);';
  const { value } = await runCells([source, `ts.transpile(${JSON.stringify(program)})`]);
  assert.equal(value, require('typescript').transpile(program));
});
