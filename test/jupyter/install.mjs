// Makes the Python virtual environments of the tests, one for each folder in environments/ that has a
// requirements.txt (complete, from `pip freeze`): environments/NAME/.venv. One environment for all would
// not do: Enterprise Gateway's pins are years older, and pip would silently fall back to old clients.
// Safe to run again (it then ends at once) and twice at the same time (the second waits for the first).
//   node test/jupyter/install.mjs            every environment
//   node test/jupyter/install.mjs NAME ...   these alone
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../../kernel/tensorflow/lock.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const environments = join(here, 'environments');
/** Our own package rides along wherever papermill is: it writes papermill's parameters as TypeScript. */
const ownPackage = join(root, 'python');
const python = 'python3';

const places = name => {
  const folder = join(environments, name);
  const venv = join(folder, '.venv');
  return {
    name,
    folder,
    venv,
    requirements: join(folder, 'requirements.txt'),
    stamp: join(venv, '.gatebook-installed'),
    python: join(venv, 'bin', 'python'),
    lock: join(root, 'out', `test-jupyter-${name}.lock`),
  };
};

/** Names all that decides what is in an environment; its path too, since virtual environments cannot move. */
function wantedStamp({ venv, requirements }) {
  const hash = createHash('sha256').update(venv).update(pythonVersion().join('.'));
  const own = usesPapermill(requirements)
    ? readdirSync(ownPackage)
        .filter(file => /\.(py|toml)$/.test(file))
        .map(file => join(ownPackage, file))
    : [];
  for (const file of [requirements, ...own]) hash.update(readFileSync(file));
  return hash.digest('hex');
}

function usesPapermill(requirements) {
  return /^papermill==/m.test(readFileSync(requirements, 'utf8'));
}

/** A Python that went away or was updated takes the environment with it: then the program does not run. */
function isInstalled(place) {
  if (!existsSync(place.stamp) || readFileSync(place.stamp, 'utf8') !== wantedStamp(place)) return false;
  return spawnSync(place.python, ['-c', '']).status === 0;
}

let version;
function pythonVersion() {
  if (version) return version;
  const { status, stdout } = spawnSync(python, ['-c', 'import sys; print(*sys.version_info[:3])']);
  if (status !== 0) throw new Error(`Cannot find ${python}: install Python 3.11 or later`);
  version = String(stdout).trim().split(' ').map(Number);
  return version;
}

/** `# Python 3.11 or later` on the first line of the requirements. */
function refuseOldPython({ name, requirements }) {
  const [, major, minor] = /^# Python (\d+)\.(\d+) or later/.exec(readFileSync(requirements, 'utf8')) ?? [];
  const [haveMajor, haveMinor] = pythonVersion();
  if (major === undefined || haveMajor > +major || (haveMajor === +major && haveMinor >= +minor)) return;
  throw new Error(
    `Cannot make the environment "${name}": Python ${pythonVersion().join('.')} is older than ${major}.${minor}`,
  );
}

function run(what, program, args, options = {}) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (status === 0) return;
  const reason = error?.message ?? (stderr?.trim() || `it ended with code ${status}`);
  throw new Error(`Cannot ${what}: ${reason}`);
}

/**
 * Debian's Python has venv but, without its package python3-venv, no ensurepip to put pip into one: then the
 * pip beside it installs into the environment from outside.
 * @returns how to call pip for the environment
 */
function makeVenv({ name, venv, python: inside }) {
  rmSync(venv, { recursive: true, force: true });
  if (spawnSync(python, ['-m', 'venv', venv]).status === 0) return [inside, '-m', 'pip'];
  rmSync(venv, { recursive: true, force: true });
  run(`make the environment "${name}" (on Debian: apt-get install python3-venv)`, python, [
    ...['-m', 'venv', '--without-pip', venv],
  ]);
  if (spawnSync(python, ['-m', 'pip', '--version']).status === 0)
    return [python, '-m', 'pip', '--python', inside];
  throw new Error(
    `Cannot make the environment "${name}": ${python} has neither ensurepip nor pip. On Debian: apt-get install python3-venv`,
  );
}

function pipInstall(what, [program, ...pip], args) {
  // Whoever has pip install for the user by default would get nothing into the environment.
  const env = { ...process.env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0', PYTHONNOUSERSITE: '1' };
  const quietly = [
    'install',
    '--quiet',
    '--no-input',
    '--disable-pip-version-check',
    '--no-warn-script-location',
  ];
  run(what, program, [...pip, ...quietly, ...args], { env, stdio: 'inherit' });
}

function make(place) {
  if (isInstalled(place)) return; // by the one we waited for
  const { name, requirements, stamp } = place;
  refuseOldPython(place);
  process.stdout.write(`Installing the Python environment "${name}" for tests ...\n`);
  const began = Date.now();
  const pip = makeVenv(place);
  pipInstall(`install ${requirements} (the lines above say why)`, pip, ['--requirement', requirements]);
  if (usesPapermill(requirements)) pipInstall('install ./python', pip, ['--no-deps', ownPackage]);
  writeFileSync(stamp, wantedStamp(place));
  process.stdout.write(`Installed "${name}" in ${Math.round((Date.now() - began) / 1000)} s\n`);
}

async function install(name) {
  const place = places(name);
  if (!existsSync(place.requirements))
    throw new Error(`Cannot install "${name}": ${place.requirements} is missing`);
  if (isInstalled(place)) return;
  const waiting = () =>
    process.stdout.write(`Another process makes the environment "${name}"; waiting ...\n`);
  await withLock(place.lock, waiting, async () => make(place));
}

const asked = process.argv.slice(2);
const all = readdirSync(environments).filter(name => existsSync(places(name).requirements));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
try {
  for (const name of asked.length > 0 ? asked : all) await install(name);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
