// Whether the front end is a terminal of Jupyter's, which prints displays once and cannot change them. The
// protocol does not say; the program that started the kernel does (JPY_PARENT_PID, set by jupyter_client).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** `python -m jupyter_console`, `jupyter-console`, `jupyter console`, and the same of qtconsole. */
const CONSOLE = /\bjupyter[-_ ]?(qt)?console\b|\bqtconsole\b/;

let found: boolean | undefined;

/** GATEBOOK_PROGRESS=lines or =bar says it in place of looking. */
export function isConsole(env = process.env): boolean {
  if (env.GATEBOOK_PROGRESS) return env.GATEBOOK_PROGRESS === 'lines';
  found ??= CONSOLE.test(commandOf(env.JPY_PARENT_PID));
  return found;
}

function commandOf(pid: string | undefined): string {
  if (pid === undefined || !/^\d+$/.test(pid)) return '';
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    if (process.platform === 'darwin')
      return execFileSync('ps', ['-o', 'args=', '-p', pid], { encoding: 'utf8' });
  } catch {
    // It has ended, or may not be looked at.
  }
  return '';
}
