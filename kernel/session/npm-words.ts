// Why npm failed, in words and with the cure, out of what it prints.

export class NpmError extends Error {
  override readonly name = 'NpmError';
}

/** @param printed npm's lines that begin with `npm error` @param words what was asked: `install left-pad` */
export function explainNpm(printed: string, words: string): string {
  const lines = printed.split('\n').map(line => line.replace(/^npm (?:error|ERR!) ?/, ''));
  const text = lines.join('\n');
  const code = /^code (\S+)/m.exec(text)?.[1] ?? '';
  const why = Object.hasOwn(REASONS, code) ? REASONS[code]?.(text) : undefined;
  return `Cannot run npm ${words}: ${why ?? own(lines)}`;
}

type Reason = (text: string) => string;

const unreachable: Reason = text => {
  const host = /https?:\/\/([^/\s]+)/.exec(text)?.[1];
  return `${host ?? 'the registry'} does not answer. Check the network (behind a proxy: npm config set proxy URL) and run the cell again`;
};

const REASONS: Readonly<Record<string, Reason>> = {
  ENOENT: text =>
    /spawn/.test(text)
      ? 'there is no npm, neither beside this Node nor on the PATH. Install Node from nodejs.org, which brings it, then restart the kernel'
      : own(text.split('\n')),
  E404: text => {
    const name = /'([^']+?)(?:@[^@']*)?' (?:could not be found|is not in)/.exec(text)?.[1];
    return `the registry has no package ${name === undefined ? 'of that name' : `"${name}"`}. Check how it is written`;
  },
  ETARGET: text => {
    const wanted = /No matching version found for (\S+?)\.?$/m.exec(text)?.[1] ?? 'it';
    return `there is no such version: ${wanted}. Leave the version away for the newest`;
  },
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  ETIMEDOUT: unreachable,
  ERR_SOCKET_TIMEOUT: unreachable,
  ENETUNREACH: unreachable,
  EHOSTUNREACH: unreachable,
  ENOTCACHED: () =>
    'npm is set to be offline and has no copy of it. Leave --offline away (npm config delete offline)',
  EINVALIDPACKAGENAME: text => `no package can have that name (${own(text.split('\n'))})`,
  EINVALIDTAGNAME: text => `no package can have that name or version (${own(text.split('\n'))})`,
  EACCES: text => `${pathIn(text)} may not be written. Copy the notebook to a folder of your own`,
  EPERM: text => `${pathIn(text)} may not be written. Copy the notebook to a folder of your own`,
  EROFS: text => `${pathIn(text)} may not be written. Copy the notebook to a folder of your own`,
  ENOSPC: () => 'the disk is full. Make room and run the cell again',
  EJSONPARSE: text => `package.json cannot be read (${own(text.split('\n'))})`,
  E401: () => 'the registry wants to know who you are. Log in once in a terminal: npm login',
  E403: () => 'the registry refuses it (forbidden). Ask who runs the registry, or log in: npm login',
  ERESOLVE: text =>
    `it does not go with what is installed. ${own(text.split('\n'))}. To install it all the same add --legacy-peer-deps`,
  EBADPLATFORM: text => `it is made for another system. ${own(text.split('\n'))}`,
  EBADENGINE: text => `it wants another Node. ${own(text.split('\n'))}`,
};

function pathIn(text: string): string {
  return /^path (.+)$/m.exec(text)?.[1] ?? 'the folder';
}

/** npm's own first sentence. */
function own(lines: readonly string[]): string {
  const said = lines.map(line => line.replace(/^(?:404|notarget|network|ERESOLVE)\s+/, '').trim());
  const first = said.find(line => line !== '' && !/^(?:code|syscall|errno|path|A complete log)\b/.test(line));
  return first ?? 'npm ended without a word. Run it in a terminal to see more';
}
