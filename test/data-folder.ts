// Imported by whatever starts kernels in tests, for its effect: their progress goes into a folder of this
// process and never into that of whoever runs the tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

if (!process.env.GATEBOOK_DATA) {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-test-data-'));
  process.env.GATEBOOK_DATA = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
