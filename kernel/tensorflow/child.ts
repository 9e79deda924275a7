// Runs a program and gives back what it said. Never throws for a program that fails or is missing.
import { spawn } from 'node:child_process';

export interface ChildOutcome {
  /** Exit code; null when it could not be started or was stopped. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The program is not on this machine. */
  readonly missing: boolean;
  /** It was stopped by `isStuck`. */
  readonly stopped: boolean;
}

export interface ChildOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Called about once a second while it runs; true stops it. */
  readonly isStuck?: () => boolean;
}

const KEEP = 20_000;

export function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<ChildOutcome> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32', // a group of its own, so that all of it can be stopped
    });
    let [stdout, stderr, stopped] = ['', '', false];
    child.stdout.setEncoding('utf8').on('data', text => (stdout = (stdout + text).slice(-KEEP)));
    child.stderr.setEncoding('utf8').on('data', text => (stderr = (stderr + text).slice(-KEEP)));
    const stop = () => stopGroup(child.pid);
    const timer = setInterval(() => {
      if (!options.isStuck?.()) return;
      stopped = true;
      stop();
    }, 1000);
    const interrupted = () => {
      stop();
      if (process.listenerCount('SIGINT') === 0) process.exit(130); // nobody else decides what Ctrl-C does
    };
    process.once('exit', stop);
    process.once('SIGINT', interrupted);
    const end = (code: number | null, missing: boolean) => {
      clearInterval(timer);
      process.off('exit', stop);
      process.off('SIGINT', interrupted);
      resolve({ code, stdout, stderr, missing, stopped });
    };
    child.once('error', error => {
      if (!stderr) stderr = error.message;
      end(null, (error as NodeJS.ErrnoException).code === 'ENOENT');
    });
    child.once('close', code => end(code, false));
  });
}

function stopGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}

/** The line of a failed program that says most: the last one that is not empty. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
