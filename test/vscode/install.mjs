// Installs what the tests in a browser and in a real VS Code need, from npm packages alone: code-server's
// VS Code with its Node, a Chromium and a font with Hangul (about 1 GB, a minute or two, once).
// It unpacks the Chromium and tells fontconfig of the fonts, so that no test has to.
// Safe to run again (it then ends at once) and twice at the same time (the second waits for the first).
//   node test/vscode/install.mjs
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../../kernel/tensorflow/lock.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const stamp = join(modules, '.gatebook-installed');
const lock = join(here, '..', '..', 'out', 'test-vscode-install.lock');
const vscode = join(modules, 'code-server', 'lib', 'vscode');
const chromium = join(modules, '.chromium');

// VS Code's own packages are installed apart, from the npm-shrinkwrap.json files it brings. Without those of
// `extensions` the built-in TypeScript extension dies, and no test of languages would mean anything.
const steps = [
  { what: 'VS Code, its Node, Chromium, Hangul glyphs', folder: here, args: ['ci'] },
  { what: "VS Code's server", folder: vscode, args: ['install', '--omit=dev', '--no-package-lock'] },
  {
    what: "VS Code's built-in extensions",
    folder: join(vscode, 'extensions'),
    args: ['install', '--omit=dev', '--no-package-lock'],
  },
];

/** Names this state of the lock file and of this script, so that a change of either installs anew. */
function wantedStamp() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'install.mjs']) hash.update(readFileSync(join(here, file)));
  return hash.digest('hex');
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedStamp();
}

function install({ what, folder, args }, index) {
  process.stdout.write(`Installing for tests ${index + 1}/${steps.length}: ${what} ...\n`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync(npm, [...args, ...options], { cwd: folder, stdio: 'inherit' });
  if (status === 0) return;
  const reason = error?.message ?? `npm ended with code ${status}`;
  throw new Error(`Cannot install ${what}: ${reason}. Check the network and run the command again.`);
}

/**
 * Unpacks Chromium, its fonts and, for machines without libnss3, its libraries: the package does so below
 * TMPDIR when asked for the path, and adds the libraries when it takes the machine for Amazon's.
 */
function unpackChromium() {
  process.stdout.write('Unpacking Chromium ...\n');
  mkdirSync(chromium, { recursive: true });
  const script =
    "require('@sparticuz/chromium').executablePath().catch(e => { console.error(e); process.exit(1) })";
  const env = { ...process.env, TMPDIR: chromium, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
  const { status } = spawnSync(process.execPath, ['-e', script], { cwd: here, env, stdio: 'inherit' });
  if (status !== 0) throw new Error('Cannot unpack Chromium: the lines above say why');
  writeFileSync(join(chromium, 'fonts.conf'), fontsConfiguration());
}

/** The fonts of a usual desktop, as far as npm has them: without Pretendard, Hangul would be blank. */
function fontsConfiguration() {
  const folders = [
    join(chromium, 'fonts'),
    join(modules, 'pretendard', 'dist', 'public', 'static'),
    join(modules, '@expo-google-fonts', 'jetbrains-mono'),
    join(modules, '@expo-google-fonts', 'stix-two-text'),
  ];
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map(folder => `  <dir>${folder}</dir>`).join('\n')}
  <cachedir>${join(chromium, 'font-cache')}</cachedir>
${preferred('sans-serif', ['Open Sans', 'Pretendard'])}
${preferred('system-ui', ['Open Sans', 'Pretendard'])}
${preferred('serif', ['STIX Two Text', 'Pretendard'])}
${preferred('monospace', ['JetBrains Mono', 'Pretendard'])}
  <match target="pattern"><edit name="family" mode="append_last" binding="strong">
    <string>Open Sans</string><string>Pretendard</string>
  </edit></match>
</fontconfig>
`;
}

/** Strongly bound: else a medium weight would be looked for in all families, and found in the monospace one. */
function preferred(family, names) {
  const list = names.map(name => `<string>${name}</string>`).join('');
  return `  <match target="pattern">
    <test name="family"><string>${family}</string></test>
    <edit name="family" mode="prepend" binding="strong">${list}</edit>
  </match>`;
}

function installAll() {
  if (isInstalled()) return; // by the one we waited for
  rmSync(stamp, { force: true });
  steps.forEach(install);
  unpackChromium();
  writeFileSync(stamp, wantedStamp());
  process.stdout.write('Installed what the tests in a browser and in VS Code need\n');
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

if (!isInstalled()) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    fail('Cannot install the test VS Code: its packages are for Linux on x64 only');
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
  const waiting = () => process.stdout.write('Another process installs them; waiting for it ...\n');
  await withLock(lock, waiting, async () => installAll()).catch(error => fail(error.message));
}
