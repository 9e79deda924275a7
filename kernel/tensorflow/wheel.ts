// TensorFlow's C library from the Python wheel: downloaded with pip (as a client; no Python package is
// installed), checked against a pinned SHA-256, unpacked into the cache. Nothing is ever half in place:
// all work happens in a temporary folder that is renamed when whole.
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lastLine, runChild } from './child.ts';

/** What is fetched. The hash was taken from a wheel that was then built and run. */
export interface Wheel {
  readonly requirement: string;
  readonly version: string;
  readonly python: string;
  readonly platforms: readonly string[];
  readonly sha256: string;
  readonly bytes: number;
}

/** The one wheel that was tried: Linux x64. 2.21 is larger and no faster, 2.9's has no libtensorflow_cc. */
export const LINUX_X64_WHEEL: Wheel = {
  requirement: 'tensorflow-cpu==2.15.1',
  version: '2.15.1',
  python: '3.10',
  platforms: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
  sha256: 'ba9503db2c5357ea21938555323581fbdabf3d051b6bc1b5f73c5b0ae034d077',
  bytes: 207_165_286,
};

/** Wheel while downloading, plus what it unpacks to: 586 MB of libraries, 5 MB of headers. */
const NEEDED_BYTES = 850_000_000;
/** pip retries by itself; when nothing arrived for this long it is given up. */
const STALLED_MS = 120_000;

/** Said to the user as it is: what could not be done, and what would mend it. */
export class SetupProblem extends Error {
  override name = 'SetupProblem';
}

/** Folder of the unpacked wheel in the cache, by version, platform and hash. */
export function unpackedFolder(cache: string, wheel: Wheel): string {
  return join(
    cache,
    `tensorflow-${wheel.version}-${process.platform}-${process.arch}-${wheel.sha256.slice(0, 12)}`,
  );
}

/** Whether `folder` holds a whole unpacked wheel: every library has the size noted when it was unpacked. */
export async function isUnpacked(folder: string): Promise<boolean> {
  try {
    const sizes = JSON.parse(await readFile(join(folder, 'complete.json'), 'utf8')) as Record<string, number>;
    const found = await Promise.all(Object.keys(sizes).map(file => stat(join(folder, file))));
    return found.length > 0 && found.every((file, at) => file.size === Object.values(sizes)[at]);
  } catch {
    return false;
  }
}

/**
 * Makes `unpackedFolder(cache, wheel)` hold the libraries and headers, and returns it.
 * @throws SetupProblem; whatever was in the cache before is then still there.
 */
export async function fetchWheel(
  cache: string,
  wheel: Wheel,
  report: (line: string) => void,
): Promise<string> {
  const folder = unpackedFolder(cache, wheel);
  if (await isUnpacked(folder)) return folder;
  await mkdir(cache, { recursive: true });
  await removeLeftOvers(cache);
  await requirePip();
  await requireSpace(cache);
  const work = await mkdtemp(join(cache, 'partial-'));
  try {
    const file = await download(work, wheel, report);
    await verify(file, wheel);
    report(`TensorFlow ${wheel.version}: hash is right, unpacking ...`);
    await unpack(file, join(work, 'unpacked'));
    await rm(folder, { recursive: true, force: true });
    await rename(join(work, 'unpacked'), folder);
    return folder;
  } catch (error) {
    throw diskProblem(error, cache) ?? error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Only the holder of the set-up lock comes here, so any partial folder was left by one that died. */
async function removeLeftOvers(cache: string): Promise<void> {
  for (const name of await readdir(cache))
    if (name.startsWith('partial-')) await rm(join(cache, name), { recursive: true, force: true });
}

async function requirePip(): Promise<void> {
  const { missing, code } = await runChild('python3', ['-m', 'pip', '--version']);
  if (missing)
    throw new SetupProblem(
      'Cannot download TensorFlow: python3 is not on this machine. Install Python 3 with pip (Debian, Ubuntu: apt install python3 python3-pip).',
    );
  if (code !== 0)
    throw new SetupProblem(
      'Cannot download TensorFlow: python3 has no pip. Install it (Debian, Ubuntu: apt install python3-pip; else: python3 -m ensurepip).',
    );
}

async function requireSpace(cache: string): Promise<void> {
  const { bavail, bsize } = await statfs(cache);
  if (bavail * bsize < NEEDED_BYTES)
    throw new SetupProblem(
      `Cannot unpack TensorFlow: ${megabytes(bavail * bsize)} free in ${cache}, ${megabytes(NEEDED_BYTES)} needed. Free some space, or set XDG_CACHE_HOME to a folder on a larger disk.`,
    );
}

async function download(work: string, wheel: Wheel, report: (line: string) => void): Promise<string> {
  const into = join(work, 'download');
  const scratch = join(work, 'pip'); // pip downloads into TMPDIR first: here, so that progress can be seen
  await Promise.all([mkdir(into), mkdir(scratch)]);
  report(`TensorFlow ${wheel.version}: downloading ${megabytes(wheel.bytes)} with pip ...`);
  const platforms = wheel.platforms.flatMap(platform => ['--platform', platform]);
  const args = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--progress-bar=off', '--dest', into];
  const outcome = await runChild(
    'python3',
    ['-m', 'pip', 'download', ...args, '--python-version', wheel.python, ...platforms, wheel.requirement],
    {
      environment: { TMPDIR: scratch, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      isStuck: progress(work, wheel, report),
    },
  );
  const file = (await readdir(into)).find(name => name.endsWith('.whl'));
  if (outcome.code === 0 && file) return join(into, file);
  const said = outcome.stopped
    ? `nothing arrived for ${STALLED_MS / 1000} s`
    : lastLine(outcome.stderr) || 'pip was stopped';
  if (/No space left/i.test(outcome.stderr)) throw diskFull(dirname(work));
  throw new SetupProblem(
    `Cannot download ${wheel.requirement}: ${said}. Check the network (pip must reach its package index) and run \`gatebook setup\` again.`,
  );
}

/** Reports each further tenth; says true (stuck) when nothing arrived for too long. */
function progress(work: string, wheel: Wheel, report: (line: string) => void): () => boolean {
  let [last, since, tenth] = [0, Date.now(), 0];
  return () => {
    const bytes = sizeBelow(work);
    if (bytes !== last) [last, since] = [bytes, Date.now()];
    const now = Math.min(10, Math.floor((10 * bytes) / wheel.bytes));
    if (now > tenth) report(`TensorFlow ${wheel.version}: ${now * 10} % of ${megabytes(wheel.bytes)}`);
    tenth = Math.max(tenth, now);
    return Date.now() - since > STALLED_MS;
  };
}

/** Bytes of all files below a folder that other programs are writing to. */
export function sizeBelow(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .reduce((sum, entry) => sum + sizeOf(join(entry.parentPath ?? entry.path, entry.name)), 0);
  } catch {
    return 0;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

async function verify(file: string, wheel: Wheel): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const found = hash.digest('hex');
  if (found !== wheel.sha256)
    throw new SetupProblem(
      `Refused ${wheel.requirement}: its SHA-256 is ${found}, not ${wheel.sha256}. The download is broken or was changed on its way; it was removed. Run \`gatebook setup\` again, on another network if it repeats.`,
    );
}

/** A wheel is a zip; of it only the two libraries and the headers that the addons include. */
const UNPACK = `
import json, os, shutil, sys, zipfile
source, target = sys.argv[1:]
libraries = ('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2')
headers = ('tensorflow/c/', 'tensorflow/core/platform/', 'tsl/')
sizes = {}
with zipfile.ZipFile(source) as wheel:
    for entry in wheel.infolist():
        name = entry.filename
        if name in ['tensorflow/' + library for library in libraries]:
            place = 'lib/' + os.path.basename(name)
            sizes[place] = entry.file_size
        elif name.startswith(tuple('tensorflow/include/' + header for header in headers)) and not entry.is_dir():
            place = name[len('tensorflow/'):]
        else:
            continue
        path = os.path.join(target, place)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with wheel.open(entry) as packed, open(path, 'wb') as unpacked:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
if len(sizes) != len(libraries):
    sys.exit('the wheel holds ' + (', '.join(sizes) or 'no library'))
print(json.dumps(sizes))
`;

async function unpack(file: string, target: string): Promise<void> {
  const outcome = await runChild('python3', ['-c', UNPACK, file, target]);
  if (/No space left/i.test(outcome.stderr)) throw diskFull(dirname(target));
  if (outcome.code !== 0) throw new SetupProblem(`Cannot unpack TensorFlow: ${lastLine(outcome.stderr)}.`);
  await writeFile(join(target, 'complete.json'), outcome.stdout);
}

/** ENOSPC in words, or null for another error. */
export function diskProblem(error: unknown, folder: string): SetupProblem | null {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull(folder) : null;
}

function diskFull(folder: string): SetupProblem {
  return new SetupProblem(
    `Cannot write to ${folder}: the disk is full. Free ${megabytes(NEEDED_BYTES)}, or set XDG_CACHE_HOME to a folder on a larger disk.`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
