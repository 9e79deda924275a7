// A package registry of our own on this machine, so that tests of %npm need no network: it answers npm's
// questions for the packages it is given.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';

/** Files by their paths in the package; package.json names it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface Registry {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Answers wait while it is true. */
  stalled: boolean;
}

export async function startRegistry(test: TestContext, packages: readonly Package[]): Promise<Registry> {
  const registry = { url: '', asked: [] as string[], stalled: false };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    registry.asked.push(path);
    if (registry.stalled) return;
    const answer = answerFor(path, packages, registry.url);
    response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' });
    response.end(answer ?? '{"error":"Not found"}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  registry.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return registry;
}

function answerFor(path: string, packages: readonly Package[], url: string): string | Buffer | null {
  const tarball = packages.find(one => path === `/${one.name}/-/${fileOf(one)}`);
  if (tarball) return pack(tarball);
  const versions = packages.filter(one => path === `/${one.name}`);
  return versions.length === 0 ? null : JSON.stringify(describe(versions, url));
}

function fileOf({ name, version }: Package): string {
  return `${name.replace(/^.*\//, '')}-${version}.tgz`;
}

function describe(versions: readonly Package[], url: string): object {
  const entries = versions.map(one => {
    const integrity = `sha512-${createHash('sha512').update(pack(one)).digest('base64')}`;
    const dist = { tarball: `${url}${one.name}/-/${fileOf(one)}`, integrity };
    return [one.version, { ...manifest(one), dist }] as const;
  });
  const latest = versions.at(-1)!.version;
  return { name: versions[0]!.name, 'dist-tags': { latest }, versions: Object.fromEntries(entries) };
}

function manifest({ name, version, files }: Package): object {
  return { name, version, ...JSON.parse(files['package.json'] ?? '{}') };
}

function pack(one: Package): Buffer {
  const files = { ...one.files, 'package.json': JSON.stringify(manifest(one)) };
  const entries = Object.entries(files).map(([path, text]) => entry(`package/${path}`, Buffer.from(text)));
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
}

/** One file of a tar archive (POSIX ustar): a head of 512 bytes, the content, zeros to the next 512. */
function entry(path: string, content: Buffer): Buffer {
  const head = Buffer.alloc(512);
  head.write(path, 0);
  head.write('0000644\0', 100);
  head.write('0000000\0', 108);
  head.write('0000000\0', 116);
  head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write('        ', 148);
  head.write('0', 156);
  head.write('ustar\x0000', 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([head, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
