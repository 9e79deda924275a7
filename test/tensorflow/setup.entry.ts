// Child program of setup.slow.test.ts: sets up the tfjs-node folder given, and prints what was said as JSON.
import { setup } from '../../kernel/tensorflow/install.ts';

const lines: string[] = [];
const outcome = await setup(line => lines.push(line), { tfjsNode: process.argv[2] as string });
process.stdout.write(JSON.stringify({ lines, outcome }));
