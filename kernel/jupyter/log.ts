// Lines on the bridge's own stderr, which Jupyter shows in its terminal: bounded, so that a flood of bad
// frames is no flood of lines.

export type Log = (line: string) => void;

/** At most `most` lines in each span of `milliseconds`; then how many were left out. */
export function limitedLog(write: Log, most = 10, milliseconds = 1000): Log {
  let written = 0;
  let omitted = 0;
  const next = () => {
    if (omitted > 0) write(`${omitted} more of these lines left out`);
    written = omitted = 0;
  };
  return line => {
    if (written === 0) setTimeout(next, milliseconds).unref();
    if (written++ < most) write(line);
    else omitted++;
  };
}

export function complainAbout(line: string): void {
  process.stderr.write(`gatebook kernel: ${line}\n`);
}
