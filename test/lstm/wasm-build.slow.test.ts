// The committed WebAssembly is what the committed source compiles to.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const FOLDER = join(process.cwd(), 'kernel', 'lstm', 'kernels', 'compiled');

test('lstm.cc compiles to the committed files, byte by byte', async () => {
  const { buildWasm } = (await import(pathToFileURL(join(FOLDER, 'build-wasm.mjs')).href)) as {
    buildWasm(folder: string): void;
  };
  const made = mkdtempSync(join(tmpdir(), 'gatebook-wasm-'));
  try {
    buildWasm(made);
    for (const file of ['lstm.wasm', 'lstm-relaxed.wasm'])
      assert.ok(readFileSync(join(made, file)).equals(readFileSync(join(FOLDER, file))), file);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
});
