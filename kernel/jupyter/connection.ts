// The connection file: where a Jupyter front end wants the kernel to listen, and the key that signs.
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
import { createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** The five sockets, named as the connection file names their ports. */
export const SOCKETS = ['shell', 'control', 'stdin', 'iopub', 'hb'] as const;
export type SocketName = (typeof SOCKETS)[number];

export interface Connection {
  /** Where each socket is bound: `tcp://127.0.0.1:5555` or `ipc:///path-1`. */
  readonly addresses: Readonly<Record<SocketName, string>>;
  /** As the file has them; for ipc they are only part of a name. */
  readonly ports: Readonly<Record<SocketName, number>>;
  /** '' where messages are not signed. */
  readonly key: string;
  /** Hash of the signature, such as 'sha256'. */
  readonly hash: string;
  /** Keys of CurveZMQ, each 40 characters of Z85, where the front end wants the connection encrypted. */
  readonly curve: { readonly publicKey: string; readonly secretKey: string } | undefined;
  /** What a careful owner of the machine should know, one sentence each. */
  readonly warnings: readonly string[];
}

/** The file cannot be used; the message names it, the field and what would mend it. */
export class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';
}

/** @throws ConnectionFileError */
export function readConnection(path: string): Connection {
  const fields = parse(path);
  const transport = fields.transport ?? 'tcp';
  const refuse = (what: string): never => {
    throw new ConnectionFileError(
      `Cannot use connection file ${path}: ${what}. Start the kernel from Jupyter.`,
    );
  };
  if (transport !== 'tcp' && transport !== 'ipc')
    refuse(`transport is ${JSON.stringify(transport)}, not tcp or ipc`);
  const { ip = '127.0.0.1', key = '' } = fields;
  if (typeof ip !== 'string' || ip === '') return refuse(`ip is ${JSON.stringify(ip)}, no address`);
  if (typeof key !== 'string') return refuse('key is no text');
  const port = (name: SocketName) => {
    const value = fields[`${name}_port`];
    const isPort = Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
    return isPort ? (value as number) : refuse(`${name}_port is ${JSON.stringify(value)}, no port`);
  };
  const ports = eachSocket(port);
  const curve = curveOf(fields, refuse);
  return {
    ports,
    curve,
    addresses: eachSocket(name => address(transport as string, ip, ports[name])),
    key,
    hash: hashOf(fields.signature_scheme ?? 'hmac-sha256', refuse),
    warnings: warnings(path, { isLocal: transport === 'ipc' || isLoopback(ip), ip, key, curve }),
  };
}

function parse(path: string): Readonly<Record<string, unknown>> {
  let problem: string;
  try {
    const fields: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (fields instanceof Object && !Array.isArray(fields)) return fields as Record<string, unknown>;
    problem = 'it holds no JSON object';
  } catch (error) {
    problem = (error as Error).message;
  }
  throw new ConnectionFileError(`Cannot read connection file ${path}: ${problem}`);
}

function eachSocket<Value>(make: (name: SocketName) => Value): Record<SocketName, Value> {
  return Object.fromEntries(SOCKETS.map(name => [name, make(name)])) as Record<SocketName, Value>;
}

function address(transport: string, ip: string, port: number): string {
  if (transport === 'ipc') return `ipc://${ip}-${port}`;
  return `tcp://${ip.includes(':') && !ip.startsWith('[') ? `[${ip}]` : ip}:${port}`;
}

function hashOf(scheme: unknown, refuse: (what: string) => never): string {
  const hash = typeof scheme === 'string' && scheme.startsWith('hmac-') ? scheme.slice('hmac-'.length) : '';
  try {
    createHmac(hash, 'key');
    return hash;
  } catch {
    return refuse(`signature_scheme ${JSON.stringify(scheme)} is not known here; hmac-sha256 is`);
  }
}

function curveOf(
  fields: Readonly<Record<string, unknown>>,
  refuse: (what: string) => never,
): Connection['curve'] {
  const { curve_publickey: publicKey, curve_secretkey: secretKey } = fields;
  if (publicKey === undefined && secretKey === undefined) return undefined;
  const isKey = (key: unknown): key is string => typeof key === 'string' && key.length === 40;
  if (!isKey(publicKey) || !isKey(secretKey)) return refuse('curve_publickey or curve_secretkey is no key');
  return { publicKey, secretKey };
}

function isLoopback(ip: string): boolean {
  return /^(127\.|localhost$|\[?::1\]?$)/.test(ip);
}

function warnings(
  path: string,
  { isLocal, ip, key, curve }: Pick<Connection, 'key' | 'curve'> & { isLocal: boolean; ip: string },
): string[] {
  const isOpen = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
  return [
    ...(isOpen && key
      ? [`others on this machine can read the key in ${path}: chmod 600 keeps it private`]
      : []),
    ...(key ? [] : ['the key is empty: whoever reaches the ports can run code as you']),
    ...(isLocal || curve
      ? []
      : [
          `listening on ${ip}: messages are ${key ? 'signed, not encrypted' : 'neither signed nor encrypted'}`,
        ]),
  ];
}
