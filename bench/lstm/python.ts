// The Python peers, where they are installed: each framework in a process of its own.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MeasuringChild } from './child.ts';

export type Framework = 'torch' | 'keras';

export interface PythonPeer {
  readonly child: MeasuringChild;
  /** "PyTorch 2.15.0" */
  readonly version: string;
}

export const HOW_TO_INSTALL =
  'python3 -m venv bench/peers/.venv && bench/peers/.venv/bin/pip install -r bench/peers/requirements.txt';

/** GATEBOOK_PEERS names other interpreters, between colons: the first that has a framework is taken for it. */
function interpreters(): string[] {
  const own = join('bench', 'peers', '.venv', 'bin', 'python');
  return (process.env.GATEBOOK_PEERS?.split(delimiter) ?? [own]).filter(file => existsSync(file));
}

/** null where no interpreter has it. */
export async function pythonPeer(framework: Framework): Promise<PythonPeer | null> {
  for (const python of interpreters()) {
    const child = new MeasuringChild(python, [join('bench', 'lstm', 'peers.py'), framework]);
    const { version } = await child.ask<{ version: string | null }>({});
    if (version) return { child, version };
    await child.end();
  }
  return null;
}
